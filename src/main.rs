//! The `dmmigrate` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    dmmigrate::app::main().into()
}
