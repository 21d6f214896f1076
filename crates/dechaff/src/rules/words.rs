//! Splits ids and class tokens into words.

/// Tokens longer than this many bytes are hashes or data, not names.
const LONGEST: usize = 96;
/// And this many words are a sentence.
const MOST_WORDS: usize = 16;

/// The words of one token, lower-cased, in order.
pub(crate) struct Words {
    lower: [u8; LONGEST],
    /// Start and end of each word in `lower`.
    spans: [(u8, u8); MOST_WORDS],
    length: usize,
}

impl Words {
    /// Splits at punctuation and at case humps: `c-news__OptIn` has `c`, `news`, `opt`, `in`; `HTMLForm` has `html`,
    /// `form`. Digits and bytes beyond ASCII belong to the word they stand in. A token that is too long has none.
    pub(crate) fn split(token: &[u8]) -> Self {
        let mut words = Self { lower: [0; LONGEST], spans: [(0, 0); MOST_WORDS], length: 0 };
        if token.len() > LONGEST {
            return words;
        }
        let in_word = |c: u8| c.is_ascii_alphanumeric() || c >= 0x80;
        let mut start = 0;
        for i in 0..=token.len() {
            let ends = match token.get(i) {
                None => true,
                Some(&c) if !in_word(c) => true,
                Some(c) => i > start && c.is_ascii_uppercase() && hump(token, i),
            };
            if ends {
                if i > start && words.length < MOST_WORDS {
                    words.spans[words.length] = (start as u8, i as u8);
                    words.length += 1;
                }
                start = i;
            }
            if let Some(&c) = token.get(i) {
                words.lower[i] = c.to_ascii_lowercase();
                if !in_word(c) {
                    start = i + 1;
                }
            }
        }
        words
    }

    pub(crate) fn len(&self) -> usize {
        self.length
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.spans[..self.length].iter().map(|&(start, end)| &self.lower[start as usize..end as usize])
    }
}

/// Whether a new word starts at the capital at `i`: after a small letter or digit, or before a small letter in a run of
/// capitals.
fn hump(token: &[u8], i: usize) -> bool {
    !token[i - 1].is_ascii_uppercase() || token.get(i + 1).is_some_and(u8::is_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::Words;

    fn split(token: &str) -> String {
        let words = Words::split(token.as_bytes());
        let words: Vec<_> = words.iter().map(|w| String::from_utf8_lossy(w).into_owned()).collect();
        words.join(" ")
    }

    #[test]
    fn tokens_split_at_punctuation_and_humps() {
        for (token, want) in [
            ("newsletterForm", "newsletter form"),
            ("newsletter_form", "newsletter form"),
            ("c-newsletter__form", "c newsletter form"),
            ("HTMLForm", "html form"),
            ("CookieBanner_wrapper__9Zx", "cookie banner wrapper 9 zx"),
            ("md:flex", "md flex"),
            ("share2", "share2"),
            ("--", ""),
            ("", ""),
            ("Ähnlich-größer", "Ähnlich größer"),
            ("ABC", "abc"),
        ] {
            assert_eq!(split(token), want, "{token}");
        }
    }

    #[test]
    fn overlong_tokens_have_no_words() {
        assert_eq!(split(&"cookie-".repeat(20)), "");
        assert_eq!(split(&"a-".repeat(40)).split(' ').count(), 16);
    }
}
