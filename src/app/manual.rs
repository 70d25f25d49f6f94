//! The commands `completions` and `man`. Comes in: the command line's own description. Goes out: a
//! completion script, or manual pages.

use std::io::Write;
use std::path::Path;

use anyhow::{Context as _, Result};
use clap::CommandFactory as _;
use clap_complete::Shell;

use super::cli::Cli;

/// Prints the completion script for `shell`.
///
/// # Errors
/// Where it cannot be printed.
pub fn completions(shell: Shell, out: &mut dyn Write) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "dmmigrate", &mut script);
    out.write_all(&script)?;
    Ok(())
}

/// Prints the manual page, or writes it and those of all commands into a folder.
///
/// # Errors
/// Where they cannot be printed or written.
pub fn man(write: Option<&Path>, out: &mut dyn Write) -> Result<()> {
    if let Some(folder) = write {
        std::fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(Cli::command(), folder))
            .with_context(|| format!("cannot write the manual into {}", folder.display()))?;
        return Ok(());
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    out.write_all(&page)?;
    Ok(())
}
