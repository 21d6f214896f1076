//! Arguments that change what goes: the user's own rules, and the file that holds arguments.

#![expect(clippy::doc_markdown, reason = "this is help: backticks would show")]

use std::path::PathBuf;

use clap::Args;

/// Under which heading of the help they stand.
pub(super) const HEADING: &str = "Changing what goes";

/// What of the user's own decides.
#[derive(Debug, Default, Args)]
pub(crate) struct Changing {
    /// Remove what SELECTOR picks
    ///
    /// Can be given more than once. A CSS selector: div, #id, .class, [name], [name=value] with ~=, |=, ^=, $= and *=, 'a b', 'a > b', 'a, b', :not(),
    /// :first-child, :nth-child(), :first-of-type and :nth-of-type(). What else there is in CSS asks for what comes after an
    /// element, or for a browser, and is refused. What is picked goes whatever it holds, on all pages, and whatever the
    /// categories are; it stays only where the page without it would be another one. 'dechaff rules try' shows what a selector
    /// picks.
    #[arg(long, value_name = "SELECTOR", help_heading = HEADING, hide_short_help = true)]
    pub(crate) remove: Vec<String>,

    /// Keep what SELECTOR picks, whatever else would cut it
    ///
    /// Can be given more than once. It stays with all that is in it and around it: no rule cuts any of that, not even --remove.
    #[arg(long, value_name = "SELECTOR", help_heading = HEADING, hide_short_help = true)]
    pub(crate) keep: Vec<String>,

    /// Add the rules of FILE, in the format of the built-in ones
    ///
    /// Can be given more than once. The format is TOML; 'dechaff rules show onetrust' shows a file. The key category says what
    /// kind of chaff it is; without it, the rules are in force with any --category. 'dechaff rules test' tries a file's examples.
    #[arg(long, value_name = "FILE", help_heading = HEADING, hide_short_help = true)]
    pub(crate) rules: Vec<PathBuf>,

    /// Remove what a filter list for ad blockers hides
    ///
    /// Can be given more than once. Of a list in the syntax of Adblock Plus or uBlock Origin, the rules that hide elements
    /// (##.promo) count. Those that are for some sites ask for the page's address: see --url. Rules on requests, scripts and
    /// styles, and selectors that only a browser could follow are passed over, and counted on standard error.
    #[arg(long = "filter-list", value_name = "FILE", help_heading = HEADING, hide_short_help = true)]
    pub(crate) filter_lists: Vec<PathBuf>,

    /// Take further arguments from FILE, a TOML file
    ///
    /// Its keys are the long names of the arguments here: category = ["all"], keep = [".promo"], recursive = true, jobs = 2. What
    /// is given as an argument goes before the file; what can be given more than once adds to it, but for --category. Paths in it
    /// begin in the folder it is in. Without this argument no such file is looked for.
    #[arg(long, value_name = "FILE", help_heading = HEADING, hide_short_help = true)]
    pub(crate) config: Option<PathBuf>,
}
