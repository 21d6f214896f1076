//! The cues of all languages, and the search for them in a folded line.
//!
//! Tens of thousands of cues, and nearly every line has none. So a line is not searched for cues; its words are looked up: the
//! first four bytes at each word choose a handful of cues that begin so, and mostly none. An automaton over all cues was
//! weighed: as a DFA it takes tens of megabytes, as an NFA it is slower than this, and both take long to build.

use super::fold::{self, Folded, is_unspaced};
use super::key::{self, bits};
use crate::Category;

/// The kinds, as bits; what they are says `cues/README.md`.
pub(crate) mod kind {
    pub(crate) const PHRASE: u16 = 1;
    pub(crate) const LABEL: u16 = 1 << 1;
    pub(crate) const VERB: u16 = 1 << 2;
    pub(crate) const ASK: u16 = 1 << 3;
    pub(crate) const OBJECT: u16 = 1 << 4;
    pub(crate) const FRAME: u16 = 1 << 5;
    pub(crate) const CONTROL: u16 = 1 << 7;
    pub(crate) const PART: u16 = 1 << 8;
    pub(crate) const NOT: u16 = 1 << 9;
    /// A second, different frame.
    pub(crate) const FRAME_2: u16 = 1 << 10;
    /// A second control.
    pub(crate) const CONTROL_2: u16 = 1 << 11;
    /// A line begins with a cue that weighs something.
    pub(crate) const EARLY: u16 = 1 << 12;
    /// What says more of another cue.
    pub(crate) const NOTES: u16 = FRAME_2 | CONTROL_2 | EARLY;
    /// The kinds that ask the reader for something.
    pub(crate) const ASKING: u16 = PHRASE | LABEL | VERB | ASK;
    /// The kinds that count only as the whole of a line.
    pub(crate) const WHOLE: u16 = LABEL | CONTROL;
}

/// The built-in cues, as `build.rs` writes them: folded, sorted, and ready to be looked up. Nothing is left to do when a
/// cleaner is made.
mod built_in {
    include!(concat!(env!("OUT_DIR"), "/cues.rs"));
}

/// A cue that was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Match {
    /// [`Category::index`].
    pub(crate) category: u8,
    /// A bit of [`kind`].
    pub(crate) kind: u16,
    /// The words it covers.
    pub(crate) first: u16,
    pub(crate) after: u16,
}

/// A table of cues by the four bytes that tell them apart: open addressing, an empty place is 0.
#[derive(Clone, Copy, Debug)]
struct Table {
    keys: &'static [u32],
    /// The first cue of the key, and the one after its last.
    groups: &'static [(u32, u32)],
}

impl Table {
    /// The places of the cues of a key, in `OFFSETS`.
    fn get(self, key: u32) -> std::ops::Range<usize> {
        let mask = self.keys.len() - 1;
        let mut at = key::place(key) & mask;
        loop {
            match self.keys[at] {
                0 => return 0..0,
                found if found == key => {
                    let (first, after) = self.groups[at];
                    return first as usize..after as usize;
                }
                _ => at = (at + 1) & mask,
            }
        }
    }
}

/// By the four bytes they begin with, or all they have where that is fewer. Those of eight bytes and more are in [`LONG`].
const STARTS: Table = Table { keys: &built_in::START_KEYS, groups: &built_in::START_GROUPS };
/// By a hash of their first eight bytes.
const LONG: Table = Table { keys: &built_in::LONG_KEYS, groups: &built_in::LONG_GROUPS };
/// Those whose first word may begin earlier, by the last four bytes of that word.
const ENDS: Table = Table { keys: &built_in::END_KEYS, groups: &built_in::END_GROUPS };

/// The cues of some categories, ready to be looked up.
#[derive(Debug)]
pub(crate) struct Lexicon {
    enabled: [bool; 7],
}

impl Lexicon {
    /// How many words may follow a label that ends in `*`.
    const MORE: usize = 6;

    pub(crate) fn new(categories: &[Category]) -> Self {
        Self { enabled: Category::ALL.map(|c| categories.contains(&c)) }
    }

    /// Whether the category with this [`Category::index`] is among them.
    pub(crate) fn covers(&self, category: usize) -> bool {
        self.enabled[category]
    }

    /// Finds all cues of a line.
    pub(crate) fn find(&self, line: &Folded, found: &mut Vec<Match>) {
        found.clear();
        let text = &line.text[..];
        for (index, word) in line.words.iter().enumerate() {
            let start = usize::from(word.start);
            if let Some(key) = text[start..].first_chunk() {
                self.note(STARTS.get(u32::from_le_bytes(*key)), line, index, found);
            }
            // A bitmap that fits the processor's cache answers for most words.
            if let Some(&head) = text[start..].first_chunk()
                && let head = u64::from_le_bytes(head)
                && bits::has(&built_in::LONG_BITS, bits::long(head))
            {
                self.note(LONG.get(key::long_key(head)), line, index, found);
            }
            let own = &text[start..usize::from(word.end)];
            if own.len() < 4 {
                self.note(STARTS.get(key::first_four(own)), line, index, found);
            } else {
                self.note(ENDS.get(key::last_four(own)), line, index, found);
            }
        }
    }

