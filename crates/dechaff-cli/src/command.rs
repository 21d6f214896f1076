//! What can be done besides cleaning: which command does what.

use std::io::{self, ErrorKind, Write};

use crate::cli::cleaning::Cleaning;
use crate::cli::commands::Command;
use crate::cli::pages::Pages;
use crate::cli::texts::{Markdown, Text};
use crate::exit::ExitCode;
use crate::failure::Failure;
use crate::form::Form;
use crate::{bench, manual, rules, run};

/// Runs a command. What it says comes out at once.
pub(crate) fn run(command: &Command) -> ExitCode {
    let done = match command {
        Command::Text(Text { links, hidden, cleaning }) => {
            Ok(clean(cleaning, Form::Text { links: *links, hidden: hidden.hidden }))
        }
        Command::Markdown(Markdown { hidden, cleaning }) => {
            Ok(clean(cleaning, Form::Markdown { hidden: hidden.hidden }))
        }
        Command::Rules(command) => rules::run(command),
        Command::Bench(args) => bench::run(args),
        Command::Completions { shell } => print(manual::completions(*shell)),
        Command::Man { command } => manual::page(command).and_then(|page| print(&page)),
    };
    done.unwrap_or_else(|failure| {
        tell(&failure);
        failure.code()
    })
}

/// Cleans pages, which come out in another form than their own.
fn clean(cleaning: &Cleaning, form: Form) -> ExitCode {
    run::run(cleaning, &Pages::default(), form)
}

/// Writes `text` to standard output. If its reader has seen enough, that is no failure.
pub(crate) fn print(text: impl AsRef<[u8]>) -> Result<ExitCode, Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_ref()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::stdout(&error)),
        _ => Ok(ExitCode::Success),
    }
}

/// Says what went wrong.
pub(crate) fn tell(failure: &Failure) {
    let _ = io::stderr().write_all(failure.text().as_bytes());
}
