//! Bytes that come in at one end and go out at the other, by their offsets.

use crate::tokens::View;

/// More room than this is given back once it is empty: it was for a tag or an element that was held.
const ROOM: usize = 256 * 1024;

/// Takes all bytes out. What room there is for more is kept, if it is not much.
pub(crate) fn clear(bytes: &mut Vec<u8>) {
    if bytes.capacity() > ROOM {
        *bytes = Vec::new();
    } else {
        bytes.clear();
    }
}

/// The bytes between two offsets of a stream.
#[derive(Debug, Default)]
pub(crate) struct ByteQueue {
    bytes: Vec<u8>,
    /// How many of `bytes` are gone: they are moved out now and then, not each time.
    gone: usize,
    /// Offset of the first byte that is not gone.
    base: u64,
}

impl ByteQueue {
    /// An empty one, whose first byte will have the offset `base`.
    pub(crate) fn new(base: u64) -> Self {
        Self { bytes: Vec::new(), gone: 0, base }
    }

    /// Where more bytes can be added.
    pub(crate) fn back(&mut self) -> &mut Vec<u8> {
        if self.gone == self.bytes.len() {
            self.gone = 0;
            clear(&mut self.bytes);
        } else if self.gone > self.bytes.len() / 2 {
            self.bytes.drain(..self.gone);
            self.gone = 0;
        }
        &mut self.bytes
    }

    /// The bytes at hand.
    pub(crate) fn view(&self) -> View<'_> {
        View { bytes: &self.bytes[self.gone..], base: self.base }
    }

    /// Offset of the first byte at hand.
    pub(crate) fn base(&self) -> u64 {
        self.base
    }

    /// Offset after the last byte.
    pub(crate) fn end(&self) -> u64 {
        self.base + (self.bytes.len() - self.gone) as u64
    }

    /// Everything before `offset` goes.
    pub(crate) fn drop_to(&mut self, offset: u64) {
        self.gone += (offset - self.base) as usize;
        self.base = offset;
    }
}
