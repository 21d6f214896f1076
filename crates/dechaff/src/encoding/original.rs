//! The bytes of a page as they came, beside the UTF-8 that they are read as.
//!
//! Each character of the translation is noted with the bytes it was made from, so that a range of the one is a range of the
//! other. The alternative, to encode what is kept once more, would write other bytes for malformed ones, for lone surrogates,
//! and for characters that have two encodings.

use std::collections::VecDeque;
use std::fmt;
use std::io;

use encoding_rs::{Decoder, Encoding, ISO_2022_JP, UTF_16BE, UTF_16LE};

use crate::queue::ByteQueue;

/// A run of characters that are alike: each was made from as many bytes, and takes as many bytes of UTF-8.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// Where it starts, in UTF-8 and in the page.
    view: u64,
    page: u64,
    /// How long its characters are. What is no character (an escape sequence) takes no UTF-8.
    view_step: u64,
    page_step: u64,
}

/// The page as it came, as far as it has not been written.
pub(crate) struct Original {
    decoder: Decoder,
    encoding: &'static Encoding,
    /// How many bytes make a unit of the encoding.
    unit: usize,
    /// Bytes of a character that is not complete: the decoder knows them.
    open: usize,
    bytes: ByteQueue,
    /// Up to here the page is ASCII that was read before its encoding was known, and has the same offsets.
    ascii: u64,
    runs: VecDeque<Run>,
    /// The ends of what is translated, in UTF-8 and in the page.
    view_end: u64,
    page_end: u64,
    /// Where the last character ended that was released: an escape sequence after it went with it.
    released: (u64, u64),
    /// Escape sequences of ISO-2022-JP: where each ends, and its last two bytes.
    shifts: VecDeque<(u64, [u8; 2])>,
}

/// Room for what one unit can bring about: the replacement characters of an unfinished sequence, and a character.
const ROOM: usize = 64;

impl Original {
    /// Begins with `ascii`, the bytes at hand, of which the first one has the offset `base`.
    pub(crate) fn new(encoding: &'static Encoding, base: u64, ascii: &[u8]) -> Self {
        let mut original = Self {
            decoder: encoding.new_decoder_without_bom_handling(),
            encoding,
            unit: if encoding == UTF_16LE || encoding == UTF_16BE { 2 } else { 1 },
            open: 0,
            bytes: ByteQueue::new(base),
            ascii: base + ascii.len() as u64,
            runs: VecDeque::new(),
            view_end: base,
            page_end: base,
            released: (base, base),
            shifts: VecDeque::from([(0, *b"(B")]),
        };
        original.bytes.back().extend_from_slice(ascii);
        original.note(ascii.len(), 1, 1);
        original
    }

    /// Translates `piece` into `view`.
    pub(crate) fn push(&mut self, piece: &[u8], view: &mut Vec<u8>) {
        self.bytes.back().extend_from_slice(piece);
        let mut at = 0;
        while at < piece.len() {
            let length = self.plain(&piece[at..], view);
            at += length;
            if length == 0 {
                // One byte at a time, also of UTF-16: a unit may be cut in two. The decoder answers when it is whole.
                self.decode(&piece[at..=at], view);
                at += 1;
            }
        }
    }

    /// Takes ASCII at the beginning of `piece`, if no character is open: how many bytes of it.
    fn plain(&mut self, piece: &[u8], view: &mut Vec<u8>) -> usize {
        if self.open > 0 || self.encoding == ISO_2022_JP {
            return 0;
        }
        if self.unit == 1 {
            let length = Encoding::ascii_valid_up_to(piece);
            view.extend_from_slice(&piece[..length]);
            self.note(length, 1, 1);
            return length;
        }
        let (low, high) = if self.encoding == UTF_16LE { (0, 1) } else { (1, 0) };
        let units = piece.chunks_exact(2).take_while(|unit| unit[high] == 0 && unit[low] < 0x80);
        let before = view.len();
        view.extend(units.map(|unit| unit[low]));
        let length = view.len() - before;
        self.note(length, 1, 2);
        length * 2
    }

    /// The page has ended, and so has what is not complete.
    pub(crate) fn finish(&mut self, view: &mut Vec<u8>) {
        let mut room = [0; ROOM];
        let (_, _, written, _) = self.decoder.decode_to_utf8(&[], &mut room, true);
        view.extend_from_slice(&room[..written]);
        self.note_characters(&room[..written], 0);
        self.note(1, 0, self.open as u64);
        self.open = 0;
    }

    fn decode(&mut self, byte: &[u8], view: &mut Vec<u8>) {
        let mut room = [0; ROOM];
        let (_, _, written, _) = self.decoder.decode_to_utf8(byte, &mut room, false);
        self.open += 1;
        view.extend_from_slice(&room[..written]);
        if written > 0 {
            let pending = self.pending();
            self.note_characters(&room[..written], pending);
        } else if self.encoding == ISO_2022_JP && self.open == 3 {
            self.note_shift();
        }
    }

