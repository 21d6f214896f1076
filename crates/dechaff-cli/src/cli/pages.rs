//! The arguments of what leaves pages as HTML.

use std::ffi::OsString;

use clap::Args;

/// What can be done with a page that is a page afterwards.
#[derive(Debug, Default, Args)]
pub(crate) struct Pages {
    /// Clean files in place; originals stay under SUFFIX
    ///
    /// With a suffix, the original of FILE is kept as FILESUFFIX: --in-place=.orig keeps page.html as page.html.orig.
    /// A file from which nothing is cut is not touched. The others are replaced when they are whole, with their mode kept.
    /// A suffix needs its equals sign.
    #[arg(short, long, value_name = "SUFFIX", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    #[arg(conflicts_with_all = ["output", "output_dir"], help_heading = "Output")]
    pub(crate) in_place: Option<OsString>,

    /// Show a unified diff of each page instead of the page
    ///
    /// It goes to standard output, pages only to what -o, --output-dir or -i name. 'patch -p0' and 'git apply -p0' take it,
    /// for plain files in any encoding but UTF-16, with names relative to the current directory. On a terminal or in
    /// colours it is for reading: decoded, shortened in very long lines, and with what could act on a terminal spelled out.
    #[arg(long, help_heading = "Seeing what went", hide_short_help = true)]
    pub(crate) diff: bool,
}
