//! What is compressed and was taken for a page, by its first bytes.

/// What such formats begin with. No HTML begins so, in any encoding, and hardly any text.
///
/// The third byte of gzip is its only method (RFC 1952, 2.3.1); what follows `BZh9` is pi, before the first block, or a root of
/// it, where there is none.
const MAGIC: [(&[u8], &str); 7] = [
    (b"\x1F\x8B\x08", "gzip"),
    (b"\x28\xB5\x2F\xFD", "zstd"),
    (b"\xFD7zXZ\0", "xz"),
    (b"BZh\0\x31\x41\x59\x26\x53\x59", "bzip2"),
    (b"BZh\0\x17\x72\x45\x38\x50\x90", "bzip2"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
];

/// Where bzip2 has its block size, a digit from 1 to 9.
const BLOCK_SIZE: usize = 3;

/// Whether something is compressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Begins {
    /// In the format of this name.
    With(&'static str),
    /// It would be, if it went on so.
    Perhaps,
    Otherwise,
}

/// How what starts with `head` is compressed.
pub(super) fn format(head: &[u8]) -> Begins {
    let agrees = |magic: &[u8], name| {
        magic.iter().zip(head).enumerate().all(|(at, (want, byte))| match (name, at) {
            ("bzip2", BLOCK_SIZE) => matches!(byte, b'1'..=b'9'),
            _ => want == byte,
        })
    };
    match MAGIC.iter().find(|(magic, name)| agrees(magic, *name)) {
        Some((magic, name)) if head.len() >= magic.len() => Begins::With(name),
        Some(_) => Begins::Perhaps,
        None => Begins::Otherwise,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_is_known_by_all_of_its_magic() {
        for (magic, name) in MAGIC {
            let mut file = magic.to_vec();
            if name == "bzip2" {
                file[BLOCK_SIZE] = b'9';
            }
            file.extend(b"and so on");
            for length in 0..=file.len() {
                let want = if length < magic.len() { Begins::Perhaps } else { Begins::With(name) };
                assert_eq!(format(&file[..length]), want, "{length} bytes of {name}");
            }
        }
    }

    #[test]
    fn text_is_not_compressed() {
        for text in
            ["<!doctype html>", "\u{FEFF}<p>", "PK Dick", "BZh, a chemical", "BZhA1AY&SY", "BZh01AY&SY", "(\u{B5}/"]
        {
            assert_eq!(format(text.as_bytes()), Begins::Otherwise, "{text}");
        }
    }
}
