//! What can be typed, and the help that teaches it.
//!
//! Nothing but clap is used here, so that completions and a man page can be made from this file alone. What the
//! arguments mean is decided in `plan.rs`.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Examples come last in the long help, where the eye lands when it has scrolled by.
const EXAMPLES: &str = "\
Examples:
  Clean a page on its way through a pipe:
      curl -s https://example.org/ | dechaff > page.html

  Clean one file into another, or in place:
      dechaff page.html -o clean.html
      dechaff page.html -o page.html

  Clean many files into a directory, each under its own name:
      dechaff site/*.html -o clean/

  Cut cookie notices and nothing else:
      dechaff --category cookie-notice page.html

  Cut the comments and the profile links as well:
      dechaff --category all page.html

  Clean pages that came with a wrong or missing charset:
      dechaff --encoding windows-1251 old/*.html -o clean/

  See which rule cut what, and why something stayed:
      dechaff --report - page.html > /dev/null

Report:
  One JSON object a line, for each input in turn. Offsets are bytes of the input.
      {\"type\":\"cut\",\"data\":{\"input\":..,\"category\":..,\"rule\":..,\"tag\":..,\"start\":..,\"end\":..}}
      cut      an element that was removed
      decline  an element that a rule picked and that stayed: as a cut, with its reason
      stop     from here on nothing was cut: input, offset, reason
      summary  the end of an input: input, encoding, encoding_evidence, bytes_in, bytes_out, cuts, declines

Exit status:
  0  all went well, or the reader of standard output went away
  1  some input could not be cleaned; the others were
  2  the arguments make no sense; nothing was done";

/// Strip cookie notices, newsletter blurbs, comment forms and share widgets out of HTML
///
/// dechaff reads HTML, cuts the elements that are boilerplate, and writes all else byte for byte as it was. It works as
/// the page streams by: what is decided comes out at once. In doubt an element stays. It is no sanitizer: scripts stay.
#[derive(Debug, Parser)]
#[command(name = "dechaff", version, max_term_width = 100)]
#[command(after_help = "Examples and the report's format: dechaff --help", after_long_help = EXAMPLES)]
pub(crate) struct Cli {
    /// Pages to clean; '-' or none is standard input
    ///
    /// They are cleaned one after another. One that can't be read is named on standard error, and the next one follows.
    /// A file whose name is '-' can be given as './-'.
    #[arg(value_name = "FILE")]
    pub(crate) inputs: Vec<PathBuf>,

    /// Write to OUT: a file, or a directory if it ends in '/'
    ///
    /// Without this, or with '-', all pages go to standard output. A directory that is there is known for one without
    /// the '/'; with it, one that is missing is created. Each page keeps its file name in it. Several pages need a
    /// directory.
    ///
    /// A file appears under its name only when it is whole, so OUT may be the input itself, and after an error an OUT
    /// that was there before is as it was.
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,

    /// Cut exactly these categories, comma-separated
    ///
    /// Can be given more than once; the categories add up.
    #[arg(long = "category", value_name = "NAMES", value_enum, value_delimiter = ',')]
    #[arg(default_value = "cookie-notice,subscription,comment-form,share-widget")]
    pub(crate) categories: Vec<CategoryName>,

    /// Read the pages in this encoding, whatever they say of themselves
    ///
    /// A label of the Encoding Standard: utf-8, windows-1251, gbk, utf-16le and so on. Without this, a byte order
    /// mark counts, then what a page declares in its first 1024 bytes, then a guess. In any encoding, all that stays comes
    /// out byte for byte.
    #[arg(long, value_name = "LABEL")]
    pub(crate) encoding: Option<String>,

    /// Write what was cut and what stayed as JSON Lines to FILE; '-' is standard error
    ///
    /// Standard output carries pages and nothing else, which is why '-' is standard error here. A FILE appears when the
    /// run is over. If standard output fails or its reader goes away before that, there is no report.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
}

/// The names that `--category` takes: those of the library, and one for all of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum CategoryName {
    /// Consent banners and dialogs, their overlays and settings buttons
    CookieNotice,
    /// Newsletter and e-mail sign-ups: forms and boxes
    Subscription,
    /// Forms and prompts to comment, empty mounts of comment systems
    CommentForm,
    /// Share buttons, bars and rows
    ShareWidget,
    /// What readers wrote in comments
    CommentThread,
    /// Rows of links to the site's own profiles ("Follow us on")
    FollowLinks,
    /// "Source link" lines of republished pages
    SourceCredit,
    /// All of the above
    All,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_holds_together() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }
}
