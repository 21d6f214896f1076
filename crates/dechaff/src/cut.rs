//! Holds bytes back until it is known whether they go, then writes those that stay. Pure bookkeeping on byte ranges.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::ops::Range;

use encoding_rs::Encoding;

use crate::encoding::original::Original;
use crate::queue::ByteQueue;
use crate::tokens::View;

/// The input that has not been written or dropped yet.
///
/// It is held as UTF-8, and offsets are those of the UTF-8; if the page is in another encoding, its own bytes are held beside it,
/// and those are written.
#[derive(Debug, Default)]
pub(crate) struct Hold {
    bytes: ByteQueue,
    original: Option<Box<Original>>,
    /// What offsets of the report are in the page: by offset, and whether something ends there.
    known: HashMap<(u64, bool), u64>,
    /// Where the token that was read last starts and ends, here and in the page.
    token: [(u64, u64); 2],
    /// Ranges to drop, in order; all at or after the first byte at hand.
    cuts: VecDeque<Range<u64>>,
    written: u64,
}

impl Hold {
    /// More input.
    pub(crate) fn push(&mut self, chunk: &[u8]) {
        match &mut self.original {
            Some(original) => original.push(chunk, self.bytes.back()),
            None => self.bytes.back().extend_from_slice(chunk),
        }
    }

    /// There is no more input.
    pub(crate) fn finish(&mut self) {
        if let Some(original) = &mut self.original {
            original.finish(self.bytes.back());
        }
    }

    /// From here on the input is in `encoding`; all of it so far was ASCII.
    pub(crate) fn translate(&mut self, encoding: &'static Encoding) {
        let View { bytes, base } = self.bytes.view();
        self.original = Some(Box::new(Original::new(encoding, base, bytes)));
    }

