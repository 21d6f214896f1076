//! The bytes of a page, kept next to the cleaner, and what they say.

use std::borrow::Cow;
use std::io::{self, Read};
use std::ops::Range;

use dechaff::Report;
use encoding_rs::{Encoding, UTF_8};

/// How much of a page is kept in memory, in bytes.
const KEPT: usize = 256_000_000;

/// Keeps what is read through it, if that is wanted.
pub(crate) struct Tee<R> {
    inner: R,
    kept: Option<Vec<u8>>,
}

impl<R> Tee<R> {
    /// A reader that gives what `inner` does.
    pub(crate) fn new(inner: R, wanted: bool) -> Self {
        Self { inner, kept: wanted.then(Vec::new) }
    }

    /// What was read: all of it, or what it began with if that is more than is kept.
    pub(crate) fn into_kept(self) -> Vec<u8> {
        self.kept.unwrap_or_default()
    }
}

impl<R: Read> Read for Tee<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if let Some(kept) = &mut self.kept {
            let room = KEPT - kept.len();
            kept.extend_from_slice(&buffer[..count.min(room)]);
        }
        Ok(count)
    }
}

/// What a page says, in UTF-8, with the places that its report speaks of.
pub(crate) struct Text<'a> {
    /// The bytes of the page.
    pub(crate) bytes: &'a [u8],
    /// The same, decoded.
    pub(crate) text: Cow<'a, str>,
    /// Where offsets of `bytes` lie in `text`, sorted, if not at the same number.
    places: Option<Vec<(u64, usize)>>,
}

impl<'a> Text<'a> {
    /// Reads `bytes` in the encoding that `report` says, and finds the ends of its cuts and declines.
    pub(crate) fn new(bytes: &'a [u8], report: &Report) -> Self {
        let encoding = Encoding::for_label(report.encoding.name.as_bytes()).unwrap_or(UTF_8);
        if (encoding == UTF_8 || encoding.is_ascii_compatible() && bytes.is_ascii())
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            return Self { bytes, text: Cow::Borrowed(text), places: None };
        }
        let ranges = report.cuts.iter().map(|cut| &cut.range).chain(report.declines.iter().map(|d| &d.range));
        let mut ends: Vec<_> = ranges.flat_map(|range| [range.start, range.end]).collect();
        ends.sort_unstable();
        ends.dedup();
        ends.retain(|end| *end <= bytes.len() as u64);
        let (text, places) = decode(bytes, encoding, &ends);
        Self { bytes, text: Cow::Owned(text), places: Some(places) }
    }

    /// Whether an end of a line is the byte that it is in ASCII.
    pub(crate) const fn has_ascii_lines(&self, report: &Report) -> bool {
        !matches!(report.encoding.name.as_bytes(), [b'U', b'T', b'F', b'-', b'1', b'6', ..])
    }

    /// Where the end of an element at `offset` lies in the text. The end of the text, if it was not kept.
    pub(crate) fn place(&self, offset: u64) -> usize {
        match &self.places {
            Some(places) => {
                let at = places.partition_point(|(bytes, _)| *bytes < offset);
                places.get(at).map_or(self.text.len(), |(_, place)| *place)
            }
            None => {
                let mut place = usize::try_from(offset).unwrap_or(usize::MAX).min(self.text.len());
                while !self.text.is_char_boundary(place) {
                    place -= 1;
                }
                place
            }
        }
    }

    /// What an element says, if it was kept.
    pub(crate) fn get(&self, range: &Range<u64>) -> Option<&str> {
        (range.end <= self.bytes.len() as u64).then(|| self.text.get(self.place(range.start)..self.place(range.end)))?
    }
}

/// `bytes` in UTF-8, and where the `ends` lie in that. One decoder reads all: a place may lie in the middle of a character.
fn decode(bytes: &[u8], encoding: &'static Encoding, ends: &[u64]) -> (String, Vec<(u64, usize)>) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len());
    let mut places = Vec::with_capacity(ends.len());
    let mut at = 0;
    let all = bytes.len();
    for end in ends.iter().map(|end| usize::try_from(*end).unwrap_or(all)).chain([all]) {
        let piece = &bytes[at..end];
        text.reserve(decoder.max_utf8_buffer_length(piece.len()).unwrap_or(piece.len()));
        let mut read = 0;
        loop {
            let last = end == all;
            let (result, count, _) = decoder.decode_to_string(&piece[read..], &mut text, last);
            read += count;
            if result == encoding_rs::CoderResult::InputEmpty {
                break;
            }
            text.reserve(piece.len().max(64));
        }
        places.push((end as u64, text.len()));
        at = end;
        if at == all {
            break;
        }
    }
    (text, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_bytes_become_places_in_text() {
        let page = b"<p>caf\xE9</p><div class=sharedaddy>\xE9t\xE9</div>\xE9";
        let (_, report) = dechaff::Cleaner::new().page().encoding("latin1").unwrap().clean(page).unwrap();
        let text = Text::new(page, &report);
        assert_eq!(text.get(&report.cuts[0].range), Some("<div class=sharedaddy>été</div>"));
        assert_eq!(text.text, "<p>café</p><div class=sharedaddy>été</div>é");
    }

    #[test]
    fn a_place_within_a_character_is_after_what_was_read() {
        let bytes: Vec<u8> = "a\u{e9}b".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&bytes, encoding_rs::UTF_16LE, &[2, 3]).1, [(2, 1), (3, 1), (6, 4)]);
        assert_eq!(decode(b"", UTF_8, &[]), (String::new(), vec![(0, 0)]));
    }

    #[test]
    fn what_is_read_is_kept() {
        let mut text = String::new();
        let mut tee = Tee::new(&b"page"[..], true);
        tee.read_to_string(&mut text).unwrap();
        assert_eq!((&*text, tee.into_kept()), ("page", b"page".to_vec()));
    }
}
