//! What is no page and was taken for one, by its first bytes.

/// What files begin with that are compressed. No HTML begins so, in any encoding, and hardly any text.
///
/// The third byte of gzip is its only method (RFC 1952, 2.3.1); what follows `BZh9` is pi, before the first block, or a root of
/// it, where there is none.
const COMPRESSED: [(&[u8], &str); 7] = [
    (b"\x1F\x8B\x08", "gzip"),
    (b"\x28\xB5\x2F\xFD", "zstd"),
    (b"\xFD7zXZ\0", "xz"),
    (b"BZh\0\x31\x41\x59\x26\x53\x59", "bzip2"),
    (b"BZh\0\x17\x72\x45\x38\x50\x90", "bzip2"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
];

/// What files begin with that servers most often send as pages by mistake (MIME Sniffing Standard, 6 and 7).
const NO_HTML: [(&[u8], &str); 5] = [
    (b"%PDF-", "PDF"),
    (b"\x89PNG\r\n\x1A\n", "PNG"),
    (b"\xFF\xD8\xFF", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
];

/// Where bzip2 has its block size, a digit from 1 to 9.
const BLOCK_SIZE: usize = 3;

/// What something is that is no page, by the name of its format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    /// There may be a page in it.
    Compressed(&'static str),
    NoHtml(&'static str),
}

/// Whether something is no page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Begins {
    /// It begins with the magic of a format.
    With(Format),
    /// It would be, if it went on so.
    Perhaps,
    Otherwise,
}

/// What something is that starts with `head`.
pub(super) fn format(head: &[u8]) -> Begins {
    let compressed = COMPRESSED.iter().map(|(magic, name)| (*magic, *name, Format::Compressed as fn(_) -> _));
    let others = NO_HTML.iter().map(|(magic, name)| (*magic, *name, Format::NoHtml as fn(_) -> _));
    let agrees = |magic: &[u8], name| {
        magic.iter().zip(head).enumerate().all(|(at, (want, byte))| match (name, at) {
            ("bzip2", BLOCK_SIZE) => matches!(byte, b'1'..=b'9'),
            _ => want == byte,
        })
    };
    match compressed.chain(others).find(|(magic, name, _)| agrees(magic, name)) {
        Some((magic, name, format)) if head.len() >= magic.len() => Begins::With(format(name)),
        Some(_) => Begins::Perhaps,
        None => Begins::Otherwise,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_is_known_by_all_of_its_magic() {
        let compressed = COMPRESSED.map(|(magic, name)| (magic, name, Format::Compressed(name)));
        let others = NO_HTML.map(|(magic, name)| (magic, name, Format::NoHtml(name)));
        for (magic, name, is) in compressed.into_iter().chain(others) {
            let mut file = magic.to_vec();
            if name == "bzip2" {
                file[BLOCK_SIZE] = b'9';
            }
            file.extend(b"and so on");
            for length in 0..=file.len() {
                let want = if length < magic.len() { Begins::Perhaps } else { Begins::With(is) };
                assert_eq!(format(&file[..length]), want, "{length} bytes of {name}");
            }
        }
    }

    #[test]
    fn text_is_none_of_them() {
        for text in [
            "<!doctype html>",
            "\u{FEFF}<p>",
            "PK Dick",
            "BZh, a chemical",
            "BZhA1AY&SY",
            "BZh01AY&SY",
            "(\u{B5}/",
            "GIF89 is old",
            "%PDF",
        ] {
            assert!(!matches!(format(text.as_bytes()), Begins::With(_)), "{text}");
        }
    }
}
