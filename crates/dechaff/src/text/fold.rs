//! Brings text into the form in which cues are compared: words of plain lower-case letters, one space between them.
//!
//! What is folded is said in `cues/README.md`. `build.rs` folds the cues with this file, the library the text of pages.

use super::characters::{self, DROP, SPACE};

/// Bytes that the log of a block's text has in it besides text.
pub(crate) mod mark {
    /// Between two lines: a block began or ended there.
    pub(crate) const LINE: u8 = 0x1D;
    /// The same, where it is not decided yet whether that block stays.
    pub(crate) const PERHAPS: u8 = 0x1C;
    /// What follows is the text of a link.
    pub(crate) const LINK: u8 = 0x1E;
    /// And here it ends.
    pub(crate) const LINK_END: u8 = 0x1F;
}

/// A line of text, folded.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    /// The words, one space between two; a full stop directly after the last word of a sentence.
    pub(crate) text: Vec<u8>,
    pub(crate) words: Vec<Word>,
    /// Characters of scripts without spaces among the words.
    unspaced: u32,
    /// How many sentences end before the end of the line.
    pub(crate) sentences: u32,
    /// The first word after an opening quotation mark.
    pub(crate) quoted_from: Option<u16>,
}

/// A word of a folded line, or one character of a script that is written without spaces.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    pub(crate) start: u16,
    pub(crate) end: u16,
    pub(crate) linked: bool,
}

/// Longer lines are no blurbs. In bytes of folded text.
pub(crate) const LONGEST: usize = 4096;

/// Nor are those of more characters, white space left out; cookie notices have up to 1,200.
const MOST_CHARACTERS: usize = 1400;

impl Folded {
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.words.clear();
        self.unspaced = 0;
        self.sentences = 0;
        self.quoted_from = None;
    }

    /// Length in words: two characters of a script without spaces count as one.
    pub(crate) fn length(&self) -> u32 {
        self.words.len() as u32 - self.unspaced + self.unspaced.div_ceil(2)
    }

    /// Folds `line`, which may have link marks in it. False where it is longer than any blurb.
    pub(crate) fn read(&mut self, line: &[u8]) -> bool {
        self.clear();
        // Characters, not bytes: all but those that go on with one. How much white space came in depends on the chunks.
        let counts = |b: &&u8| **b & 0xC0 != 0x80 && !b.is_ascii_whitespace();
        if line.len() > MOST_CHARACTERS && line.iter().filter(counts).count() > MOST_CHARACTERS {
            return false;
        }
        let mut writer = Writer { out: self, in_word: false, linked: false };
        writer.read(line)
    }
}

/// Folds a cue: the same as a line without links.
#[cfg_attr(not(test), allow(dead_code))]
pub(crate) fn fold(cue: &str) -> Vec<u8> {
    let mut folded = Folded::default();
    folded.read(cue.as_bytes());
    folded.text
}

/// Whether words of the script of `c` stand next to each other without a space.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x20000..)
}

struct Writer<'a> {
    out: &'a mut Folded,
    in_word: bool,
    linked: bool,
}

