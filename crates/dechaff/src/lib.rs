//! dechaff strips boilerplate out of HTML as it streams: cookie notices, newsletter blurbs, comment forms, share widgets.
//! Everything else comes out byte for byte as it went in.
//!
//! ```
//! let page = b"<p>Rye is up.</p><div class='sharedaddy'>Share this</div>";
//! let (clean, report) = dechaff::clean(page)?;
//! assert_eq!(clean, b"<p>Rye is up.</p>");
//! assert_eq!(report.cuts[0].rule, "jetpack-sharing/sharedaddy");
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! # Where to go
//!
//! [`Cleaner`] holds the compiled rules. Build one, keep it, and give it pages, from as many threads as you like. How a page comes
//! to you says what to call:
//!
//! | a page is | call | and get |
//! |---|---|---|
//! | bytes in memory | [`Cleaner::clean`] | the bytes that stay, and a [`Report`] |
//! | text in memory | [`Cleaner::clean_str`] | the text that stays, and a [`Report`] |
//! | chunks that you have in your hands, or on the way to a [`Write`](std::io::Write) | [`Cleaner::writer`] | a [`CleanWriter`] |
//! | drawn from a [`Read`](std::io::Read): a file, a socket, a decoder | [`Cleaner::reader`] | a [`CleanReader`] |
//! | a `Stream` of chunks, such as that of an HTTP client | `Cleaner::stream` | a `CleanStream` |
//! | a tokio `AsyncRead`, or on the way to an `AsyncWrite` | `Cleaner::async_reader`, `async_writer` | an `AsyncCleanReader`, an `AsyncCleanWriter` |
//! | the body of an HTTP message | `Cleaner::body` | a `CleanBody` |
//! | the response of a service: axum, hyper, a client | `CleanLayer::new` | a `CleanLayer` |
//!
//! If more is known of a page than its bytes (its `Content-Type`, its encoding, its address), say it first: [`Cleaner::page`] has
//! the same calls. The lower half of the table is behind [features](#features).
//!
//! - The [`guide`] tells how it decides, what it never cuts, when bytes come out, what the limits are, and what to do when too
//!   much or too little goes.
//! - The [`cookbook`] has short programs to copy.
//! - [`Category`] says what kinds of chaff there are. Four of the seven are cut by default; an eighth is what the user's own rules cut.
//! - [`CleanerBuilder`] has every setting, with its default.
//!
//! # A page in chunks
//!
//! What is decided comes out; what is not is held until it is, mostly by the next start tag. Without [`CleanWriter::finish`] the end
//! of the page is missing.
//!
//! ```
//! use std::io::Write;
//!
//! use dechaff::{Category, Cleaner};
//!
//! let cleaner = Cleaner::builder().categories([Category::CookieNotice, Category::ShareWidget]).build();
//! let mut writer = cleaner.writer(Vec::new());
//! for chunk in ["<p>Rye is up.</p><div class='shared", "addy'>Share this</div><p>So is", " spelt.</p>"] {
//!     writer.write_all(chunk.as_bytes())?;
//! }
//! let (clean, report) = writer.finish()?;
//! assert_eq!(clean, b"<p>Rye is up.</p><p>So is spelt.</p>");
//! assert_eq!(report.count(Category::ShareWidget), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Text that speaks for itself
//!
//! Ids, classes and other attributes speak for a cut, and so does the text of short blocks, in some forty languages: a bare
//! blurb, a heading over a form, an entry of a menu. A sentence that is about such things stays. The rules of such cuts are
//! called `text/block`, `text/heading` and `text/shell`; [`CleanerBuilder::text_evidence`] turns them off.
//!
//! ```
//! let page = "<p>Stay informed! News by e-mail, every week. Subscribe here.</p><p>Her newsletter has 300 readers.</p>";
//! let (clean, report) = dechaff::clean_str(page)?;
//! assert_eq!(clean, "<p>Her newsletter has 300 readers.</p>");
//! assert_eq!(report.cuts[0].rule, "text/block");
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! # How it works
//!
//! One pass. A tokenizer reports where start tags lie; a light model of HTML's tree construction knows what is open and where
//! each element ends; rules pick elements by their start tag, and short blocks are picked for their text; an element that was
//! picked is held back until its end is seen, and dropped only if the page without it parses to the same tree minus that
//! element. In doubt it stays, and the report says why. [More on that](guide#how-it-decides).
//!
//! The page's encoding is found as browsers find it; what is known of it beforehand (a label, a `Content-Type`) can be told:
//! [`Cleaner::page`]. Whatever it is, what stays are the page's own bytes.
//!
//! # Features
//!
//! | feature | adds |
//! |---|---|
//! | `rules` | the user's own rules: selectors to remove and to keep, rule files, filter lists: `Selector`, `RuleFile`, `FilterList` |
//! | `futures` | streams of chunks: `CleanStream` |
//! | `tokio` | `AsyncCleanReader` and `AsyncCleanWriter` |
//! | `http-body` | bodies of messages: `CleanBody` |
//! | `tower` | responses of any service: `CleanLayer`; turns `http-body` on |
//!
//! None is on by default. They are turned on where the dependency is named:
//!
//! ```toml
//! [dependencies]
//! dechaff = { version = "0.1", features = ["futures", "rules"] }
//! ```
//!
//! # What it is not
//!
//! No sanitizer: scripts stay. No article extractor: it does not guess what the main content is. It runs no JavaScript: what a
//! script would insert is not there.
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "tokio")]
mod async_reader;
#[cfg(feature = "tokio")]
mod async_writer;
#[cfg(feature = "http-body")]
mod body;
mod category;
mod cleaner;
pub mod cookbook;
mod cut;
mod element;
mod encoding;
mod engine;
mod error;
pub mod guide;
#[cfg(feature = "tower")]
mod headers;
#[cfg(feature = "tower")]
mod layer;
mod left;
mod observer;
#[cfg(any(feature = "futures", feature = "http-body"))]
mod outcome;
mod page;
mod passage;
mod queue;
mod reader;
mod readings;
#[cfg(any(feature = "futures", feature = "http-body"))]
mod relay;
mod report;
mod rules;
mod source;
#[cfg(feature = "futures")]
mod stream;
mod text;
mod tokens;
mod tree;
mod verdict;
mod writer;

