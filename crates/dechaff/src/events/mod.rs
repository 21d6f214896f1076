//! Where the tokens come from: the only file that names `lol_html`.
//!
//! `lol_html` is used as a tokenizer. One handler over all elements notes where each start tag and its attributes lie; a second
//! one, over the elements whose content is text, notes their end tags. What `lol_html` passes on is counted and thrown away:
//! the count says how far it has read. We cut the input bytes ourselves, by these offsets.
//!
//! End tags of other elements are not asked for: between two start tags lie only text, comments and end tags, which
//! [`crate::gap`] finds faster than a closure an element would, stray ones included.

pub(crate) mod belief;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lol_html::errors::RewritingError;
use lol_html::send::{ElementContentHandlers, HtmlRewriter, Settings};
use lol_html::{MemorySettings, OutputSink, Selector};

use crate::error::ErrorKind;

/// Something the tokenizer saw. Offsets are bytes of input.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    /// A start tag.
    Start(Start),
    /// The end tag of an element whose content is text.
    TextEnd { start: u64, end: u64 },
}

/// A start tag.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) self_closing: bool,
    /// Whether the tokenizer takes the element for an HTML one, not SVG or MathML.
    pub(crate) html: bool,
    /// It has more attributes than were noted.
    pub(crate) more_attributes: bool,
    /// Its attributes: where they lie in [`Batch::attributes`].
    pub(crate) attributes: (u32, u32),
}

/// Where an attribute stands in the input; without a value, that range is empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AttributeSpan {
    pub(crate) name: (u64, u32),
    pub(crate) value: (u64, u32),
}

/// What one write brought.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// Offset at which the tokenizer began.
    base: u64,
    pub(crate) events: Vec<Event>,
    pub(crate) attributes: Vec<AttributeSpan>,
    /// Every byte before this offset belongs to a token that is complete, or to text or a comment that goes on.
    pub(crate) consumed: u64,
}

/// Elements whose content the tokenizer reads as text (HTML standard, 13.2.5.1 and on), scripting enabled.
const TEXT_ELEMENTS: &str = "script,style,title,textarea,noscript,iframe,xmp,noembed,noframes";

/// The tokenizer of one page.
///
/// `lol_html` remembers each element until it sees its end tag, or that of one around it: a long list with `<li>` and no
/// `</li>` would fill its memory. We never ask it what is open, so that it can be begun anew wherever it is between tokens and in
/// HTML; see [`Events::is_full`].
pub(crate) struct Events {
    rewriter: Option<HtmlRewriter<'static, Counter>>,
    shared: Arc<Mutex<Batch>>,
    most_attributes: usize,
    memory: usize,
    /// Events since it was begun.
    count: usize,
}

/// An element that is open takes some 100 to 250 bytes. So it is begun anew long before they take all of its memory.
const BYTES_PER_EVENT: usize = 4096;

/// Counts what the tokenizer is done with.
struct Counter(Arc<Mutex<Batch>>);

impl OutputSink for Counter {
    fn handle_chunk(&mut self, chunk: &[u8]) {
        lock(&self.0).consumed += chunk.len() as u64;
    }
}

