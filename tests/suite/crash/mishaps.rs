//! What can go wrong with a file.