#[cfg(feature = "tokio")]
pub use async_reader::AsyncCleanReader;
#[cfg(feature = "tokio")]
pub use async_writer::AsyncCleanWriter;
#[cfg(feature = "http-body")]
pub use body::CleanBody;
pub use category::Category;
pub use cleaner::{Cleaner, CleanerBuilder};
pub use encoding::{EncodingEvidence, PageEncoding};
pub use error::{Error, ErrorKind};
#[cfg(feature = "tower")]
pub use layer::{CleanLayer, CleanResponse, CleanService};
pub use observer::Decision;
#[cfg(any(feature = "futures", feature = "http-body"))]
pub use outcome::Outcome;
pub use page::PageCleaner;
pub use reader::CleanReader;
pub use report::{Cut, Decline, DeclineReason, Report, Stop};
pub use rules::RuleId;
#[cfg(feature = "rules")]
#[cfg_attr(docsrs, doc(cfg(feature = "rules")))]
pub use rules::{FileRule, FilterList, RuleExample, RuleFile, SkippedFilters, selector::Selector};
#[cfg(feature = "futures")]
pub use stream::CleanStream;
pub use writer::CleanWriter;

/// Cleans a page with the default categories: gives the bytes that stay and the report.
///
/// Compiles the rules on each call. For more than one page, build a [`Cleaner`].
///
/// # Errors
///
/// Those of [`Cleaner::clean`].
pub fn clean(page: &[u8]) -> Result<(Vec<u8>, Report), Error> {
    Cleaner::new().clean(page)
}

/// Cleans a page that is text with the default categories: gives the text that stays and the report. It is UTF-8, whatever it
/// says of itself.
///
/// Compiles the rules on each call. For more than one page, build a [`Cleaner`].
///
/// # Errors
///
/// Those of [`Cleaner::clean_str`].
pub fn clean_str(page: &str) -> Result<(String, Report), Error> {
    Cleaner::new().clean_str(page)
}

/// Runs the README's examples as tests.
#[cfg(all(doctest, feature = "rules"))]
#[doc = include_str!("../../../README.md")]
struct Readme;
