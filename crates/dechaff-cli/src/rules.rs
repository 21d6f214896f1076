//! `dechaff rules`: the built-in rules to look at, one's own to try.

mod attempt;
mod list;
mod show;
mod test;

use crate::cli::commands::Rules;
use crate::command::print;
use crate::exit::ExitCode;
use crate::failure::Failure;

/// Runs the command.
pub(crate) fn run(command: &Rules) -> Result<ExitCode, Failure> {
    match command {
        Rules::List(args) => print(list::list(args)),
        Rules::Show { id } => print(show::show(id)?),
        Rules::Test { files } => test::test(files),
        Rules::Try { selector, file } => attempt::attempt(selector, file),
    }
}
