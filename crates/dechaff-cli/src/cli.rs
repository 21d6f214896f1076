//! What can be typed, and the help that teaches it.
//!
//! Nothing but clap is used here, so that completions and manual pages can be made from it alone. What the arguments mean is
//! decided in `plan.rs`. [`changing`] has those for the user's own rules, [`commands`] what can be done besides cleaning.

pub(crate) mod changing;
pub(crate) mod commands;

pub(crate) mod seeing;

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{CommandFactory, Parser, ValueEnum};

use changing::Changing;
use commands::Command;

use seeing::Seeing;

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

Commands:
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
#[command(after_help = "More, with examples: dechaff --help. Commands: rules, bench, completions, man")]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// Pages to clean; '-' or none is standard input
    ///
    /// One that can't be read is named on standard error, and the next one follows. A file whose name is '-' can be given
    /// as './-'.
    ///
    /// What is compressed with gzip or zstd is unpacked, and packed again on its way out; so is standard input. WARC
    /// archives, compressed or not, are cleaned record by record: HTML in responses and resources, in chunks and in gzip,
    /// too, with lengths and digests put right. All other records stay byte for byte. Those that can't be cleaned stay as
    /// well, with a message: what is broken, compressed in another way, or longer than 64 MiB. What begins like something
    /// else than HTML, such as a PDF, comes out as it is, and counts as a failure. All this goes by the first bytes, not by
    /// the name.
    #[arg(value_name = "FILE", help_heading = "Input", hide_short_help = true)]
    pub(crate) inputs: Vec<PathBuf>,

    /// Clean the pages in folders, and in those below
    ///
    /// Taken are files that end in .html, .htm, .xhtml or .shtml, also with .gz or .zst after it, in .warc or .warc.gz, and
    /// with --jsonl those in .jsonl, .jsonl.gz and .jsonl.zst. Names that begin with a dot are left out, and symbolic links
    /// are not followed. The order is that of the names.
    #[arg(short, long, help_heading = "Input")]
    pub(crate) recursive: bool,

    /// Clean the files that LIST names, one a line; '-' is standard input
    ///
    /// They come after those named as arguments. Each is a file, or with -r a folder. A name need not be UTF-8.
    #[arg(long, value_name = "LIST", help_heading = "Input", hide_short_help = true)]
    pub(crate) files_from: Option<PathBuf>,

    /// In LIST, names end with a NUL byte, as 'find -print0' writes them
    #[arg(short = '0', long, requires = "files_from", help_heading = "Input", hide_short_help = true)]
    pub(crate) null: bool,

    /// Clean JSON Lines: the page in FIELD of each line
    ///
    /// Can be given more than once. A dot leads into an object: page.html. All else in a line stays byte for byte, its
    /// escapes as well. A line that is no JSON, has no such field, or has no text in it comes out as it is, with a message,
    /// and counts as a failure; one with null in it only comes out as it is. If a line has a field "url", that is the
    /// page's address in the report. Inputs with the name of a page (.html and so on) are still pages, and archives
    /// archives.
    #[arg(long = "jsonl", value_name = "FIELD", help_heading = "Input", hide_short_help = true)]
    pub(crate) fields: Vec<String>,

    /// Read the pages in this encoding, whatever they say of themselves
    ///
    /// A label of the Encoding Standard: utf-8, windows-1251, gbk, utf-16le and so on. Without this, a byte order
    /// mark counts, then the Content-Type in an archive, then what a page declares in its first 1024 bytes, then a guess.
    /// In any encoding, all that stays comes out byte for byte. Pages in JSON Lines are text already: there it does not
    /// count.
    #[arg(long, value_name = "LABEL", help_heading = "Input", hide_short_help = true)]
    pub(crate) encoding: Option<String>,

    /// The address of the page, for rules of some sites, and for the report
    ///
    /// Rules of filter lists may be for some sites only. Pages of an archive or of JSON Lines have their own.
    #[arg(long, value_name = "URL", help_heading = "Input", hide_short_help = true)]
    pub(crate) url: Option<String>,

    /// Write to OUT: a file, or a folder if it ends in '/'
    ///
    /// Without this, or with '-', all pages go to standard output. A directory that is there is known for one without
    /// the '/'; with it, one that is missing is created. Each page keeps its file name in it. Several pages need a
    /// directory.
    ///
    /// A file appears under its name only when it is whole, so OUT may be the input itself, and after an error an OUT
    /// that was there before is as it was.
    #[arg(short, long, value_name = "OUT", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// Write files into DIR, in the folders they lie in
    ///
    /// What is in a folder that was named lies in DIR as it does in the folder; a file that was named, in folders of the
    /// names in its path. Folders that are missing are created. DIR may be in the folder: it is left out.
    #[arg(long, value_name = "DIR", conflicts_with = "output", help_heading = "Output", hide_short_help = true)]
    pub(crate) output_dir: Option<PathBuf>,

    /// Clean files in place; originals stay under SUFFIX
    ///
    /// With a suffix, the original of FILE is kept as FILESUFFIX: --in-place=.orig keeps page.html as page.html.orig.
    /// A file from which nothing is cut is not touched. The others are replaced when they are whole, with their mode kept.
    /// A suffix needs its equals sign.
    #[arg(short, long, value_name = "SUFFIX", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    #[arg(conflicts_with_all = ["output", "output_dir"], help_heading = "Output")]
    pub(crate) in_place: Option<OsString>,

    /// Write what was cut and what stayed to FILE
    ///
    /// As JSON Lines. '-' is standard error: standard output carries pages and nothing else. With --dry-run it carries none,
    /// and '-' is standard output. A FILE appears when the
    /// run is over. If standard output fails or its reader goes away before that, there is no report.
    ///
    /// This, --explain, --stats, --diff and --html-report need the bytes of a page after it was cleaned: with one of them, up
    /// to 256 MB of each page that is worked on are kept in memory.
    #[arg(long, value_name = "FILE", help_heading = "Output", hide_short_help = true)]
    pub(crate) report: Option<PathBuf>,

    /// Cut exactly these
    ///
    /// Names are separated by commas. Can be given more than once; the categories add up. Without this, they are cookie-notice, subscription, comment-form
    /// and share-widget.
    #[arg(long = "category", value_name = "NAMES", value_enum, value_delimiter = ',', hide_default_value = true)]
    #[arg(default_value = "cookie-notice,subscription,comment-form,share-widget", help_heading = changing::HEADING)]
    pub(crate) categories: Vec<CategoryName>,

    #[command(flatten)]
    pub(crate) changing: Changing,

    /// Say nothing but what went wrong
    ///
    /// No progress, which is else shown on a terminal when a run takes long, no word on what a filter list holds or a folder
    /// does not.
    #[arg(short, long, help_heading = "Output", hide_short_help = true)]
    pub(crate) quiet: bool,

    /// Work on N inputs, records or lines at a time; as many as there are cores if not given
    ///
    /// What comes out does not depend on it, nor does its order. More than 256 count as 256.
    #[arg(short, long, value_name = "N", hide_short_help = true)]
    pub(crate) jobs: Option<NonZeroUsize>,

    #[command(flatten)]
    pub(crate) seeing: Seeing,
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