    /// How many bytes begin something new although a character came out: that one is for those before them.
    fn pending(&self) -> usize {
        let end = self.page_end + self.open as u64;
        let last = |n: u64| self.bytes.view().slice(&(end.saturating_sub(n).max(self.bytes.base())..end));
        match last(self.unit as u64) {
            [0x1B] if self.encoding == ISO_2022_JP => 1,
            // Half of a pair, after another half.
            [_, high] if self.encoding == UTF_16LE && (0xD8..0xDC).contains(high) => 2,
            [high, _] if self.encoding == UTF_16BE && (0xD8..0xDC).contains(high) => 2,
            _ => 0,
        }
    }

    /// These characters are what the open bytes stand for, but for the last `pending` ones.
    ///
    /// Several come of malformed bytes and what follows them, such as `<`: each but the first has a unit to itself.
    fn note_characters(&mut self, characters: &[u8], pending: usize) {
        let mut open = self.open.saturating_sub(pending);
        let starts = |byte: &&u8| *byte & 0xC0 != 0x80;
        let mut left = characters.iter().filter(starts).count();
        let mut at = 0;
        while left > 0 {
            left -= 1;
            let length = 1 + characters[at + 1..].iter().take_while(|byte| !starts(byte)).count();
            let bytes = open.saturating_sub(left * self.unit);
            self.note(1, length as u64, bytes as u64);
            open -= bytes;
            at += length;
        }
        self.open = pending;
    }

    /// Three bytes came to nothing: an escape sequence, which stands for nothing by itself.
    fn note_shift(&mut self) {
        let sequence = self.bytes.view().slice(&(self.page_end..self.page_end + 3));
        if let &[0x1B, first, second] = sequence {
            self.note(1, 0, 3);
            self.open = 0;
            self.shifts.push_back((self.page_end, [first, second]));
        }
    }

    fn note(&mut self, count: usize, view_step: u64, page_step: u64) {
        if count == 0 || (view_step == 0 && page_step == 0) {
            return;
        }
        let alike = |run: &Run| view_step > 0 && (run.view_step, run.page_step) == (view_step, page_step);
        if !self.runs.back().is_some_and(alike) {
            self.runs.push_back(Run { view: self.view_end, page: self.page_end, view_step, page_step });
        }
        self.view_end += count as u64 * view_step;
        self.page_end += count as u64 * page_step;
    }

    /// Where the character begins that has the offset `view` in UTF-8.
    pub(crate) fn start_at(&self, view: u64) -> u64 {
        if view < self.ascii {
            return view;
        }
        let after = self.runs.partition_point(|run| run.view <= view);
        self.locate(after, view)
    }

    /// Where the character ends that ends at `view` in UTF-8.
    pub(crate) fn end_at(&self, view: u64) -> u64 {
        if view == self.released.0 {
            return self.released.1;
        }
        if view <= self.ascii {
            return view;
        }
        let after = self.runs.partition_point(|run| run.view < view);
        self.locate(after, view)
    }

    fn locate(&self, after: usize, view: u64) -> u64 {
        match after.checked_sub(1).map(|i| self.runs[i]) {
            None => self.runs.front().map_or(self.page_end, |run| run.page),
            // An escape sequence at the end of what is known.
            Some(run) if run.view_step == 0 => run.page + run.page_step,
            Some(run) => run.page + (view - run.view) / run.view_step * run.page_step,
        }
    }

    /// Offset after the last byte of the page so far.
    pub(crate) fn end(&self) -> u64 {
        self.bytes.end()
    }

    /// Writes what was made UTF-8 before the offset `keep_to`, and drops what was before `skip_to`: how many bytes were written.
    pub(crate) fn release(
        &mut self,
        keep_to: u64,
        skip_to: u64,
        write: &mut impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<u64> {
        let base = self.bytes.base();
        let kept = self.start_at(keep_to).max(base);
        if kept > base {
            write(self.bytes.view().slice(&(base..kept)))?;
        }
        let end = self.end_at(skip_to);
        let next = if skip_to > keep_to { end.max(kept) } else { kept };
        self.released = (skip_to, end);
        self.bytes.drop_to(next);
        while self.runs.get(1).is_some_and(|run| run.page <= next && run.view <= skip_to) {
            self.runs.pop_front();
        }
        while self.shifts.get(1).is_some_and(|shift| shift.0 <= next) {
            self.shifts.pop_front();
        }
        Ok(kept - base)
    }

    /// Writes everything that is left, whatever it stands for: how many bytes.
    pub(crate) fn release_all(&mut self, write: &mut impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<u64> {
        let rest = self.bytes.view().bytes;
        write(rest)?;
        let length = rest.len() as u64;
        self.bytes.drop_to(self.bytes.end());
        Ok(length)
    }

    /// Whether an escape sequence stands directly before the character at `view`.
    pub(crate) fn is_after_shift(&self, view: u64) -> bool {
        let at = self.start_at(view);
        // The first entry stands for the beginning of the page.
        self.shifts.iter().any(|shift| shift.0 == at && at > 0)
    }

    /// Whether the bytes after the range are read in the same way without it: it leaves the character set as it was.
    pub(crate) fn parts_cleanly(&self, start: u64, end: u64) -> bool {
        let set_at = |at: u64| self.shifts.iter().rev().find(|shift| shift.0 <= at).map(|shift| shift.1);
        self.encoding != ISO_2022_JP || set_at(self.start_at(start)) == set_at(self.end_at(end))
    }
}

impl fmt::Debug for Original {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Original").field("encoding", &self.encoding.name()).finish_non_exhaustive()
    }
}
