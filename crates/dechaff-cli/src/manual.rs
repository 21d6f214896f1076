//! What is made of the definition of the arguments: manual pages, and scripts that complete arguments.

use clap::Command;
use clap_complete::{Shell as Generator, generate};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

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
    // What has no room in the short help has some here.
    let command = command.clone().mut_args(|arg| arg.hide_short_help(false));
    let closing = closing(&command);
    let man = Man::new(command.after_help(None::<&str>).after_long_help(None::<&str>));
    let mut page = Vec::new();
    // Writing to a vector can't fail.
    let _ = man.render(&mut page).and_then(|()| closing.to_writer(&mut page));
    Ok(page)
}

/// What the long help ends with. Lines stay as they are; those that begin at the left and end with a colon are headings.
fn closing(command: &Command) -> Roff {
    let text = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    let mut roff = Roff::new();
    for line in text.lines() {
        match line.strip_suffix(':').filter(|line| !line.starts_with(' ')) {
            Some(heading) => roff.control("SH", [&*heading.to_uppercase()]).control("nf", []),
            None => roff.text([roman(line)]),
        };
    }
    roff
}
