//! From the command line to an exit code.

use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write};

use anyhow::Result;
use clap::Parser as _;

use super::apply::{Talk, apply};
use super::cli::{Cli, ColorChoice, Command, RulesCommand};
use super::exit::Exit;

/// Runs the program: reads the arguments, does what they ask for, and says how it ended.
pub fn main() -> Exit {
    let cli = Cli::parse();
    let mut out = BufWriter::new(io::stdout().lock());
    let mut err = io::stderr().lock();
    let result = run(&cli, &mut out, &mut err).and_then(|exit| {
        out.flush()?;
        Ok(exit)
    });
    match result {
        Ok(exit) => exit,
        // Who reads the output has seen enough.
        Err(error) if is_broken_pipe(&error) => Exit::Done,
        Err(error) => {
            // Where standard error is gone there is nobody left to tell.
            let _ = writeln!(err, "error: {error:#}");
            Exit::Unable
        }
    }
}

fn run(cli: &Cli, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit> {
    let talk = Talk { color: wants_color(cli.color), quiet: cli.quiet, verbose: cli.verbose };
    match &cli.command {
        Command::Apply(args) => apply(args, talk, out, err),
        Command::Rules { command: RulesCommand::List(selection) } => {
            super::rules_command::list(selection, talk, out, err)
        }
        Command::Rules { command: RulesCommand::Show { rule, selection } } => {
            super::rules_command::show(rule, selection, talk, out, err)
        }
    }
}

fn wants_color(choice: ColorChoice) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            let refused = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
            !refused && io::stderr().is_terminal()
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |e: &io::Error| e.kind() == ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(broken))
}
