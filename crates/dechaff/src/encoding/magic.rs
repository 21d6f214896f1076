//! What is no page and was taken for one, by its first bytes.

/// What files begin with that are compressed, and those that servers most often send as pages by mistake (MIME Sniffing Standard, 6
/// and 7). No HTML begins so, in any encoding, and hardly any text.
///
/// The third byte of gzip is its only method (RFC 1952, 2.3.1); what follows `BZh9` is pi, before the first block, or a root of
/// it, where there is none.
const MAGIC: [(&[u8], Format); 12] = [
    (b"\x1F\x8B\x08", Format::Compressed("gzip")),
    (b"\x28\xB5\x2F\xFD", Format::Compressed("zstd")),
    (b"\xFD7zXZ\0", Format::Compressed("xz")),
    (b"BZh\0\x31\x41\x59\x26\x53\x59", BZIP2),
    (b"BZh\0\x17\x72\x45\x38\x50\x90", BZIP2),
    (b"PK\x03\x04", Format::Compressed("zip")),
    (b"PK\x05\x06", Format::Compressed("zip")),
    (b"%PDF-", Format::NoHtml("PDF")),
    (b"\x89PNG\r\n\x1A\n", Format::NoHtml("PNG")),
    (b"\xFF\xD8\xFF", Format::NoHtml("JPEG")),
    (b"GIF87a", Format::NoHtml("GIF")),
    (b"GIF89a", Format::NoHtml("GIF")),
];

const BZIP2: Format = Format::Compressed("bzip2");

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
    let agrees = |(magic, format): &&(&[u8], Format)| {
        magic.iter().zip(head).enumerate().all(|(at, (want, byte))| match (*format, at) {
            (BZIP2, BLOCK_SIZE) => matches!(byte, b'1'..=b'9'),
            _ => want == byte,
        })
    };
    match MAGIC.iter().find(agrees) {
        Some((magic, format)) if head.len() >= magic.len() => Begins::With(*format),
        Some(_) => Begins::Perhaps,
        None => Begins::Otherwise,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_is_known_by_all_of_its_magic() {
        for (magic, is) in MAGIC {
            let mut file = magic.to_vec();
            if is == BZIP2 {
                file[BLOCK_SIZE] = b'9';
            }
            file.extend(b"and so on");
            for length in 0..=file.len() {
                let want = if length < magic.len() { Begins::Perhaps } else { Begins::With(is) };
                assert_eq!(format(&file[..length]), want, "{length} bytes of {is:?}");
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
