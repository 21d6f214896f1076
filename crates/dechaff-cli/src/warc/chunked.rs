//! Bodies in chunks (RFC 9112, 7.1).

/// A body that came in chunks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Chunked<'a> {
    /// The chunks put together.
    pub(crate) data: Vec<u8>,
    /// The fields after the last chunk, with the empty line that ends them.
    trailer: &'a [u8],
}

/// What a body is of which its head says that it comes in chunks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Body<'a> {
    /// Chunks.
    Chunked(Chunked<'a>),
    /// None: some crawlers put chunks together and leave the head as it was.
    Whole,
    /// Chunks, but damaged or without an end.
    Broken,
}

/// Puts the chunks of `body` together.
pub(crate) fn decode(body: &[u8]) -> Body<'_> {
    let (mut rest, mut data) = (body, Vec::new());
    loop {
        let Some((size, after)) = size(rest) else {
            return if rest.len() == body.len() { Body::Whole } else { Body::Broken };
        };
        if size == 0 {
            return match trailer(after) {
                Some(trailer) => Body::Chunked(Chunked { data, trailer }),
                None => Body::Broken,
            };
        }
        let Some(chunk) = after.get(..size) else { return Body::Broken };
        data.extend_from_slice(chunk);
        rest = match &after[size..] {
            [b'\r', b'\n', rest @ ..] | [b'\n', rest @ ..] => rest,
            _ => return Body::Broken,
        };
    }
}

impl Chunked<'_> {
    /// `data` as a single chunk, with what came after the chunks before.
    pub(crate) fn encode(&self, data: &[u8]) -> Vec<u8> {
        let mut body = Vec::with_capacity(data.len() + self.trailer.len() + 32);
        if !data.is_empty() {
            body.extend_from_slice(format!("{:x}\r\n", data.len()).as_bytes());
            body.extend_from_slice(data);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"0\r\n");
        body.extend_from_slice(self.trailer);
        body
    }
}

/// The size that a line gives in hexadecimal, and what follows the line. What stands behind a semicolon is no part of it.
fn size(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let line = bytes[..end].split(|byte| *byte == b';').next()?.trim_ascii();
    if !line.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let size = usize::from_str_radix(std::str::from_utf8(line).ok()?, 16).ok()?;
    Some((size, &bytes[end + 1..]))
}

/// All of `bytes`, if they are fields and end in an empty line.
fn trailer(bytes: &[u8]) -> Option<&[u8]> {
    (bytes == b"\r\n" || bytes == b"\n" || bytes.ends_with(b"\r\n\r\n") || bytes.ends_with(b"\n\n")).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_put_together_and_become_one() {
        let body = b"4\r\n<p>R\r\n00B;x=y\r\nye is up.</\r\n2\r\np>\r\n0\r\nX: y\r\n\r\n";
        let Body::Chunked(chunked) = decode(body) else { panic!("not chunked") };
        assert_eq!(chunked.data, b"<p>Rye is up.</p>");
        assert_eq!(chunked.encode(b"<p></p>"), b"7\r\n<p></p>\r\n0\r\nX: y\r\n\r\n");
        assert_eq!(chunked.encode(b""), b"0\r\nX: y\r\n\r\n");
    }

    #[test]
    fn what_is_no_chunk_is_told_from_what_is_damaged() {
        assert_eq!(decode(b"<p>Rye is up.\n</p>"), Body::Whole);
        assert_eq!(decode(b""), Body::Whole);
        for broken in
            ["4\r\n<p>R\r\n", "4\r\n<p>Rye\r\n0\r\n\r\n", "ff\r\n<p>\r\n", "1\r\na\r\n0\r\n", "1\r\na\r\n0\r\n\r\nmore"]
        {
            assert_eq!(decode(broken.as_bytes()), Body::Broken, "{broken}");
        }
        assert_eq!(decode(b"ffffffffffffffffffffffff\r\n"), Body::Whole);
        assert_eq!(decode(b"fffffffffffffff\r\na\r\n"), Body::Broken);
    }
}
