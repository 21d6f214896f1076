//! What the benchmarks measure, and what becomes of the figures.
//!
//! ```text
//! sets of pages ──┐
//!                 ├──► turns, or criterion ──► results (files in target) ──► table, picture
//! cases ──────────┘
//! ```
//!
//! A [`Set`] is one or more pages, a [`Case`] something that is done with a page. One MB is 10^6 bytes everywhere.

use std::error::Error;
use std::process::ExitCode;

pub mod bulk;
pub mod cleaners;
pub mod estimates;
pub mod floors;
pub mod generate;
#[cfg(feature = "peers")]
pub mod parsers;
pub mod random;
pub mod results;
pub mod rewriters;
pub mod selectors;
pub mod sets;
pub mod svg;
pub mod table;
pub mod turns;

pub use sets::Set;

/// What can go wrong ends the program, with a message.
pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What the program called `name` ends with; prints what went wrong.
#[must_use]
pub fn exit(name: &str, result: Result<()>) -> ExitCode {
    result.map_or_else(
        |error| {
            eprintln!("{name}: {error}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

/// Pages come in chunks of this many bytes, where nothing else is said.
pub const CHUNK: usize = 64 * 1024;

type Run = dyn Fn(&[u8], &mut Vec<u8>) -> Result<()>;

/// Something that is done with a page.
pub struct Case {
    /// A short name without spaces.
    pub name: &'static str,
    run: Box<Run>,
}

impl Case {
    /// What the others are compared with: `lol_html` and one handler on every element that does nothing.
    pub const REFERENCE: &str = "lol_html-star";

    fn new(name: &'static str, run: impl Fn(&[u8], &mut Vec<u8>) -> Result<()> + 'static) -> Self {
        Self { name, run: Box::new(run) }
    }

    /// Does it once with `page`, from a fresh start: what is made for each page in practice is made here, and counts. What
    /// comes out is appended to `out`, so that it can have its room before the clock runs.
    ///
    /// # Errors
    ///
    /// The page can't be read by this case.
    pub fn run(&self, page: &[u8], out: &mut Vec<u8>) -> Result<()> {
        (self.run)(page, out)
    }

    /// What is to be known of a case, in a few words for a table.
    #[must_use]
    pub fn label(name: &str) -> &str {
        LABELS.iter().find(|(case, _)| *case == name).map_or(name, |(_, label)| label)
    }
}

/// The names of all cases, and what tables and pictures say for them.
pub const LABELS: [(&str, &str); 10] = [
    ("memcpy", "memcpy: the page, copied"),
    ("memchr", "memchr: every < is found"),
    ("lol_html", "lol_html, no handlers"),
    (Case::REFERENCE, "lol_html, one handler that does nothing"),
    ("lol_html-remove", "lol_html, 30 selectors removed"),
    ("dechaff-tags", "dechaff, start tags alone"),
    ("dechaff", "dechaff, default categories"),
    ("dechaff-all", "dechaff, all categories"),
    ("html5ever", "html5ever, parsed and written again"),
    ("dom_query", "dom_query, 30 selectors removed"),
];

/// What every comparison has in it, from the cases that do the least:
///
/// - Copying is what any filter must do, and counting `<` what any reader of HTML must do.
/// - `lol_html` without handlers finds tags and passes them on.
/// - `lol_html` with one handler for all elements that does nothing tells of each element, which is where a filter could begin.
/// - dechaff by start tags alone shows what text evidence costs.
#[must_use]
pub fn cases() -> Vec<Case> {
    let mut cases = vec![floors::copy(), floors::scan(), rewriters::pass_through(), rewriters::one_handler()];
    cases.extend(cleaners::Mode::ALL.map(|mode| mode.case(CHUNK)));
    cases
}

/// The same and those that take out chaff, or could, in ways of their own.
#[cfg(feature = "peers")]
#[must_use]
pub fn cases_and_peers() -> Vec<Case> {
    let mut cases = cases();
    cases.extend([rewriters::removal(), parsers::html5ever(), parsers::dom_query()]);
    cases
}
