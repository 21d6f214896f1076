//! What can be done besides cleaning.
//!
//! The commands are hidden from clap's own lists: the short help has no room for them, and the long one tells of them in its
//! own words. Completions and manual pages show them ([`super::unhidden`]).

#![expect(clippy::doc_markdown, reason = "this is help: backticks would show")]

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{CategoryName, texts};

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Clean pages and write their text
    ///
    /// What is seen of a clean page, as UTF-8: an empty line between blocks, a mark before each item of a list, the cells of a row
    /// side by side. It comes out as the page streams by. What a page hides is left out, as far as that can be told without
    /// style sheets and scripts: the attribute hidden, display:none on the element itself, closed dialogs.
    ///
    /// Files in DIR end in .txt. With --jsonl, the text takes the place of the page in its field. Of an archive, the records with
    /// pages become records of type conversion, as in WET files; others than warcinfo are left out. Several pages on standard
    /// output are parted by an empty line.
    #[command(hide = true, after_long_help = texts::TEXT_EXAMPLES)]
    Text(texts::Text),

    /// Clean pages and write them as Markdown
    ///
    /// As 'dechaff text' does, with headings, emphasis, links, images, lists, tables and code in CommonMark with the tables of GitHub. It takes
    /// the whole page, which may have 64 MiB and 512 elements inside each other.
    ///
    /// Files in DIR end in .md.
    #[command(hide = true, after_long_help = texts::MARKDOWN_EXAMPLES)]
    Markdown(texts::Markdown),

    /// Look at the rules, and try your own
    #[command(subcommand, hide = true)]
    Rules(Rules),

    /// Measure how fast files are cleaned here
    ///
    /// Cleans the pages in memory, again and again, in turns with two things to compare with: copying them, and passing them
    /// through lol_html without handlers. MB are 10^6 bytes; speeds are those of the median turn. The peak of memory is by how
    /// much the resident size of a process of its own grows while it cleans all pages once, compiled rules included; it is
    /// measured on Linux only.
    #[command(hide = true)]
    Bench(Bench),

    /// Print a script that completes arguments in a shell
    ///
    /// For bash: dechaff completions bash > ~/.local/share/bash-completion/completions/dechaff
    #[command(hide = true)]
    Completions {
        /// The shell
        #[arg(value_name = "SHELL", value_enum)]
        shell: Shell,
    },

    /// Print the manual page
    ///
    /// For man(1): dechaff man > ~/.local/share/man/man1/dechaff.1
    #[command(hide = true)]
    Man {
        /// The page of this command: rules list
        #[arg(value_name = "COMMAND")]
        command: Vec<String>,
    },
}

/// `dechaff rules`.
#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    /// List the built-in rules: id, category, strength, vendor
    ///
    /// The strength is certain for a vendor's own mark, likely for a word that others use too, and keep for what marks content
    /// that stays.
    List(List),

    /// Show a rule, or all of its file, as it is written
    ///
    /// As TOML, with the file's vendor, source and examples. Saved as a file it can be changed, tried with 'dechaff rules test',
    /// and given with --rules.
    Show {
        /// Its id, as reports have it: onetrust/dialog. The name of the file alone shows all of it: onetrust
        #[arg(value_name = "ID")]
        id: String,
    },

    /// Try the examples of rule files
    ///
    /// Each example is cleaned by the rules of its category, the built-in ones and those of the file, without the evidence of
    /// text. What comes out in another way than it says is shown, and the exit code is 1. A file that names no category and lies
    /// in a folder called as one, as the built-in files do, is of that category.
    Test {
        /// Rule files, in TOML
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },

    /// Show what a selector picks in a page; nothing is cut
    ///
    /// A line for each element: its bytes in the page, its tag, its first words. What --remove would leave for all that has the
    /// reason with it.
    Try {
        /// A CSS selector, as --remove takes it
        #[arg(value_name = "SELECTOR")]
        selector: String,
        /// A page; '-' is standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// `dechaff rules list`.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only those of these categories, comma-separated
    #[arg(long = "category", value_name = "NAMES", value_enum, value_delimiter = ',', default_value = "all")]
    pub(crate) categories: Vec<CategoryName>,

    /// As JSON Lines: id, category, strength, vendor
    #[arg(long)]
    pub(crate) json: bool,
}

/// `dechaff bench`.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// Pages; what is packed with gzip or zstd is unpacked first
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// How long it may take, in seconds
    ///
    /// It may also be over sooner. Large inputs take longer: each of the four things measured has at least one turn.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub(crate) seconds: u32,
}

/// Shells that arguments can be completed in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
}
