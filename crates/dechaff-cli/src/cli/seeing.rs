//! The arguments that show what goes and why.

use std::path::PathBuf;

use clap::{Args, ColorChoice};

/// What to show of each page, besides the page.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Seeing what went")]
pub(crate) struct Seeing {
    /// Write no page and touch no file: only show what is asked for
    ///
    /// What --explain, --stats, --diff and the reports say is written; what would go to standard error of it goes to
    /// standard output, which has no page to carry. Inputs are read to their end, and the exit code is the usual one.
    #[arg(short = 'n', long, hide_short_help = true)]
    pub(crate) dry_run: bool,

    /// Say on standard error what was cut, what was kept, and why
    ///
    /// One line each: the file, in archives and JSON Lines with the number of the record or line, and the field; whether it
    /// was 'cut' or 'kept' (what the report calls a decline); its category, rule and tag; its bytes in the page; why it was
    /// kept; and the first words of its text. What could act on a terminal is spelled out.
    #[arg(long)]
    pub(crate) explain: bool,

    /// Say in the end how much was cut, by category and rule
    ///
    /// A table over all inputs, on standard error: how many elements went, their bytes and words, and how many stayed.
    /// Words are what stands between spaces.
    #[arg(long, hide_short_help = true)]
    pub(crate) stats: bool,

    /// Write a report to look at in a browser to FILE
    ///
    /// One page of HTML that needs nothing else: the text and markup of each page with all that was cut and kept
    /// highlighted, totals, and filters by category and rule. Of up to 20 files, pages of up to 1 MB are shown whole; of
    /// longer ones, of more files, and of archives and JSON Lines, what is around the cuts.
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) html_report: Option<PathBuf>,

    /// When to use colours
    ///
    /// With 'auto', on a terminal, unless the variable `NO_COLOR` is set there.
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto", hide_short_help = true)]
    pub(crate) color: ColorChoice,
}