/// A panic while the lock was held can't leave a batch half-written: it is only ever appended to.
fn lock(shared: &Mutex<Batch>) -> MutexGuard<'_, Batch> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Events {
    /// Notes `most_attributes` of each start tag, and takes `memory` bytes at most.
    pub(crate) fn new(most_attributes: usize, memory: usize) -> Self {
        let shared = Arc::new(Mutex::new(Batch::default()));
        let rewriter = rewriter(&shared, most_attributes, memory);
        Self { rewriter: Some(rewriter), shared, most_attributes, memory, count: 0 }
    }

    /// Whether it has seen so much that it should [begin anew](Events::begin_anew).
    pub(crate) fn is_full(&self) -> bool {
        self.count > self.memory / BYTES_PER_EVENT && self.rewriter.is_some()
    }

    /// Forgets what is open. The next byte it is given will be that at `offset`, where it must be between tokens, in HTML, and not
    /// in an element whose content is text.
    pub(crate) fn begin_anew(&mut self, offset: u64) {
        self.count = 0;
        *lock(&self.shared) = Batch { base: offset, consumed: offset, ..Batch::default() };
        self.rewriter = Some(rewriter(&self.shared, self.most_attributes, self.memory));
    }

    /// Reads a chunk. After an error, or after [`Events::end`], it does nothing.
    pub(crate) fn write(&mut self, chunk: &[u8]) -> Result<(), ErrorKind> {
        let Some(rewriter) = &mut self.rewriter else { return Ok(()) };
        let result = rewriter.write(chunk);
        if result.is_err() {
            // Any further call would panic.
            self.rewriter = None;
        }
        result.map_err(|e| self.error(&e))
    }

    /// End of input: whatever is unfinished is text.
    pub(crate) fn end(&mut self) -> Result<(), ErrorKind> {
        let Some(rewriter) = self.rewriter.take() else { return Ok(()) };
        rewriter.end().map_err(|e| self.error(&e))
    }

    fn error(&self, error: &RewritingError) -> ErrorKind {
        let offset = lock(&self.shared).consumed;
        match error {
            RewritingError::MemoryLimitExceeded(_) => ErrorKind::Memory { offset, limit: self.memory },
            _ => ErrorKind::Tokenizer { offset, message: error.to_string() },
        }
    }

    /// Moves what was seen since the last call into `batch`, whose own content is dropped.
    pub(crate) fn take(&mut self, batch: &mut Batch) {
        batch.events.clear();
        batch.attributes.clear();
        let mut shared = lock(&self.shared);
        batch.consumed = shared.consumed;
        self.count += shared.events.len();
        std::mem::swap(&mut batch.events, &mut shared.events);
        std::mem::swap(&mut batch.attributes, &mut shared.attributes);
    }
}

fn rewriter(shared: &Arc<Mutex<Batch>>, most_attributes: usize, memory: usize) -> HtmlRewriter<'static, Counter> {
    let (starts, ends) = (Arc::clone(shared), Arc::clone(shared));
    let all: ElementContentHandlers<'static> =
        ElementContentHandlers::default().element(move |el: &mut lol_html::send::Element<'_, '_>| {
            note_start(&mut lock(&starts), el, most_attributes);
            Ok(())
        });
    let text: ElementContentHandlers<'static> =
        ElementContentHandlers::default().element(move |el: &mut lol_html::send::Element<'_, '_>| {
            let ends = Arc::clone(&ends);
            if let Some(handlers) = el.end_tag_handlers() {
                handlers.push(Box::new(move |end| {
                    let at = end.source_location().bytes();
                    let mut batch = lock(&ends);
                    let event = Event::TextEnd { start: batch.base + at.start as u64, end: batch.base + at.end as u64 };
                    batch.events.push(event);
                    Ok(())
                }));
            }
            Ok(())
        });
    let settings = Settings::new_send()
        .with_strict(false)
        .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(memory))
        .append_element_content_handler((selector("*"), all))
        .append_element_content_handler((selector(TEXT_ELEMENTS), text));
    HtmlRewriter::new(settings, Counter(Arc::clone(shared)))
}

fn selector(css: &str) -> std::borrow::Cow<'static, Selector> {
    std::borrow::Cow::Owned(css.parse().expect("the selector is ours"))
}

fn note_start(batch: &mut Batch, el: &lol_html::send::Element<'_, '_>, most_attributes: usize) {
    let at = el.source_location().bytes();
    let base = batch.base;
    let first = batch.attributes.len() as u32;
    for attribute in el.attributes().iter().take(most_attributes) {
        let Some(name) = attribute.name_source_location() else { continue };
        let name = name.bytes();
        let value = attribute.value_source_location().map_or(name.end..name.end, |v| v.bytes());
        batch.attributes.push(AttributeSpan {
            name: (base + name.start as u64, name.len() as u32),
            value: (base + value.start as u64, value.len() as u32),
        });
    }
    batch.events.push(Event::Start(Start {
        start: base + at.start as u64,
        end: base + at.end as u64,
        self_closing: el.is_self_closing(),
        html: el.namespace_uri() == "http://www.w3.org/1999/xhtml",
        more_attributes: el.attributes().len() > most_attributes,
        attributes: (first, batch.attributes.len() as u32),
    }));
}
