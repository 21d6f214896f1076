//! Where a cue is found in the tables: `build.rs` lays them out with these functions, the lexicon looks things up with them.

/// The last word of the cue may go on.
pub(crate) const OPEN: u8 = 1;
/// More words may follow; for labels.
pub(crate) const MORE: u8 = 2;
/// The first word may begin earlier.
pub(crate) const EARLY: u8 = 4;

/// The first four bytes, or all there are.
pub(crate) fn first_four(text: &[u8]) -> u32 {
    let mut key = [0; 4];
    let length = text.len().min(4);
    key[..length].copy_from_slice(&text[..length]);
    u32::from_le_bytes(key)
}

/// The last four bytes, or all there are.
pub(crate) fn last_four(word: &[u8]) -> u32 {
    first_four(&word[word.len().saturating_sub(4)..])
}

/// The first eight bytes, or all there are.
pub(crate) fn first_eight(text: &[u8]) -> u64 {
    let mut head = [0; 8];
    let length = text.len().min(8);
    head[..length].copy_from_slice(&text[..length]);
    u64::from_le_bytes(head)
}

/// The length of a cue's first word, in bytes.
pub(crate) fn first_word(text: &[u8]) -> usize {
    text.iter().position(|&c| c == b' ').unwrap_or(text.len())
}

/// Where the search for a key begins, before it is cut to the table's size.
pub(crate) fn place(key: u32) -> usize {
    (key.wrapping_mul(0x9E37_79B1) >> 12) as usize
}

/// The key of the first eight bytes in the table of long cues; never 0.
pub(crate) fn long_key(head: u64) -> u32 {
    (head.wrapping_mul(0xD6E8_FEB8_6659_FD93) >> 32) as u32 | 1
}

/// A set of bits by number, of a size that is a power of two.
pub(crate) mod bits {
    /// Bits of the set of the first eight bytes of long cues: 64 KiB.
    pub(crate) const LONG: usize = 1 << 19;
    /// Bits of the set of keys that a long line must have: 8 KiB.
    pub(crate) const PROSE: usize = 1 << 16;

    /// The place of the first eight bytes in the set of long cues.
    pub(crate) fn long(head: u64) -> usize {
        (head.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - LONG.trailing_zeros())) as usize
    }

    /// The place of a key in the set of those that a long line must have.
    pub(crate) fn prose(key: u32) -> usize {
        super::place(key) & (PROSE - 1)
    }

    /// Whether the bit is set.
    pub(crate) fn has(set: &[u64], bit: usize) -> bool {
        set[bit / 64] & 1 << (bit % 64) != 0
    }
}
