//! The cues of all languages, and the search for them in a folded line.
//!
//! Thousands of cues, and nearly every line has none. So a line is not searched for cues; its words are looked up: the first
//! four bytes at each word choose a handful of cues that begin so, and a bitmap of 8 KiB says for most words that there are
//! none. An automaton over all cues was weighed: as a DFA it takes tens of megabytes, as an NFA it is slower than this.

use hashbrown::HashMap;

use super::fold::{self, Folded, is_unspaced};
use crate::Category;

/// A cue as `build.rs` writes it.
pub(crate) struct CueDef {
    pub(crate) category: Category,
    /// The place of its kind in [`kind`].
    pub(crate) kind: u8,
    pub(crate) text: &'static str,
}

/// The kinds, as bits; what they are says `cues/README.md`.
pub(crate) mod kind {
    pub(crate) const PHRASE: u16 = 1;
    pub(crate) const LABEL: u16 = 1 << 1;
    pub(crate) const VERB: u16 = 1 << 2;
    pub(crate) const ASK: u16 = 1 << 3;
    pub(crate) const OBJECT: u16 = 1 << 4;
    pub(crate) const FRAME: u16 = 1 << 5;
    pub(crate) const ENDPOINT: u16 = 1 << 6;
    pub(crate) const CONTROL: u16 = 1 << 7;
    pub(crate) const PART: u16 = 1 << 8;
    pub(crate) const NOT: u16 = 1 << 9;
    /// A second, different frame.
    pub(crate) const FRAME_2: u16 = 1 << 10;
    /// A second control.
    pub(crate) const CONTROL_2: u16 = 1 << 11;
    /// The kinds that ask the reader for something.
    pub(crate) const ASKING: u16 = PHRASE | LABEL | VERB | ASK;
    /// The kinds that count only as the whole of a line.
    pub(crate) const WHOLE: u16 = LABEL | CONTROL;
}

/// The built-in cues.
mod built_in {
    use super::CueDef;
    use crate::Category;

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

#[derive(Debug)]
struct Cue {
    text: Box<[u8]>,
    /// The last word may go on.
    open: bool,
    /// More words may follow; for labels.
    more: bool,
    /// What it says, by category.
    meanings: Vec<(u8, u16)>,
}

/// The cues of some categories, ready to be looked up.
#[derive(Debug)]
pub(crate) struct Lexicon {
    /// By the four bytes they begin with.
    starts: HashMap<[u8; 4], Vec<Cue>>,
    /// Those of fewer than four bytes, by all they are.
    short: HashMap<[u8; 4], Vec<Cue>>,
    /// Those whose first word may begin earlier, by the last four bytes of that word.
    ends: HashMap<[u8; 4], Vec<Cue>>,
    /// What begins no cue.
    seen: Box<[u64; Lexicon::SEEN]>,
}

impl Lexicon {
    /// 64 Ki bits.
    const SEEN: usize = 1024;
    /// How many words may follow a label that ends in `*`.
    const MORE: usize = 6;

    pub(crate) fn new(categories: &[Category]) -> Self {
        let mut lexicon = Self {
            starts: HashMap::new(),
            short: HashMap::new(),
            ends: HashMap::new(),
            seen: Box::new([0; Self::SEEN]),
        };
        for def in built_in::CUES.iter().filter(|d| categories.contains(&d.category)) {
            lexicon.add(def);
        }
        lexicon
    }

    fn add(&mut self, def: &CueDef) {
        let (text, early) = def.text.strip_prefix('*').map_or((def.text, false), |t| (t, true));
        let (text, open) = text.strip_suffix('*').map_or((text, false), |t| (t, true));
        let more = open && text.ends_with(' ');
        let folded = fold::fold(text);
        let folded = folded.trim_ascii_end().to_vec();
        if folded.is_empty() {
            return;
        }
        let (table, key) = if early {
            let first = folded.iter().position(|&c| c == b' ').unwrap_or(folded.len());
            (&mut self.ends, last_four(&folded[..first]))
        } else if folded.len() < 4 {
            (&mut self.short, first_four(&folded))
        } else {
            let key = first_four(&folded);
            self.seen[place(key) / 64] |= 1 << (place(key) % 64);
            (&mut self.starts, key)
        };
        let cues = table.entry(key).or_default();
        let meaning = (def.category.index() as u8, 1 << def.kind);
        let open = open && !more;
        match cues.iter_mut().find(|c| *c.text == *folded && c.open == open && c.more == more) {
            Some(cue) if cue.meanings.contains(&meaning) => {}
            Some(cue) => cue.meanings.push(meaning),
            None => cues.push(Cue { text: folded.into(), open, more, meanings: vec![meaning] }),
        }
    }

