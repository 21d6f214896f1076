//! The words of a piece of markup.

use std::ops::ControlFlow;

use super::markup::{Gap, Kind, pieces};

/// The first words of what is read in `markup`, in about `limit` characters at most. What is left out is an ellipsis.
pub(crate) fn first_words(markup: &str, limit: usize) -> String {
    let (mut words, mut count) = (String::new(), 0);
    let _ = read(markup, |c| {
        words.push(c);
        count += 1;
        // One more, to know whether that was all.
        if count > limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    shorten(&words, limit)
}

/// The start tag that `markup` begins with, shortened likewise.
pub(crate) fn start_tag(markup: &str, limit: usize) -> String {
    let tag = pieces(markup).next().map_or("", |piece| &markup[piece.range]);
    let start = tag.char_indices().nth(limit * 8).map_or(tag, |(end, _)| &tag[..end]);
    let tag = start.split_whitespace().collect::<Vec<_>>().join(" ");
    shorten(&tag, limit)
}

/// How many words are read in `markup`: what stands between spaces.
pub(crate) fn count_words(markup: &str) -> u64 {
    let (mut count, mut inside) = (0, false);
    let _ = read(markup, |c| {
        count += u64::from(c != ' ' && !inside);
        inside = c != ' ';
        ControlFlow::Continue(())
    });
    count
}

/// `text` in at most `limit` characters. It ends with a whole word, unless that would be less than half of it.
fn shorten(text: &str, limit: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(limit) else { return text.trim_end().to_owned() };
    let start = &text[..end];
    let whole = match start.rfind(' ').filter(|at| *at >= end / 2) {
        Some(at) if !text[end..].starts_with(' ') => &start[..at],
        _ => start,
    };
    format!("{}…", whole.trim_end())
}

/// Gives the characters that are read in `markup`, with one space for each run of them. None comes first.
fn read(markup: &str, mut give: impl FnMut(char) -> ControlFlow<()>) -> ControlFlow<()> {
    let (mut space, mut begun) = (false, false);
    for piece in pieces(markup) {
        let mut rest = match piece.kind {
            Kind::Text => &markup[piece.range],
            Kind::Tag(gap) => {
                space |= gap != Gap::None;
                continue;
            }
            Kind::Hidden => continue,
        };
        while let Some(first) = rest.chars().next() {
            let (c, length) = reference(rest).unwrap_or((first, first.len_utf8()));
            rest = &rest[length..];
            if c.is_whitespace() {
                space = true;
                continue;
            }
            if space && begun {
                give(' ')?;
            }
            (space, begun) = (false, true);
            give(c)?;
        }
    }
    ControlFlow::Continue(())
}

/// The character that the reference at the start of `text` stands for, and its length. Of those with a name only the most
/// frequent ones are known; others are shown as they are written.
fn reference(text: &str) -> Option<(char, usize)> {
    let body = text.strip_prefix('&')?;
    let end = body.bytes().take(10).position(|byte| byte == b';')?;
    let name = &body[..end];
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "hellip" => '…',
        "mdash" => '—',
        "ndash" => '–',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "laquo" => '«',
        "raquo" => '»',
        "copy" => '©',
        "times" => '×',
        "bull" => '•',
        "middot" => '·',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    };
    Some((c, end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_is_read() {
        let markup = "<div class=x>\n  <style>p{}</style><h2>We&nbsp;value</h2><p>y<b>our</b> privacy &amp; &#x1f36a;&foo;</p></div>";
        assert_eq!(first_words(markup, 80), "We value your privacy & 🍪&foo;");
        assert_eq!(count_words(markup), 6);
        assert_eq!(start_tag("<div\n class='a'  id=b>x", 80), "<div class='a' id=b>");
        assert_eq!((first_words("<img>", 80), count_words(" <br> ")), (String::new(), 0));
        let markup = "<p class='a>b'>x <!-- <b> y --> z<SCRIPT>a < b</script><style>c</style\n>w<";
        assert_eq!(first_words(markup, 80), "x z w<");
        assert_eq!(
            first_words(&"<i>caf\u{e9} </i>".repeat(40), 50),
            "caf\u{e9} ".repeat(10).trim_end().to_owned() + "…"
        );
    }

    #[test]
    fn long_text_ends_with_an_ellipsis() {
        assert_eq!(first_words("one two three", 13), "one two three");
        assert_eq!(first_words("one two three", 12), "one two…");
        assert_eq!(first_words("one two three four", 13), "one two three…");
        assert_eq!(first_words("日本語の文章です", 4), "日本語の…");
        assert_eq!(first_words(&"x".repeat(1 << 20), 80).chars().count(), 81);
    }
}
