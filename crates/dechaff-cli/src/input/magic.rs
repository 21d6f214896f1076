//! What an input is, by what it begins with.

/// What an input holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Content {
    /// A page, or what may be one: text without a tag is not refused.
    Page,
    /// A WARC archive.
    Archive,
    /// Something else, by its name.
    Other(&'static str),
}

/// How many bytes are looked at.
pub(crate) const LOOK: usize = 512;

/// What WARC records begin with.
pub(crate) const WARC: &[u8] = b"WARC/1.";

/// What files that are no pages begin with, after how many bytes.
const OTHERS: [(usize, &[u8], &str); 25] = [
    (0, b"%PDF-", "PDF"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"GIF87a", "GIF"),
    (0, b"GIF89a", "GIF"),
    (8, b"WEBP", "WebP"),
    (8, b"WAVE", "WAV"),
    (4, b"ftyp", "MP4"),
    (0, b"\x1a\x45\xdf\xa3", "Matroska"),
    (0, b"OggS\0", "Ogg"),
    (0, b"ID3\x03\0", "MP3"),
    (0, b"ID3\x04\0", "MP3"),
    (0, b"fLaC\0", "FLAC"),
    (0, b"wOFF\0", "WOFF"),
    (0, b"wOF2", "WOFF2"),
    (0, b"PK\x03\x04", "ZIP"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"Rar!\x1a\x07", "RAR"),
    (0, b"\xfd7zXZ\0", "xz"),
    (0, b"BZh91AY&SY", "bzip2"),
    (0, b"\x7fELF", "ELF"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Microsoft Office"),
    (0, b"\0asm\x01\0\0\0", "WebAssembly"),
    (0, b"SQLite format 3\0", "SQLite"),
    (0, b"\0\0\x01\0", "icon"),
];

/// Whether `head` says enough: no byte that follows would change the answer of [`content`].
pub(crate) fn decides(head: &[u8]) -> bool {
    is_text(head) || head.len() >= LOOK || head.starts_with(WARC)
}

/// Whether `head` begins with markup or JSON, and not with the first half of a character of UTF-16.
fn is_text(head: &[u8]) -> bool {
    match head.trim_ascii_start() {
        [b'<' | b'{', rest @ ..] => rest.first() != Some(&0),
        _ => false,
    }
}

/// What an input that begins with `head` holds.
pub(crate) fn content(head: &[u8]) -> Content {
    if head.starts_with(WARC) {
        return Content::Archive;
    }
    if is_text(head) {
        return Content::Page;
    }
    let other = OTHERS.iter().find(|(at, magic, _)| head.get(*at..).is_some_and(|rest| rest.starts_with(magic)));
    match other {
        Some((_, _, name)) => Content::Other(name),
        None if is_binary(&head[..head.len().min(LOOK)]) => Content::Other("binary data"),
        None => Content::Page,
    }
}

/// Whether NUL bytes stand all over. In UTF-16 they stand at every other byte only, whatever the language.
fn is_binary(head: &[u8]) -> bool {
    let utf16 = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    let nuls = |parity| head.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    !utf16 && head.len() >= 32 && nuls(0).min(nuls(1)) * 16 >= head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_a_page() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let page = "<!doctype html><title>Rye</title><p>一一一</p>".repeat(5);
        for head in [
            b"".to_vec(),
            b"no tags".to_vec(),
            page.clone().into_bytes(),
            utf16(&page),
            [b"\xff\xfe".to_vec(), utf16("一一一一一一一一一一一一一一一一一一一一")].concat(),
            page.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            (0..=255).collect(),
            b"PDF".to_vec(),
        ] {
            assert_eq!(content(&head), Content::Page, "{}", head.escape_ascii());
        }
    }

    #[test]
    fn what_is_none_has_a_name() {
        assert_eq!(content(b"%PDF-1.7\n"), Content::Other("PDF"));
        assert_eq!(content(b"RIFF\x10\0\0\0WEBPVP8 "), Content::Other("WebP"));
        assert_eq!(content(&b"\x01\0\0\0\x07\0\0\0".repeat(20)), Content::Other("binary data"));
        assert_eq!(content(b"WARC/1.1\r\n"), Content::Archive);
    }

    #[test]
    fn markup_need_not_wait() {
        assert!(
            decides(b"<") && decides(b" \n<p") && decides(b"{\"") && decides(b"WARC/1.0") && decides(&[b'a'; LOOK])
        );
        assert!(!decides(b"") && !decides(b"%PDF") && !decides(b"<\0") && !decides(b"text"));
    }
}
