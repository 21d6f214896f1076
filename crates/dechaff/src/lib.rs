//! dechaff strips boilerplate out of HTML as it streams: cookie notices, newsletter blurbs, comment forms, share widgets.
//! Everything else comes out byte for byte as it went in.
//!
//! - [`Cleaner`] is compiled once and used for any number of pages. [`Cleaner::clean`] takes a page that is in memory.
//! - [`CleanWriter`] cleans a page that comes in chunks, on its way to any [`std::io::Write`].
//! - [`Report`] lists every element that was cut and every one that a rule picked and that stayed, with byte ranges.
//! - [`Category`] is a kind of chaff; four are cut by default.
//!
//! ```
//! let (page, _) = dechaff::clean(b"<p>Text</p><div class=\"sharedaddy\">Share this</div>")?;
//! assert_eq!(page, b"<p>Text</p>");
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! Ids, classes and other attributes speak for a cut, and so does the text of short blocks, in some forty languages: a bare
//! blurb, a heading over a form, an entry of a menu. A sentence that is about such things stays. The rules of such cuts are
//! called `text/block`, `text/heading` and `text/shell`; [`CleanerBuilder::text_evidence`] turns them off.
//!
//! ```
//! let page = b"<p>Stay informed! News by e-mail, every week. Subscribe here.</p><p>Her newsletter has 300 readers.</p>";
//! let (clean, report) = dechaff::clean(page)?;
//! assert_eq!(clean, b"<p>Her newsletter has 300 readers.</p>");
//! assert_eq!(report.cuts[0].rule, "text/block");
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! # How it works
//!
//! One pass. A tokenizer reports where start tags lie; a light model of HTML's tree construction knows what is open and where
//! each element ends; rules pick elements by their start tag, and short blocks are picked for their text; an element that was
//! picked is held back until its end is seen, and dropped only if the page without it parses to the same tree minus that
//! element. In doubt it stays, and the report says why.
//!
//! The page's encoding is found as browsers find it; what is known of it beforehand (a label, a `Content-Type`) can be told:
//! [`Cleaner::page`]. Whatever it is, what stays are the page's own bytes.
//!
//! # Features
//!
//! | feature | adds |
//! |---|---|
//! | `rules` | the user's own rules: selectors to remove and to keep, rule files, filter lists |
//!
//! None is on by default.
//!
//! # What it is not
//!
//! No sanitizer: scripts stay. No article extractor: it does not guess what the main content is. It runs no JavaScript: what a
//! script would insert is not there.

#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod category;
mod cleaner;
mod cut;
mod element;
mod encoding;
mod engine;
mod error;
mod left;
mod page;
mod queue;
mod readings;
mod report;
mod rules;
mod text;
mod tokens;
mod tree;
mod verdict;
mod writer;

pub use category::Category;
pub use cleaner::{Cleaner, CleanerBuilder};
pub use encoding::{EncodingEvidence, PageEncoding};
pub use error::{Error, ErrorKind};
pub use page::PageCleaner;
pub use report::{Cut, Decline, DeclineReason, Report, Stop};
pub use rules::RuleId;
#[cfg(feature = "rules")]
#[cfg_attr(docsrs, doc(cfg(feature = "rules")))]
pub use rules::{FileRule, FilterList, RuleExample, RuleFile, SkippedFilters, selector::Selector};
pub use writer::CleanWriter;

/// Cleans a page with the default categories: gives the bytes that stay and the report.
///
/// Compiles the rules on each call. For more than one page, build a [`Cleaner`].
///
/// # Errors
///
/// [`ErrorKind::Memory`] if a tag is too large.
pub fn clean(page: &[u8]) -> Result<(Vec<u8>, Report), Error> {
    Cleaner::new().clean(page)
}

/// Runs the README's examples as tests.
#[cfg(all(doctest, feature = "rules"))]
#[doc = include_str!("../../../README.md")]
struct Readme;
