//! Tags: names and attributes (HTML standard, 13.2.5.8 and 13.2.5.32 to 13.2.5.40).

use memchr::memchr;

use super::View;
use crate::tree::tag::Name;

/// Where an attribute stands in the input; without a value, that range is empty.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct AttributeSpan {
    pub(crate) name: (u64, u32),
    pub(crate) value: (u64, u32),
}

/// A tag that is being read. It may come in pieces that end anywhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct TagReader {
    /// Offset of its `<`.
    pub(super) start: u64,
    pub(super) closing: bool,
    /// Known once it has ended.
    pub(super) name: Option<Name>,
    pub(super) name_end: u64,
    pub(super) self_closing: bool,
    part: Part,
    /// Where the name of the current attribute begins and ends, and where its value begins.
    attribute: (u64, u64),
    value: u64,
}

/// Where in the tag.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Name,
    BeforeAttribute,
    Slash,
    Attribute,
    AfterAttribute,
    BeforeValue,
    Unquoted,
    Quoted(u8),
}

/// Names longer than this many bytes are cut short: nothing on real pages comes near it.
pub(crate) const LONGEST_NAME: usize = 4096;

/// Bytes that end a name or an unquoted value, as bits.
mod ends {
    pub(super) const WHITE: u8 = 1;
    pub(super) const SLASH: u8 = 2;
    pub(super) const TAG: u8 = 4;
    pub(super) const EQUALS: u8 = 8;
}

const ENDS: [u8; 256] = {
    let mut table = [0; 256];
    table[b' ' as usize] = ends::WHITE;
    table[b'\t' as usize] = ends::WHITE;
    table[b'\n' as usize] = ends::WHITE;
    table[b'\r' as usize] = ends::WHITE;
    table[0x0C] = ends::WHITE;
    table[b'/' as usize] = ends::SLASH;
    table[b'>' as usize] = ends::TAG;
    table[b'=' as usize] = ends::EQUALS;
    table
};

/// Index of the first byte from `from` on that is one of `set`.
#[inline]
fn find(bytes: &[u8], from: usize, set: u8) -> Option<usize> {
    bytes[from..].iter().position(|&c| ENDS[usize::from(c)] & set != 0).map(|i| from + i)
}

/// Index of the first byte from `from` on that is no white space.
#[inline]
fn skip_white(bytes: &[u8], from: usize) -> Option<usize> {
    bytes[from..].iter().position(|&c| ENDS[usize::from(c)] & ends::WHITE == 0).map(|i| from + i)
}

/// The usual attribute, all at hand, in one go: a name, `="`, a value and `"`. Where the name and the value end.
#[inline]
fn quoted(bytes: &[u8], start: usize) -> Option<(usize, usize)> {
    let name_end = find(bytes, start + 1, ends::WHITE | ends::SLASH | ends::TAG | ends::EQUALS)?;
    let &[b'=', quote @ (b'"' | b'\'')] = bytes.get(name_end..name_end + 2)? else { return None };
    Some((name_end, name_end + 2 + memchr(quote, &bytes[name_end + 2..])?))
}

impl TagReader {
    /// Of a tag whose `<` is at `start`; `closing`: it is an end tag.
    pub(super) fn new(start: u64, closing: bool) -> Self {
        Self {
            start,
            closing,
            name: None,
            name_end: 0,
            self_closing: false,
            part: Part::Name,
            attribute: (0, 0),
            value: 0,
        }
    }

    fn name_start(&self) -> u64 {
        self.start + 1 + u64::from(self.closing)
    }

    /// Goes on at `position` up to `limit`; the offset after the tag if it ends before that. Of its attributes, `note` hears.
    pub(super) fn read(
        &mut self,
        view: View<'_>,
        position: u64,
        limit: u64,
        mut note: impl FnMut(AttributeSpan),
    ) -> Option<u64> {
        let bytes = view.slice(&(position..limit));
        let at = |i: usize| position + i as u64;
        let mut i = 0;
        loop {
            let more = match self.part {
                Part::Name => {
                    let end = find(bytes, i, ends::WHITE | ends::SLASH | ends::TAG);
                    self.note_name(view, at(end.unwrap_or(bytes.len())), end.is_some());
                    if let Some(i) = end.filter(|&i| bytes[i] == b'>') {
                        return Some(at(i + 1));
                    }
                    end.inspect(|_| self.part = Part::BeforeAttribute)
                }
                Part::BeforeAttribute => match skip_white(bytes, i) {
                    Some(i) if bytes[i] == b'>' => return Some(at(i + 1)),
                    Some(i) if bytes[i] == b'/' => {
                        self.part = Part::Slash;
                        Some(i + 1)
                    }
                    Some(i) if let Some((name_end, value_end)) = quoted(bytes, i) => {
                        self.attribute = (at(i), at(name_end));
                        note(self.span(at(name_end + 2), at(value_end)));
                        Some(value_end + 1)
                    }
                    Some(i) => {
                        self.attribute.0 = at(i);
                        self.part = Part::Attribute;
                        // An equals sign here belongs to the name (13.2.5.32).
                        Some(i + 1)
                    }
                    None => None,
                },
                Part::Slash => {
                    self.part = Part::BeforeAttribute;
                    match bytes.get(i) {
                        Some(b'>') => {
                            self.self_closing = true;
                            return Some(at(i + 1));
                        }
                        Some(_) => Some(i),
                        None => {
                            self.part = Part::Slash;
                            None
                        }
                    }
                }
                Part::Attribute => find(bytes, i, ends::WHITE | ends::SLASH | ends::TAG | ends::EQUALS).inspect(|&i| {
                    self.attribute.1 = at(i);
                    self.part = Part::AfterAttribute;
                }),
                Part::AfterAttribute => skip_white(bytes, i).map(|i| {
                    if bytes[i] == b'=' {
                        self.part = Part::BeforeValue;
                        return i + 1;
                    }
                    note(self.span(self.attribute.1, self.attribute.1));
                    self.part = Part::BeforeAttribute;
                    i
                }),
                Part::BeforeValue => skip_white(bytes, i).map(|i| match bytes[i] {
                    quote @ (b'"' | b'\'') => {
                        self.value = at(i + 1);
                        self.part = Part::Quoted(quote);
                        i + 1
                    }
                    b'>' => {
                        note(self.span(at(i), at(i)));
                        self.part = Part::BeforeAttribute;
                        i
                    }
                    _ => {
                        self.value = at(i);
                        self.part = Part::Unquoted;
                        i
                    }
                }),
                Part::Unquoted => find(bytes, i, ends::WHITE | ends::TAG).inspect(|&i| {
                    note(self.span(self.value, at(i)));
                    self.part = Part::BeforeAttribute;
                }),
                Part::Quoted(quote) => memchr(quote, &bytes[i..]).map(|n| {
                    note(self.span(self.value, at(i + n)));
                    self.part = Part::BeforeAttribute;
                    i + n + 1
                }),
            };
            i = more?;
        }
    }

    /// The name goes on, or ends, at `end`.
    fn note_name(&mut self, view: View<'_>, end: u64, ended: bool) {
        let start = self.name_start();
        let most = start + LONGEST_NAME as u64;
        if self.name.is_none() && (ended || end > most) {
            self.name_end = end.min(most);
            self.name = Some(Name::new(view.slice(&(start..self.name_end))));
        }
    }

    /// The current attribute, with a value from `value` to `end`.
    fn span(&self, value: u64, end: u64) -> AttributeSpan {
        let (name, name_end) = self.attribute;
        AttributeSpan { name: (name, (name_end - name) as u32), value: (value, (end - value) as u32) }
    }
}