    /// Adds those of `cues` that stand at the word at `index`.
    fn note(&self, cues: std::ops::Range<usize>, line: &Folded, index: usize, found: &mut Vec<Match>) {
        if cues.is_empty() {
            return;
        }
        let word = line.words[index];
        let head = key::first_eight(&line.text[usize::from(word.start)..]);
        let first = cues.start;
        for (i, &cue_head) in built_in::HEADS[cues].iter().enumerate() {
            // A shorter cue has zeros at its end, which say nothing.
            let mask = u64::MAX.checked_shr(cue_head.leading_zeros() & !7).unwrap_or(0);
            if (cue_head ^ head) & mask != 0 {
                continue;
            }
            let cue = Cue::at(first + i);
            let start = if cue.early() {
                let Some(start) = usize::from(word.end)
                    .checked_sub(key::first_word(cue.text))
                    .filter(|&s| s >= usize::from(word.start))
                else {
                    continue;
                };
                start
            } else {
                usize::from(word.start)
            };
            if !line.text[start..].starts_with(cue.text) {
                continue;
            }
            let end = start + cue.text.len();
            if !cue.open() && !ends_word(&line.text, end) {
                continue;
            }
            let inside = line.words[index..].iter().take_while(|w| usize::from(w.start) < end).count();
            let after = index + inside;
            let left = line.words.len() - after;
            let whole = index == 0 && (left == 0 || (cue.more() && left <= Self::MORE));
            for &(category, kind) in cue.meanings {
                if !self.covers(category.into()) {
                    continue;
                }
                if kind & kind::WHOLE == 0 {
                    found.push(Match { category, kind, first: index as u16, after: after as u16 });
                } else if whole {
                    found.push(Match { category, kind, first: 0, after: line.words.len() as u16 });
                }
            }
        }
    }
}

/// One of the built-in cues.
struct Cue {
    text: &'static [u8],
    flags: u8,
    /// What it says, by [`Category::index`].
    meanings: &'static [(u8, u16)],
}

impl Cue {
    fn at(at: usize) -> Self {
        let text = &built_in::TEXT.as_bytes()[built_in::OFFSETS[at] as usize..built_in::OFFSETS[at + 1] as usize];
        let (flags, meanings) = built_in::SENSES[usize::from(built_in::SENSE_OF[at])];
        Self { text, flags, meanings }
    }

    /// The last word may go on.
    fn open(&self) -> bool {
        self.flags & key::OPEN != 0
    }

    /// More words may follow; for labels.
    fn more(&self) -> bool {
        self.flags & key::MORE != 0
    }

    /// The first word may begin earlier.
    fn early(&self) -> bool {
        self.flags & key::EARLY != 0
    }
}

/// Longer lines can be chaff in one category only, and must have a cue of certain kinds then.
pub(crate) use built_in::SHORT_WORDS;

/// Whether a line may have such a cue. Most prose has not, and need not be looked at any further.
pub(crate) fn has_long_cue(line: &Folded) -> bool {
    let seen = |key| bits::has(&built_in::PROSE_BITS, bits::prose(key));
    line.words.iter().any(|word| {
        let (start, end) = (usize::from(word.start), usize::from(word.end));
        let head = line.text[start..].first_chunk().map_or(0, |key| u32::from_le_bytes(*key));
        seen(head) || seen(key::last_four(&line.text[start..end]))
    })
}

/// Whether a word may end at `end`.
fn ends_word(text: &[u8], end: usize) -> bool {
    match text.get(end) {
        None | Some(b' ' | b'.') => true,
        Some(_) => {
            let before = text[..end].iter().rposition(|&b| b & 0xC0 != 0x80);
            let unspaced = |at: usize| is_unspaced(fold::decode(&text[at..]).0);
            unspaced(end) || before.is_some_and(unspaced)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found for subscriptions in `text`: kind, first word, word after it. Of the built-in cues.
    fn find(text: &str) -> Vec<(u16, u16, u16)> {
        let mut line = Folded::default();
        line.read(text.as_bytes());
        let mut found = Vec::new();
        Lexicon::new(&[Category::Subscription]).find(&line, &mut found);
        found.iter().map(|m| (m.kind, m.first, m.after)).collect()
    }

    #[test]
    fn cues_match_whole_words_and_what_a_star_lets_go_on() {
        use kind::{FRAME, OBJECT, VERB};
        let has = |text, m: (u16, u16, u16)| find(text).contains(&m);
        assert!(has("Please subscribe: your in-box", (VERB, 1, 2)));
        assert!(has("Please subscribe: your in-box", (OBJECT, 2, 4)));
        assert!(!find("subscriberly").iter().any(|m| m.0 == VERB));
        assert!(has("Unser Wochennewsletter", (OBJECT, 1, 2)));
        assert!(!find("your. inbox").iter().any(|m| m.0 == OBJECT));
        assert!(has("今すぐ無料で", (FRAME, 3, 5)));
    }

    #[test]
    fn labels_are_the_whole_line() {
        use kind::LABEL;
        let labels = |text| find(text).iter().filter(|m| m.0 == LABEL).map(|m| (m.1, m.2)).collect::<Vec<_>>();
        assert_eq!(labels("Newsletter signup!")[..1], [(0, 2)]);
        assert_eq!(labels("Newsletter signup of the town"), []);
    }
}