    /// The bytes at hand.
    pub(crate) fn view(&self) -> View<'_> {
        self.bytes.view()
    }

    /// Offset after the last byte of input so far.
    pub(crate) fn end(&self) -> u64 {
        self.bytes.end()
    }

    /// How many bytes of the page came in so far.
    pub(crate) fn received(&self) -> u64 {
        self.original.as_ref().map_or_else(|| self.bytes.end(), |original| original.end())
    }

    /// How many bytes of the page were written so far.
    pub(crate) fn written(&self) -> u64 {
        self.written
    }

    /// Remembers what a range of the report is in the page; nothing of it has been released.
    pub(crate) fn note(&mut self, range: &Range<u64>) {
        if let Some(original) = &self.original {
            self.known.entry((range.start, false)).or_insert_with(|| original.start_at(range.start));
            self.known.entry((range.end, true)).or_insert_with(|| original.end_at(range.end));
        }
    }

    /// The token that was read last. Text after it may be long, and cutting may stop in it when its beginning is released.
    pub(crate) fn note_token(&mut self, token: &Range<u64>) {
        if self.original.is_some() && self.token.map(|noted| noted.0) != [token.start, token.end] {
            self.token = [token.start, token.end].map(|offset| (offset, self.of_token(offset)));
        }
    }

    /// Remembers where in the page cutting stopped: at the token that was read last, after it, or at a later one.
    pub(crate) fn note_stop(&mut self, offset: u64) {
        if self.original.is_some() {
            let in_page = self.of_token(offset);
            // It may be where something starts that was declined.
            self.known.entry((offset, false)).or_insert(in_page);
        }
    }

    /// How many offsets it remembers.
    pub(crate) fn count_noted(&self) -> usize {
        self.known.len()
    }

    /// Forgets all that was noted but `ranges` and where cutting stopped.
    pub(crate) fn forget_all_but<'a>(&mut self, ranges: impl Iterator<Item = &'a Range<u64>>, stop: Option<u64>) {
        let ends = ranges.flat_map(|range| [(range.start, false), (range.end, true)]);
        let wanted: HashSet<_> = ends.chain(stop.map(|offset| (offset, false))).collect();
        self.known.retain(|noted, _| wanted.contains(noted));
    }

    /// Where in the page a token begins, or ends: the last one, or a later one.
    fn of_token(&self, offset: u64) -> u64 {
        let noted = self.token.iter().find(|noted| noted.0 == offset).map(|noted| noted.1);
        noted.or_else(|| self.original.as_ref().map(|original| original.end_at(offset))).unwrap_or(offset)
    }

    /// What the beginning of something is in the page that has not been released.
    pub(crate) fn start_in_page(&self, offset: u64) -> u64 {
        self.original.as_ref().map_or(offset, |original| original.start_at(offset))
    }

    /// What a range that was noted is in the page.
    pub(crate) fn in_page(&self, range: Range<u64>) -> Range<u64> {
        let known = |offset, end| self.known.get(&(offset, end)).copied().unwrap_or(offset);
        let start = known(range.start, false);
        // An escape sequence belongs to neither of what it stands between: a range of nothing after it would end before it.
        start..known(range.end, true).max(start)
    }

    /// Whether an escape sequence stands directly before `offset`.
    pub(crate) fn is_after_shift(&self, offset: u64) -> bool {
        self.original.as_ref().is_some_and(|original| original.is_after_shift(offset))
    }

    /// Whether the bytes after the range would be read in the same way without it.
    pub(crate) fn parts_cleanly(&self, range: &Range<u64>) -> bool {
        self.original.as_ref().is_none_or(|original| original.parts_cleanly(range.start, range.end))
    }

    /// Drops `range`, which has not been released. Other ranges lie inside it, or before or after it.
    pub(crate) fn cut(&mut self, range: Range<u64>) {
        debug_assert!(range.start >= self.bytes.base() && range.start <= range.end);
        let at = self.cuts.partition_point(|cut| cut.start < range.start);
        let after = self.cuts.partition_point(|cut| cut.start < range.end);
        self.cuts.drain(at..after);
        self.cuts.insert(at, range);
    }

    /// Takes back all cuts from `start` on, which have not been released.
    pub(crate) fn restore(&mut self, start: u64) {
        while self.cuts.back().is_some_and(|last| last.start >= start) {
            self.cuts.pop_back();
        }
    }

    /// Writes everything before `limit` that is not cut, in order.
    pub(crate) fn release(&mut self, limit: u64, write: &mut impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        while self.bytes.base() < limit {
            let (keep_to, skip_to) = match self.cuts.front() {
                Some(cut) if cut.start < limit => (cut.start, cut.end.min(limit)),
                _ => (limit, limit),
            };
            let base = self.bytes.base();
            self.written += match &mut self.original {
                Some(original) => original.release(keep_to, skip_to, write)?,
                None => {
                    if keep_to > base {
                        write(self.bytes.view().slice(&(base..keep_to)))?;
                    }
                    keep_to - base
                }
            };
            self.bytes.drop_to(skip_to);
            if self.cuts.front().is_some_and(|cut| cut.end <= skip_to) {
                self.cuts.pop_front();
            }
        }
        Ok(())
    }

    /// Writes everything that is not cut, and what has not been read.
    pub(crate) fn release_all(&mut self, write: &mut impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        self.release(self.end(), write)?;
        if let Some(original) = &mut self.original {
            self.written += original.release_all(write)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_cut_comes_out_in_order() {
        let mut hold = Hold::default();
        let mut out = Vec::new();
        let mut write = |b: &[u8]| {
            out.extend_from_slice(b);
            Ok(())
        };
        hold.push(b"abcdef");
        hold.cut(1..2);
        hold.release(1, &mut write).unwrap();
        hold.push(b"ghij");
        hold.cut(3..4);
        hold.cut(3..6);
        hold.release(10, &mut write).unwrap();
        assert_eq!(out, b"acghij");
        assert_eq!((hold.end(), hold.written()), (10, 6));
    }
}
