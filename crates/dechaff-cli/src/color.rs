//! When output is coloured, and how.

use std::env;

use anstyle::{AnsiColor, Style};
pub(crate) use clap::ColorChoice;

/// What is wrong, or goes.
pub(crate) const RED: Style = AnsiColor::Red.on_default();
/// What comes in its place.
pub(crate) const GREEN: Style = AnsiColor::Green.on_default();
/// What stays, or deserves a look.
pub(crate) const YELLOW: Style = AnsiColor::Yellow.on_default();
/// Where something is.
pub(crate) const CYAN: Style = AnsiColor::Cyan.on_default();
/// What matters.
pub(crate) const BOLD: Style = Style::new().bold();
/// What matters less.
pub(crate) const DIM: Style = Style::new().dimmed();

/// Whether a stream is coloured that is a terminal or not. `NO_COLOR` (<https://no-color.org>) and a dumb terminal speak
/// against it, the argument over both.
pub(crate) fn is_on(choice: ColorChoice, terminal: bool) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            terminal && !refused && env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    }
}

/// `text` in `style`, if `on`.
pub(crate) fn paint(text: &str, style: Style, on: bool) -> String {
    if on { format!("{style}{text}{style:#}") } else { text.to_owned() }
}
