//! What stands directly before an element, where text after it could join with it.

use crate::tree::watch::Left;

/// What stands directly before the next tag.
#[derive(Debug)]
pub(crate) struct LeftContext {
    /// The end of the text before it.
    tail: [u8; LeftContext::LENGTH],
    length: usize,
    /// A tag stands there that drops a line feed after it.
    pre: bool,
    /// The page begins there.
    start: bool,
}

impl LeftContext {
    /// Longer than any named character reference.
    const LENGTH: usize = 48;

    pub(crate) const fn new() -> Self {
        Self { tail: [0; Self::LENGTH], length: 0, pre: false, start: true }
    }

    /// A piece of text.
    pub(crate) fn note_text(&mut self, text: &[u8]) {
        (self.pre, self.start) = (false, false);
        if let Some(&tail) = text.last_chunk() {
            (self.tail, self.length) = (tail, Self::LENGTH);
            return;
        }
        let keep = self.length.min(Self::LENGTH - text.len());
        self.tail.copy_within(self.length - keep..self.length, 0);
        self.tail[keep..keep + text.len()].copy_from_slice(text);
        self.length = keep + text.len();
    }

    /// Anything but text; `pre`: it is a tag that drops a line feed after it.
    pub(crate) fn note_markup(&mut self, pre: bool) {
        self.length = 0;
        (self.pre, self.start) = (pre, false);
    }

    /// What an element that starts here has before it.
    pub(crate) fn left(&self) -> Left {
        let tail = &self.tail[..self.length];
        match tail.last() {
            None if self.pre => Left::PreTag,
            None if self.start => Left::Start,
            None => Left::Clean,
            Some(b'<') => Left::LessThan,
            Some(b'\r') => Left::CarriageReturn,
            Some(_) if is_replaced(tail) => Left::Replaced,
            Some(0x80..) if is_cut_off(tail) => Left::CutOff,
            Some(0x80..) => Left::Clean,
            Some(_) => {
                let name = tail.iter().rev().take_while(|c| c.is_ascii_alphanumeric() || **c == b'#').count();
                if name == Self::LENGTH || (name < tail.len() && tail[tail.len() - name - 1] == b'&') {
                    Left::Ampersand
                } else {
                    Left::Clean
                }
            }
        }
    }
}

/// Whether `text` ends in a replacement character. After the first byte of a character of gb18030, and of an escape sequence of
/// ISO-2022-JP, there may be the second one.
fn is_replaced(text: &[u8]) -> bool {
    let text = match text {
        [before @ .., b'0'..=b'9' | b'$' | b'('] => before,
        _ => text,
    };
    text.ends_with("\u{FFFD}".as_bytes())
}

/// Whether `text` ends within a character.
fn is_cut_off(text: &[u8]) -> bool {
    let last = &text[text.len().saturating_sub(3)..];
    let start = last.iter().rposition(|byte| *byte >= 0xC2).unwrap_or(0);
    std::str::from_utf8(&last[start..]).is_err_and(|error| error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_that_can_join_matters() {
        for (text, want) in [
            ("a b", Left::Clean),
            ("a <", Left::LessThan),
            ("a\r", Left::CarriageReturn),
            ("a\r\n", Left::Clean),
            ("R&D", Left::Ampersand),
            ("R&", Left::Ampersand),
            ("&#12", Left::Ampersand),
            ("&amp;", Left::Clean),
            ("& a", Left::Clean),
            ("caf\u{e9}", Left::Clean),
            ("a\u{FFFD}", Left::Replaced),
            ("a\u{FFFD}0", Left::Replaced),
        ] {
            for cut in 0..=text.len() {
                let mut context = LeftContext::new();
                context.note_text(&text.as_bytes()[..cut]);
                context.note_text(&text.as_bytes()[cut..]);
                assert_eq!(context.left(), want, "{text:?} cut at {cut}");
            }
        }
        for (text, want) in [
            (&b"a\xE3"[..], Left::CutOff),
            (b"a\xE3\x81", Left::CutOff),
            (b"a\xE3\x81\x82", Left::Clean),
            (b"\xF0\x9F\x98", Left::CutOff),
            (b"\xF0\x9F\x98\x80", Left::Clean),
            (b"\x80\x80\x80", Left::Clean),
            (b"caf\xE9", Left::CutOff),
        ] {
            let mut context = LeftContext::new();
            context.note_text(text);
            assert_eq!(context.left(), want, "{text:?}");
        }
        assert_eq!(LeftContext::new().left(), Left::Start);
        let mut context = LeftContext::new();
        context.note_text("&".repeat(3).as_bytes());
        context.note_text("0".repeat(100).as_bytes());
        assert_eq!(context.left(), Left::Ampersand);
        context.note_markup(true);
        assert_eq!(context.left(), Left::PreTag);
    }
}
