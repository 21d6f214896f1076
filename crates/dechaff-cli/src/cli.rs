//! What can be typed, and the help that teaches it.
//!
//! Nothing but clap is used here, so that completions and manual pages can be made from it alone. What the arguments mean is
//! decided in `plan.rs`. [`cleaning`] has those of whatever cleans, with [`changing`] for the user's own rules and [`seeing`] for
//! what is shown; [`pages`] those of what leaves pages as pages, [`texts`] of what makes text of them, [`commands`] all else.

pub(crate) mod changing;
pub(crate) mod cleaning;
pub(crate) mod commands;
pub(crate) mod pages;
pub(crate) mod seeing;
pub(crate) mod texts;

use clap::{CommandFactory, Parser, ValueEnum};

use cleaning::Cleaning;
use commands::Command;
use pages::Pages;

/// Examples come last in the long help, where the eye lands when it has scrolled by.
const EXAMPLES: &str = "\
Examples:
  Clean a page on its way through a pipe:
      curl -s https://example.org/ | dechaff > page.html

  Clean one file into another, or in place:
      dechaff page.html -o clean.html
      dechaff -i page.html

  Clean many files into a directory, each under its own name:
      dechaff site/*.html -o clean/

  Clean all pages of a folder into another one, as they lie there:
      dechaff -r site --output-dir clean

  Clean them in place and keep the originals as FILE.orig:
      dechaff -r site --in-place=.orig

  Clean what another program lists:
      git ls-files -z '*.html' | dechaff -0 --files-from - -i

  Clean a web archive, and pages in JSON Lines:
      dechaff crawl.warc.gz -o clean.warc.gz
      dechaff --jsonl html pages.jsonl.zst -o clean.jsonl.zst

  Cut cookie notices and nothing else:
      dechaff --category cookie-notice page.html

  Cut the comments and the profile links as well:
      dechaff --category all page.html

  Clean pages that came with a wrong or missing charset:
      dechaff --encoding windows-1251 old/*.html -o clean/

  See what would go, and why something stays, without touching a file:
      dechaff -n --explain --stats -r site
      dechaff -n --diff page.html
      dechaff -n --html-report report.html -r site

  Remove something of your own choice, and keep something else:
      dechaff --remove 'aside.promo' --keep '#newsletter-archive' page.html

  Clean with a filter list, on the site the page is from:
      dechaff --filter-list annoyances.txt --url https://example.org/ page.html

  Get the text of a clean page, or Markdown:
      dechaff text page.html
      dechaff markdown -r site --output-dir notes

Commands:
  dechaff text [FILE]...       clean pages and write their text
  dechaff markdown [FILE]...   clean pages and write them as Markdown
  dechaff rules list           list the built-in rules
  dechaff rules show ID        show a rule, or all of its file
  dechaff rules test FILE...   try the examples of rule files
  dechaff rules try SELECTOR FILE
                               show what a selector picks in a page
  dechaff bench FILE...        measure how fast files are cleaned here
  dechaff completions SHELL    print what completes arguments in bash, zsh, fish or powershell
  dechaff man [COMMAND]        print the manual page, or that of a command
  Each has its own --help. A file that is called as a command can be given as './rules'.

Report:
  One JSON object a line, for each input in turn. Offsets are bytes of the page.
  {\"type\":\"cut\",\"data\":{\"input\":..,\"category\":..,\"rule\":..,\"tag\":..,\"start\":..,\"end\":..,\"text\":..}}
      cut      an element that was removed
      decline  an element that a rule picked and that stayed: as a cut, with its reason
      stop     from here on nothing was cut: input, offset, reason
      summary  the end of a page: input, encoding, encoding_evidence, bytes_in, bytes_out,
               cuts, declines
  A page with a known address also has a url in each line. Pages of an archive or of JSON Lines
  have a record, the number of their record or line from 1; those of JSON Lines have a field.
  REPORT.md in the tool's sources describes every field.

Exit status:
  0  all went well, or the reader of standard output went away
  1  some input could not be cleaned; the others were
  2  the arguments make no sense; nothing was done";

/// Cut cookie notices, newsletter blurbs, comment forms and share widgets from HTML
///
/// dechaff reads HTML, cuts the elements that are boilerplate, and writes all else byte for byte as it was. It works as
/// the page streams by: what is decided comes out at once. In doubt an element stays. It is no sanitizer: scripts stay.
#[derive(Debug, Parser)]
#[command(name = "dechaff", version, max_term_width = 100)]
#[command(override_usage = "dechaff [OPTIONS] [FILE]...")]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
#[command(after_help = "More: dechaff --help. Commands: text, markdown, rules, bench, completions, man")]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    #[command(flatten)]
    pub(crate) cleaning: Cleaning,

    #[command(flatten)]
    pub(crate) pages: Pages,
}

impl Cli {
    /// The arguments for cleaning, if that is asked for.
    pub(crate) fn cleaning(&self) -> Option<&Cleaning> {
        match &self.command {
            None => Some(&self.cleaning),
            Some(Command::Text(text)) => Some(&text.cleaning),
            Some(Command::Markdown(markdown)) => Some(&markdown.cleaning),
            Some(_) => None,
        }
    }
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

/// The definition with all commands in sight, for completions and manual pages.
pub(crate) fn unhidden() -> clap::Command {
    Cli::command().mut_subcommands(|command| command.hide(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_holds_together() {
        Cli::command().debug_assert();
        unhidden().debug_assert();
    }
}
