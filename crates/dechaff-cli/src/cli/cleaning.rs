//! The arguments of whatever cleans: where pages come from and go to, and what is cut.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use super::CategoryName;
use super::changing::{self, Changing};
use super::seeing::Seeing;

/// What to clean and how.
#[derive(Debug, Args)]
pub(crate) struct Cleaning {
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
