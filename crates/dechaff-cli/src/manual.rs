//! What is made of the definition of the arguments: manual pages, and scripts that complete arguments.

use clap::Command;
use clap_complete::{Shell as Generator, generate};
use clap_mangen::Man;

use crate::cli;
use crate::cli::commands::Shell;
use crate::failure::Failure;

/// The script for `shell`.
pub(crate) fn completions(shell: Shell) -> Vec<u8> {
    let generator = match shell {
        Shell::Bash => Generator::Bash,
        Shell::Zsh => Generator::Zsh,
        Shell::Fish => Generator::Fish,
        Shell::Powershell => Generator::PowerShell,
    };
    let mut script = Vec::new();
    generate(generator, &mut cli::unhidden(), "dechaff", &mut script);
    script
}

/// The manual page of the command that `names` lead to, from the tool itself.
pub(crate) fn page(names: &[String]) -> Result<Vec<u8>, Failure> {
    let mut command = cli::unhidden();
    // Gives the commands in it their full names.
    command.build();
    let mut command = &command;
    for name in names {
        command = command.find_subcommand(name).ok_or_else(|| {
            let known: Vec<_> = command.get_subcommands().map(Command::get_name).collect();
            let hint =
                if known.is_empty() { "it has none".to_owned() } else { format!("there are {}", known.join(", ")) };
            Failure::usage(command.get_display_name().unwrap_or("dechaff"), format!("no command '{name}' in it"), hint)
        })?;
    }
    let mut page = Vec::new();
    // Writing to a vector can't fail.
    let _ = Man::new(command.clone()).render(&mut page);
    Ok(page)
}
