//! Rules: what a pack says, and what it compiles to. Knows Go, but no files and no terminal.

mod metavariable;
mod pattern;
