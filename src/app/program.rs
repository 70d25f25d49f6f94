//! From the command line to an exit code.

use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write};

use anyhow::Result;
use clap::Parser as _;

use super::apply::{Talk, apply, say_diagnostics};
use super::assess::assess;
use super::check::check;
use super::cli::{Cli, ColorChoice, Command, RulesCommand, Selection};
use super::config::{Asked, CONFIG, LoadedRules, load};
use super::dependencies::dependencies;
use super::exit::Exit;
use super::explain::explain;
use super::manual::{completions, man};
use super::root::find_root;
use super::rules_check;
use super::rules_command;
use super::rules_new::new;
use super::schema::schema;
use super::test_command::test;
use super::types_command::types;
use super::undo_command::{log_command, undo_command};
use super::verify::verify;

/// Runs the program: reads the arguments, does what they ask for, and says how it ended.
pub fn main() -> Exit {
    let cli = Cli::parse();
    let mut out = BufWriter::new(io::stdout());
    // Not locked: progress is written meanwhile.
    let mut err = io::stderr();
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

fn run(cli: &Cli, out: &mut (dyn Write + Send), err: &mut dyn Write) -> Result<Exit> {
    let talk = Talk {
        color: wants_color(cli.color, io::stderr().is_terminal()),
        quiet: cli.quiet,
        verbose: cli.verbose,
        progress: io::stderr().is_terminal() && !cli.quiet,
    };
    // What these commands have to say is their product, and goes to standard output.
    let on_stdout =
        |talk: Talk| Talk { color: wants_color(cli.color, io::stdout().is_terminal()), ..talk };
    match &cli.command {
        Command::Apply(args) => apply(args, talk, out, err),
        Command::Assess(args) => assess(args, talk, out, err),
        Command::Check(args) => check(args, talk, out, err),
        Command::Completions { shell } => completions(*shell, out).map(|()| Exit::Done),
        Command::Man { write } => man(write.as_deref(), out).map(|()| Exit::Done),
        Command::Explain(args) => explain(args, on_stdout(talk), out, err),
        Command::Verify(args) => verify(args, talk, out, err),
        Command::Types(args) => types(args, talk, out, err),
        Command::Test { packs, update } => test(packs, *update, on_stdout(talk), out, err),
        Command::Undo(args) => undo_command(args, talk, err),
        Command::Log => log_command(talk, out, err),
        Command::Rules { command: RulesCommand::List(selection) } => {
            rules_list(selection, talk, out, err)
        }
        Command::Rules { command: RulesCommand::New(args) } => new(args, talk, out, err),
        Command::Rules { command: RulesCommand::Schema { kind, write } } => {
            schema(*kind, write.as_deref(), out).map(|()| Exit::Done)
        }
        Command::Rules { command: RulesCommand::Check { packs } } => {
            rules_check::check(packs, talk, out, err)
        }
        Command::Rules { command: RulesCommand::Show { rule, selection } } => {
            rules_show(rule, selection, talk, out, err)
        }
    }
}

/// The rules that are in force here; without any, all built-in ones.
fn loaded(selection: &Selection) -> Result<LoadedRules> {
    let here = std::env::current_dir()?;
    let root = find_root(&here)?;
    let mut request = selection.request(&here);
    let has_config = root.folder.join(CONFIG).is_file();
    if request.sources.is_empty() && !has_config {
        let all = super::packs::built_in_names().map(|name| Asked::Pack(name.to_string()));
        request.sources = all.collect();
    }
    Ok(load(&root.folder, &request, &|| dependencies(&root, &[])))
}

fn rules_list(
    selection: &Selection,
    talk: Talk,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let loaded = loaded(selection)?;
    let usable = say_diagnostics(&loaded, talk, err)?;
    out.write_all(rules_command::list(&loaded.compiled).as_bytes())?;
    Ok(if usable { Exit::Done } else { Exit::Unable })
}

fn rules_show(
    rule: &str,
    selection: &Selection,
    talk: Talk,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let loaded = loaded(selection)?;
    let usable = say_diagnostics(&loaded, talk, err)?;
    match rules_command::show(&loaded, rule) {
        Ok(text) => out.write_all(text.as_bytes())?,
        Err(message) => anyhow::bail!(message),
    }
    Ok(if usable { Exit::Done } else { Exit::Unable })
}

fn wants_color(choice: ColorChoice, is_terminal: bool) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            let refused = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
            !refused && is_terminal
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |e: &io::Error| e.kind() == ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(broken))
}
