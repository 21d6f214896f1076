//! Holds bytes back until it is known whether they go, then writes those that stay. Pure bookkeeping on byte ranges.

use std::collections::VecDeque;
use std::io;
use std::ops::Range;

use crate::gap::View;

/// The input that has not been written or dropped yet.
#[derive(Debug, Default)]
pub(crate) struct Hold {
    bytes: Vec<u8>,
    /// How many of `bytes` are gone: they are moved out now and then, not each time.
    gone: usize,
    /// Offset of the first byte that is not gone.
    base: u64,
    /// Ranges to drop, in order; all at or after `base`.
    cuts: VecDeque<Range<u64>>,
    written: u64,
}

impl Hold {
    /// More input.
    pub(crate) fn push(&mut self, chunk: &[u8]) {
        if self.gone == self.bytes.len() {
            self.bytes.clear();
            self.gone = 0;
        } else if self.gone > self.bytes.len() / 2 {
            self.bytes.drain(..self.gone);
            self.gone = 0;
        }
        self.bytes.extend_from_slice(chunk);
    }

    /// The bytes at hand.
    pub(crate) fn view(&self) -> View<'_> {
        View { bytes: &self.bytes[self.gone..], base: self.base }
    }

    /// Offset after the last byte of input so far.
    pub(crate) fn end(&self) -> u64 {
        self.base + (self.bytes.len() - self.gone) as u64
    }

    /// Bytes written so far.
    pub(crate) fn written(&self) -> u64 {
        self.written
    }

    /// Drops `range`, which has not been released. Other ranges lie inside it, or before or after it.
    pub(crate) fn cut(&mut self, range: Range<u64>) {
        debug_assert!(range.start >= self.base && range.start <= range.end);
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
        while self.base < limit {
            let (keep_to, skip_to) = match self.cuts.front() {
                Some(cut) if cut.start < limit => (cut.start, cut.end.min(limit)),
                _ => (limit, limit),
            };
            let length = (keep_to - self.base) as usize;
            if length > 0 {
                write(&self.bytes[self.gone..self.gone + length])?;
                self.written += length as u64;
            }
            self.gone += (skip_to - self.base) as usize;
            self.base = skip_to;
            if self.cuts.front().is_some_and(|cut| cut.end <= skip_to) {
                self.cuts.pop_front();
            }
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