impl Writer<'_> {
    fn read(&mut self, line: &[u8]) -> bool {
        let mut at = 0;
        while at < line.len() {
            if self.out.text.len() > LONGEST {
                return false;
            }
            let byte = line[at];
            if byte.is_ascii_alphabetic() {
                let rest = &line[at..];
                let length = rest.iter().position(|c| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
                self.letters(&rest[..length]);
                at += length;
                continue;
            }
            if byte == b' ' {
                self.in_word = false;
                at += 1;
                continue;
            }
            if byte < 0x80 {
                at += match byte {
                    b'&' => self.reference(&line[at..]),
                    b'.' | b',' if self.in_word && between_digits(line, at) => 1,
                    b'.' | b'!' | b'?' => {
                        // Not in `example.com`.
                        if line.get(at + 1).is_none_or(|c| !c.is_ascii_alphanumeric()) {
                            self.stop();
                        } else {
                            self.in_word = false;
                        }
                        1
                    }
                    b'"' => {
                        self.quote();
                        1
                    }
                    mark::LINK | mark::LINK_END => {
                        self.linked = byte == mark::LINK;
                        self.in_word = false;
                        1
                    }
                    _ => {
                        self.put(characters::fold(u16::from(byte)), false);
                        1
                    }
                };
                continue;
            }
            let (c, length) = decode(&line[at..]);
            self.character(c);
            at += length;
        }
        true
    }

    /// Letters of the Latin alphabet: most of the text on most pages.
    fn letters(&mut self, letters: &[u8]) {
        self.begin_word();
        // One bit makes them small.
        self.out.text.extend(letters.iter().map(|letter| letter | 0x20));
        self.end_word();
    }

    /// A character reference, or a lone `&`: how many bytes it has.
    fn reference(&mut self, rest: &[u8]) -> usize {
        let end = rest.iter().take(40).position(|&c| c == b';');
        if let Some(end) = end
            && let Ok(reference) = std::str::from_utf8(&rest[..=end])
        {
            let known = characters::refer(reference, |c| self.character(c));
            if known {
                return end + 1;
            }
        }
        self.in_word = false;
        1
    }

    fn character(&mut self, c: char) {
        match c {
            '。' | '！' | '？' | '．' | '…' | '؟' | '।' | '｡' | '.' | '!' | '?' => self.stop(),
            '"' | '“' | '„' | '«' | '»' | '「' | '『' | '‹' | '›' | '〈' | '《' => self.quote(),
            _ => {
                let code = u32::from(c);
                let folded = match u16::try_from(code) {
                    Ok(code) => characters::fold(code),
                    Err(_) if is_unspaced(c) => return self.put_char(c),
                    Err(_) => SPACE,
                };
                self.put(folded, true);
            }
        }
    }

    fn put(&mut self, folded: u16, wide: bool) {
        match folded {
            DROP => {}
            SPACE => self.in_word = false,
            _ if wide => self.put_char(char::from_u32(folded.into()).unwrap_or(' ')),
            _ => {
                let byte = folded as u8;
                // A number is one sign, whatever its digits.
                if byte == b'#' && self.in_word && self.out.text.last() == Some(&b'#') {
                    return;
                }
                self.begin_word();
                self.out.text.push(byte);
                self.end_word();
            }
        }
    }

    fn put_char(&mut self, c: char) {
        if c.is_ascii() {
            return self.put(u16::from(c as u8), false);
        }
        let mut bytes = [0; 4];
        let bytes = c.encode_utf8(&mut bytes).as_bytes();
        if is_unspaced(c) {
            let start = self.out.text.len() as u16;
            self.out.text.extend_from_slice(bytes);
            self.out.words.push(Word { start, end: self.out.text.len() as u16, linked: self.linked });
            self.out.unspaced += 1;
            self.in_word = false;
        } else {
            self.begin_word();
            self.out.text.extend_from_slice(bytes);
            self.end_word();
        }
    }

    fn begin_word(&mut self) {
        if self.in_word {
            return;
        }
        self.in_word = true;
        let text = &mut self.out.text;
        // No space beside characters that have none.
        let after_spaced = text.last().is_some_and(|&c| c < 0x80 || !last_char(text).is_some_and(is_unspaced));
        if after_spaced {
            text.push(b' ');
        }
        let start = text.len() as u16;
        self.out.words.push(Word { start, end: start, linked: self.linked });
    }

    fn end_word(&mut self) {
        if let Some(word) = self.out.words.last_mut() {
            word.end = self.out.text.len() as u16;
        }
    }

    /// A quotation begins (or one ends: where it began is known then).
    fn quote(&mut self) {
        self.in_word = false;
        self.out.quoted_from.get_or_insert(self.out.words.len() as u16);
    }

    /// A sentence ends.
    fn stop(&mut self) {
        self.in_word = false;
        if self.out.text.last().is_some_and(|&c| c != b'.') {
            self.out.text.push(b'.');
            self.out.sentences += 1;
        }
    }
}

/// Whether the byte at `at` parts a number: `12,500`.
fn between_digits(line: &[u8], at: usize) -> bool {
    let digit = |i: Option<usize>| i.and_then(|i| line.get(i)).is_some_and(u8::is_ascii_digit);
    digit(at.checked_sub(1)) && digit(Some(at + 1))
}

/// The last character of folded text.
fn last_char(text: &[u8]) -> Option<char> {
    let start = text.iter().rposition(|&b| b & 0xC0 != 0x80)?;
    Some(decode(&text[start..]).0)
}

/// The character that `bytes` begin with, and its length in bytes. A byte that is no UTF-8 is taken as Latin-1: text in another
/// encoding is no worse for it.
pub(crate) fn decode(bytes: &[u8]) -> (char, usize) {
    let chunk = &bytes[..bytes.len().min(4)];
    let valid = match std::str::from_utf8(chunk) {
        Ok(text) => text,
        Err(e) => std::str::from_utf8(&chunk[..e.valid_up_to()]).unwrap_or_default(),
    };
    match valid.chars().next() {
        Some(c) => (c, c.len_utf8()),
        None => (char::from(bytes[0]), 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_folded_as_the_readme_says() {
        for (text, want) in [
            ("Don't MISS  our E\u{2011}Mail!", "don t miss our email."),
            ("d\u{2019}information, caf\u{e9}", "d information cafe"),
            ("Join 15,000+ readers", "join # readers"),
            ("\u{c9}VAST\u{c9}ITA k\u{e4}ytt\u{e4}\u{e4}", "evasteita kayttaa"),
            ("e&#45;mail &amp; &eacute;t&eacute;&nbsp;x", "email ete x"),
            ("\u{130}stanbul \u{131}l\u{131}k", "istanbul ilik"),
            ("ΕΓΓΡΑΦΕΊΤΕ στις", "εγγραφειτε στισ"),
            ("Подпишитесь ещё", "подпишитесь еще"),
            ("Cookie を使用します。OK", "cookieを使用します. ok"),
            ("쿠키를 사용 합니다", "쿠키를사용합니다"),
            ("ＮＥＷＳ ｸｯｷｰ", "newsクッキー"),
            ("see example.com. Then", "see example com. then"),
            ("أضف تعليقاً", "اضف تعليقا"),
            ("a\u{ad}b\u{200b}c\u{200f}", "abc"),
        ] {
            assert_eq!(String::from_utf8(fold(text)).unwrap(), want, "{text}");
        }
    }

    #[test]
    fn any_bytes_are_read() {
        let mut folded = Folded::default();
        for bytes in [&b"\xff\xfe caf\xe9"[..], b"\xc3", b"\xe3\x82", b"&", b"&#xFFFFFFFF;", b"&;"] {
            assert!(folded.read(bytes));
            assert!(std::str::from_utf8(&folded.text).is_ok());
        }
        assert!(!folded.read("word ".repeat(400).as_bytes()));
    }
}
