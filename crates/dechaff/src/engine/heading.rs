//! The text of the `title` or the `h1` that is being read, which says what the page is about.

use std::ops::Range;

/// Longer headings are cut short.
const LONGEST: usize = 1024;

/// What stays of the text of a heading.
#[derive(Debug, Default)]
pub(super) struct Heading {
    text: Vec<u8>,
    /// Where its pieces stand in the page, and their lengths.
    pieces: Vec<(u64, usize)>,
}

impl Heading {
    /// A piece of its text, which stands at `start` in the page.
    pub(super) fn note(&mut self, start: u64, piece: &[u8]) {
        let piece = &piece[..piece.len().min(LONGEST - self.text.len())];
        if !piece.is_empty() {
            self.text.extend_from_slice(piece);
            self.pieces.push((start, piece.len()));
        }
    }

    /// `range` of the page is cut.
    pub(super) fn note_cut(&mut self, range: &Range<u64>) {
        let mut at = 0;
        let text = &mut self.text;
        self.pieces.retain(|&(start, length)| {
            if range.contains(&start) {
                text.drain(at..at + length);
                return false;
            }
            at += length;
            true
        });
    }

    /// Its text.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// It is over.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.pieces.clear();
    }
}
