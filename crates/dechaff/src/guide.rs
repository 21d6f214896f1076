//! How dechaff decides, and how to make it decide otherwise. There is nothing in this module but text.
//!
//! - [How it decides](#how-it-decides)
//! - [What it never cuts](#what-it-never-cuts)
//! - [Tuning](#tuning)
//! - [Streaming](#streaming)
//! - [Errors](#errors)
//! - [Encodings](#encodings)
//! - [Limits](#limits)
//! - [The report and the observer](#the-report-and-the-observer)
//! - [Too much went, or too little](#too-much-went-or-too-little)
//!
//! # How it decides
//!
//! One pass over the bytes. For each start tag an index is asked which rules pick the element. One that is picked is held back
//! until its end is seen; what is in it speaks for the rule or against it. Then it goes as a whole, or stays as a whole. A block
//! that no rule picks is followed, too, as long as it is short, for its text.
//!
//! ## Three strengths of evidence
//!
//! 1. **A vendor's mark** is enough. `id="onetrust-consent-sdk"` is what one consent manager writes, and nobody else.
//! 2. **A generic word** in a class or id needs more: a field for an e-mail address, a share link, a button, a sentence that
//!    invites. `newsletter` alone says little: it can be the name of an archive.
//! 3. **The text of a short block** without a telling class is looked up among cues of some forty languages. One phrase that can
//!    mean nothing else is enough; otherwise cues of different kinds must come together.
//!
//! ```
//! let cleaner = dechaff::Cleaner::new();
//! let rule = |page: &str| Ok::<_, dechaff::Error>(cleaner.clean_str(page)?.1.cuts.first().map(|cut| cut.rule.to_string()));
//!
//! // A mark, whatever the text says.
//! assert_eq!(rule("<div id=onetrust-consent-sdk>Hi!</div>")?.as_deref(), Some("onetrust/dialog"));
//! // A word: with an invitation, and with an issue of the newsletter itself.
//! assert_eq!(rule("<div class=newsletter-box>Subscribe!</div>")?.as_deref(), Some("newsletter-words/pair-and-text"));
//! assert_eq!(rule("<div class=newsletter-box>Issue 31: rye is up.</div>")?, None);
//! // Text alone.
//! assert_eq!(rule("<p>Get our newsletter. Subscribe now!</p>")?.as_deref(), Some("text/block"));
//! assert_eq!(rule("<p>Her newsletter has 300 readers.</p>")?, None);
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! ## Guards
//!
//! A rule that picks an element can still be overruled: by what the element is (`main`), by what it holds (an `h1`, code, a
//! quotation), by its size in words and links, by the page (a forum's comments are its content). The element stays then, and the
//! report has a [`Decline`](crate::Decline) with the [reason](crate::DeclineReason).
//!
//! ## Boundaries
//!
//! HTML leaves out end tags, and browsers mend what is misnested. dechaff follows which elements are open, as a browser would, and
//! cuts from the `<` of a start tag to where the element really ends. If the page without it would parse to anything else than
//! the same tree minus that element, it stays.
//!
//! ```
//! let cleaner = dechaff::Cleaner::new();
//! // The first paragraph ends where the second begins.
//! assert_eq!(cleaner.clean_str("<div>a<p class=sharedaddy>b<p>c</div>d")?.0, "<div>a<p>c</div>d");
//!
//! // Without the box, "&am" and "p;" would become an ampersand.
//! let page = "R&am<div class=sharedaddy>Share</div>p;D";
//! let (clean, report) = cleaner.clean_str(page)?;
//! assert_eq!(clean, page);
//! assert_eq!(report.declines[0].reason, dechaff::DeclineReason::JoinedText);
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! # What it never cuts
//!
//! - `html`, `head`, `body`, `main`, `article` and `role=main`, and what holds an `h1`, a `main` or an `article`. Only lists of comments
//!   may hold articles: they are often made of them.
//! - What carries a word as a state, an icon or a topic: `no-share`, `has-comments`, `fa-share`, `tag-newsletter`.
//! - What holds a `pre`, `code` or `blockquote`, or stands in one, if only words speak for the cut.
//! - Threads of forums and question pages, whatever the categories; and comments with fewer than 200 words of prose before them.
//! - A part of a block. A sentence in a longer paragraph stays, and a heading with content under it.
//! - In the main flow of a page whose title or `h1` is about such things, what only its text speaks for.
//! - Forms with a field for a password, by what they say.
//! - What has more words or links than its rule allows, and what can't go without a change to something else.
//!
//! ```
//! let cleaner = dechaff::Cleaner::builder().categories(dechaff::Category::ALL).build();
//! for page in [
//!     "<body class='single cookie-notice newsletter-popup'><p>Rye is up.</p>",
//!     "<section class=newsletter-signup><h1>Why we write letters</h1><p>Subscribe to no list.</p></section>",
//!     "<p>Officials urged people to subscribe to the text alerts of the county before the next storm.</p>",
//!     "<form>Subscribe to our newsletter! <input type=email><input type=password><button>Go</button></form>",
//! ] {
//!     assert_eq!(cleaner.clean_str(page)?.0, page);
//! }
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! What the user's own selectors remove is not asked about any of this but the last point.
//!
//! # Tuning
//!
//! [`Category`](crate::Category) is the coarsest setting: [`CleanerBuilder::categories`](crate::CleanerBuilder::categories) says
//! exactly which ones are cut. [`Category::ALL`](crate::Category::ALL) adds readers' comments, rows of profile links and source
//! lines. With [`text_evidence(false)`](crate::CleanerBuilder::text_evidence) only start tags can bring a cut about: fewer are
//! made, and it is faster.
//!
//! ```
//! use dechaff::{Category, Cleaner};
//!
//! let page = "<p>Get our newsletter. Subscribe now!</p><div class=sharedaddy>Share</div><p>Rye is up.</p>";
//! let no_sharing = Cleaner::builder().categories([Category::ShareWidget]).build();
//! assert_eq!(no_sharing.clean_str(page)?.0, "<p>Get our newsletter. Subscribe now!</p><p>Rye is up.</p>");
//! let by_tags = Cleaner::builder().text_evidence(false).build();
//! assert_eq!(by_tags.clean_str(page)?.0, no_sharing.clean_str(page)?.0);
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! The feature `rules` adds rules of the user's own, from the plainest to the most exact:
//!
//! - `Selector`s to `remove` go without the guards: who names an element wants it gone. They can't say `:has()` and the like,
//!   since a start tag can't tell.
//! - `Selector`s to `keep` win over everything: nothing in, or around, what they pick is cut.
//! - A `FilterList` of an ad blocker removes what the list hides. Rules for some sites ask for
//!   [the page's address](crate::PageCleaner::url).
//! - A `RuleFile` has conditions as the built-in rules do: what must be in it, how many words at most. Its rules come before the
//!   built-in ones, its `[[keep]]` marks protect content, and the guards hold.
//!
//! The order is: what is kept, then the user's selectors and lists, then the user's files, then built-in marks, words and text.
//!
//! ```
//! # #[cfg(feature = "rules")] {
//! use dechaff::Cleaner;
//!
//! let cleaner = Cleaner::builder().remove("aside.promo".parse()?).keep("#letters".parse()?).build();
//! let page = "<aside class=promo>Mugs</aside><div id=letters><form class=newsletter-form>Subscribe <input type=email></form></div>";
//! let (clean, report) = cleaner.clean_str(page)?;
//! assert_eq!(clean, "<div id=letters><form class=newsletter-form>Subscribe <input type=email></form></div>");
//! assert_eq!(report.cuts[0].rule, "remove/aside.promo");
//! assert_eq!(report.declines[0].reason, dechaff::DeclineReason::Protected);
//! # }
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! # Streaming
//!
//! **Chunks** may be of any size, and end anywhere: within a tag, a character, an escape. Output and report are the same for all of
//! them.
//!
//! **When bytes come out.** What no rule picks comes out as soon as the next start tag after it is there as a whole: until then, a short
//! block can still be followed by what decides about it. An element that was picked is held until its end, or until a bound is passed.
//! A heading or an entry of a menu may wait for what comes after it. A page whose encoding has to be guessed waits for up to 16 KiB after
//! its first byte that is not ASCII.
//!
//! ```
//! use std::io::Write;
//!
//! let mut writer = dechaff::Cleaner::new().writer(Vec::new());
//! writer.write_all(b"<p>Rye is up.</p><div class=sharedaddy>Sha")?;
//! assert_eq!(writer.get_ref(), b"<p>Rye is up.</p>");
//! // The box is not decided. Flushing does not change that.
//! writer.flush()?;
//! assert_eq!(writer.get_ref(), b"<p>Rye is up.</p>");
//! writer.write_all(b"re</div><p>So is spelt.</p>")?;
//! let (clean, _) = writer.finish()?;
//! assert_eq!(clean, b"<p>Rye is up.</p><p>So is spelt.</p>");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **`flush`** flushes what is behind, and brings out nothing that is held.
//!
//! **`finish`** ends the page: what is held is decided, and the report is there. Only it says that a page is complete. Readers, streams
//! and bodies end with their source; [`CleanReader::finish`](crate::CleanReader::finish) and an `Outcome` say then whether that was
//! the end of the page.
//!
//! **Cancelling.** Everything can be dropped at any point, between two chunks or in the middle of an `.await`. What came out is
//! the clean beginning of the page; what was held is gone, and an `Outcome` says that the page is unfinished.
//!
//! **Waiting.** What does not block works on 64 KiB at most before others have their turn. All types are [`Send`], if what is
//! inside of them is.
//!
//! # Errors
//!
//! There is one type, [`Error`](crate::Error), with a [kind](crate::ErrorKind), questions for the usual cases, and a way into
//! [`std::io::Error`].
//!
//! | what happens | what comes out | what says so |
//! |---|---|---|
//! | the source fails midway | all that is decided of what came before; then the source's own error, as it is | [`is_unfinished`](crate::Error::is_unfinished), if it does not go on |
//! | the output can't be written | nothing more | [`is_io`](crate::Error::is_io), with the writer's error as its source |
//! | the page can't be read: compressed, PDF, PNG, JPEG or GIF, a tag over its limit, an encoding that no browser reads | all of it, from there on as it is | [`is_page`](crate::Error::is_page) |
//! | a selector, a rule file, a label makes no sense | nothing was begun | [`is_setting`](crate::Error::is_setting) |
//!
//! Where a page can't be read there is no report. If something was cut before, an [observer](crate::CleanerBuilder::observer) has
//! heard of it.
//!
//! Whatever else is no HTML is a page without tags: it comes out as it is. A
//! [`CleanWriter`](crate::CleanWriter) takes nothing more after an error; [`into_inner`](crate::CleanWriter::into_inner) gives back what is
//! behind it, so that the rest can go its own way.
//!
//! ```
//! use std::io::{self, Read};
//!
//! #[derive(Debug)]
//! struct Broken;
//! impl Read for Broken {
//!     fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
//!         Err(io::ErrorKind::ConnectionReset.into())
//!     }
//! }
//!
//! let page = b"<p>Rye is up.</p><div class=sharedaddy>Sha".chain(Broken);
//! let mut reader = dechaff::Cleaner::new().reader(page);
//! let mut clean = Vec::new();
//! // The error is the socket's own, and what was safe came before it.
//! assert_eq!(reader.read_to_end(&mut clean).unwrap_err().kind(), io::ErrorKind::ConnectionReset);
//! assert_eq!(clean, b"<p>Rye is up.</p>");
//! assert!(reader.finish().unwrap_err().is_unfinished());
//! ```
//!
//! # Encodings
//!
//! All that browsers read are read: the 39 of the [Encoding Standard](https://encoding.spec.whatwg.org/). What counts, the strongest
//! first, is
//! 1. a label that is given: [`PageCleaner::encoding`](crate::PageCleaner::encoding);
//! 2. a byte order mark;
//! 3. the [`Content-Type`](crate::PageCleaner::content_type) that is passed on;
//! 4. a `<meta>` or an XML declaration in the first 1,024 bytes, or later on if all before it is ASCII;
//! 5. a guess.
//!
//! [`Report::encoding`](crate::Report::encoding) says which it was. Nothing is converted: what comes out are the page's own bytes,
//! malformed ones as well. A wrong label does no harm to them; it can only make text evidence blind.
//!
//! ```
//! use dechaff::{Cleaner, EncodingEvidence};
//!
//! // "Caf" and an e with an accent, as UTF-16.
//! let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
//! let page = utf16("\u{FEFF}<p>Caf\u{E9}</p><div class=sharedaddy>Share</div>");
//! let (clean, report) = Cleaner::new().clean(&page)?;
//! assert_eq!(clean, utf16("\u{FEFF}<p>Caf\u{E9}</p>"));
//! assert_eq!((report.encoding.name, report.encoding.evidence), ("UTF-16LE", EncodingEvidence::ByteOrderMark));
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! # Limits
//!
//! Memory does not grow with the length of a page, but with what is held, with what is open, and with the report. Each of these is
//! bounded. At a bound content stays, and the report says so of what a rule had picked:
//!
//! | limit | default | at it |
//! |---|---|---|
//! | [`max_element_bytes`](crate::CleanerBuilder::max_element_bytes), of one element that is held | 1 MiB | it stays: [`TooLarge`](crate::DeclineReason::TooLarge) |
//! | [`max_block_bytes`](crate::CleanerBuilder::max_block_bytes), of one that only its text speaks for | 64 KiB | it stays |
//! | [`max_held_bytes`](crate::CleanerBuilder::max_held_bytes), of all that is held | 4 MiB | what would go over it stays: [`TooLarge`](crate::DeclineReason::TooLarge) |
//! | [`max_depth`](crate::CleanerBuilder::max_depth), of open elements | 1,024 | nothing is cut from there on: [`Report::stop`](crate::Report::stop) |
//! | [`max_attributes`](crate::CleanerBuilder::max_attributes), of one tag | 256 | the element stays: [`AttributeLimit`](crate::DeclineReason::AttributeLimit) |
//! | [`max_attribute_bytes`](crate::CleanerBuilder::max_attribute_bytes), of one value | 64 KiB | the value is not looked at; if it is the `id`, `class` or `role`, the element stays |
//! | [`max_tag_bytes`](crate::CleanerBuilder::max_tag_bytes), of one tag | 64 MiB | the page ends in an error: [`Memory`](crate::ErrorKind::Memory) |
//! | [`max_report_entries`](crate::CleanerBuilder::max_report_entries) | 65,536 | nothing is cut from there on: [`ReportFull`](crate::DeclineReason::ReportFull) |
//!
//! ```
//! use dechaff::{Cleaner, DeclineReason};
//!
//! let page = format!("<div class=sharedaddy>{}</div><p>Rye is up.</p>", "Share this. ".repeat(100));
//! let narrow = Cleaner::builder().max_element_bytes(1_000).build();
//! let (clean, report) = narrow.clean_str(&page)?;
//! assert_eq!(clean, page);
//! assert_eq!(report.declines[0].reason, DeclineReason::TooLarge);
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! # The report and the observer
//!
//! [`Report`](crate::Report) has the cuts, the declines, where cutting stopped if it did, and the sizes. Ranges are bytes of the
//! input, so that what was cut can be looked at:
//!
//! ```
//! let page = "<p>Rye is up.</p><div class=sharedaddy>Share</div>";
//! let (clean, report) = dechaff::clean_str(page)?;
//! let cut = &report.cuts[0];
//! assert_eq!(&page[cut.range.start as usize..cut.range.end as usize], "<div class=sharedaddy>Share</div>");
//! assert_eq!((cut.category.name(), cut.tag.as_ref()), ("share-widget", "div"));
//! assert_eq!(report.bytes_in - report.bytes_cut(), clean.len() as u64);
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! An [observer](crate::CleanerBuilder::observer) is told the same while the page streams: each decision once, when nothing can change it
//! any more, in the order of the page. A report is about one page; an observer of the cleaner hears of all of them.
//!
//! # Too much went, or too little
//!
//! **Too much.** Look for the cut in [`Report::cuts`](crate::Report::cuts): its [`rule`](crate::Cut::rule) says what brought it about.
//! - If it begins with `text/`, the words did. Keep the element by a selector, or turn off text evidence for such pages.
//! - Otherwise the id or class did. Keep the element by a selector, or leave out the category.
//! - Either is worth a report, with the element: a rule is to keep when in doubt.
//!
//! **Too little.** Look for the element in [`Report::declines`](crate::Report::declines).
//! - If it is there, its [reason](crate::DeclineReason) says what spoke for it. To have it gone all the same, remove it by a selector:
//!   those are not asked about guards.
//! - If there is a [`Report::stop`](crate::Report::stop) before it, nothing was cut from there on.
//! - If there is neither, no rule knows it. Its category may be off by default, or a script may insert it in the browser: render the
//!   page first. Otherwise write a rule, or a selector.
//!
//! ```
//! use dechaff::{Cleaner, DeclineReason};
//!
//! let page = "<div class=newsletter-box>Subscribe! <pre>POST /subscribers</pre></div>";
//! let (_, report) = Cleaner::new().clean_str(page)?;
//! assert_eq!(report.declines[0].reason, DeclineReason::Quotation);
//! # #[cfg(feature = "rules")]
//! assert_eq!(Cleaner::builder().remove(".newsletter-box".parse()?).build().clean_str(page)?.0, "");
//! # Ok::<(), dechaff::Error>(())
//! ```