    /// Finds all cues of a line.
    pub(crate) fn find(&self, line: &Folded, found: &mut Vec<Match>) {
        found.clear();
        let text = &line.text[..];
        for (index, word) in line.words.iter().enumerate() {
            let start = usize::from(word.start);
            let rest = &text[start..];
            if rest.len() >= 4 {
                let key = first_four(rest);
                if self.seen[place(key) / 64] & 1 << (place(key) % 64) != 0
                    && let Some(cues) = self.starts.get(&key)
                {
                    note(cues, line, index, start, found);
                }
            }
            let own = &text[start..usize::from(word.end)];
            if own.len() < 4
                && let Some(cues) = self.short.get(&first_four(own))
            {
                note(cues, line, index, start, found);
            } else if own.len() > 4
                && !self.ends.is_empty()
                && let Some(cues) = self.ends.get(&last_four(own))
            {
                for cue in cues {
                    let first = cue.text.iter().position(|&c| c == b' ').unwrap_or(cue.text.len());
                    if own.len() >= first {
                        note(std::slice::from_ref(cue), line, index, usize::from(word.end) - first, found);
                    }
                }
            }
        }
    }
}

/// Adds those of `cues` that stand at `start`, in the word at `index`.
fn note(cues: &[Cue], line: &Folded, index: usize, start: usize, found: &mut Vec<Match>) {
    for cue in cues {
        if !line.text[start..].starts_with(&cue.text) {
            continue;
        }
        let end = start + cue.text.len();
        if !cue.open && !ends_word(&line.text, end) {
            continue;
        }
        let inside = line.words[index..].iter().take_while(|w| usize::from(w.start) < end).count();
        let after = index + inside;
        let rest = line.words.len() - after;
        let whole = index == 0 && (rest == 0 || (cue.more && rest <= Lexicon::MORE));
        for &(category, kind) in &cue.meanings {
            if kind & kind::WHOLE == 0 || whole {
                let after = if kind & kind::WHOLE == 0 { after } else { line.words.len() };
                found.push(Match { category, kind, first: index as u16, after: after as u16 });
            }
        }
    }
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

fn first_four(text: &[u8]) -> [u8; 4] {
    let mut key = [0; 4];
    let length = text.len().min(4);
    key[..length].copy_from_slice(&text[..length]);
    key
}

fn last_four(word: &[u8]) -> [u8; 4] {
    first_four(&word[word.len().saturating_sub(4)..])
}

/// Where a key has its bit.
fn place(key: [u8; 4]) -> usize {
    (u32::from_le_bytes(key).wrapping_mul(0x9E37_79B1) >> 16) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon(cues: &'static [(&'static str, u16)]) -> Lexicon {
        let mut lexicon = Lexicon::new(&[]);
        for &(text, bit) in cues {
            let kind = bit.trailing_zeros() as u8;
            lexicon.add(&CueDef { category: Category::Subscription, kind, text });
        }
        lexicon
    }

    fn find(lexicon: &Lexicon, text: &str) -> Vec<(u16, u16, u16)> {
        let mut line = Folded::default();
        line.read(text.as_bytes());
        let mut found = Vec::new();
        lexicon.find(&line, &mut found);
        found.iter().map(|m| (m.kind, m.first, m.after)).collect()
    }

    #[test]
    fn cues_match_whole_words_and_what_a_star_lets_go_on() {
        use kind::{FRAME, OBJECT, VERB};
        let cues = lexicon(&[
            ("subscribe", VERB),
            ("abonnier*", VERB),
            ("your inbox", OBJECT),
            ("*newsletter", OBJECT),
            ("無料", FRAME),
            ("fb", FRAME),
        ]);
        assert_eq!(find(&cues, "Please subscribe: your in-box"), [(VERB, 1, 2), (OBJECT, 2, 4)]);
        assert_eq!(find(&cues, "subscribers"), []);
        assert_eq!(find(&cues, "Jetzt abonnieren. Die Wochennewsletter"), [(VERB, 1, 2), (OBJECT, 3, 4)]);
        assert_eq!(find(&cues, "your. inbox"), []);
        assert_eq!(find(&cues, "今すぐ無料で fb"), [(FRAME, 3, 5), (FRAME, 6, 7)]);
    }

    #[test]
    fn labels_are_the_whole_line() {
        use kind::{CONTROL, LABEL};
        let cues = lexicon(&[("leave a reply", LABEL), ("reply to *", LABEL), ("ok", CONTROL)]);
        assert_eq!(find(&cues, "Leave a reply!"), [(LABEL, 0, 3)]);
        assert_eq!(find(&cues, "Leave a reply now"), []);
        assert_eq!(find(&cues, "Reply to Ada Lovelace"), [(LABEL, 0, 4)]);
        assert_eq!(find(&cues, "Reply to a b c d e f g"), []);
        assert_eq!(find(&cues, "OK"), [(CONTROL, 0, 1)]);
        assert_eq!(find(&cues, "ok then"), []);
    }
}
