//! The head of a WARC record or of an HTTP message: a line, then fields, then an empty line.

use std::ops::Range;

/// A head, with its bytes as they are.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    bytes: Vec<u8>,
    fields: Vec<Field>,
}

/// Where the parts of a field lie.
#[derive(Clone, Debug)]
struct Field {
    name: Range<usize>,
    /// Without the spaces around it.
    value: Range<usize>,
}

impl Head {
    /// Reads the head that `bytes` are. A line without a colon, which some servers send, is no field.
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        let mut fields: Vec<Field> = Vec::new();
        let mut start = 0;
        for (number, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
            let range = start..start + line.len();
            start = range.end;
            let folded = line.starts_with(b" ") || line.starts_with(b"\t");
            if number == 0 {
            } else if let (true, Some(last)) = (folded, fields.last_mut()) {
                last.value.end = trimmed(&bytes, last.value.start..range.end).end;
            } else if let Some(colon) = line.iter().position(|byte| *byte == b':') {
                let name = trimmed(&bytes, range.start..range.start + colon);
                fields.push(Field { name, value: trimmed(&bytes, range.start + colon + 1..range.end) });
            }
        }
        Self { bytes, fields }
    }

    /// How long the head is that `bytes` begin with, with its empty line; if it ends in them.
    pub(crate) fn length(bytes: &[u8]) -> Option<usize> {
        let mut end = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            end += line.len();
            if line == b"\r\n" || line == b"\n" {
                return Some(end);
            }
        }
        None
    }

    /// All of it, with the empty line.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The value of the first field with this name, in any case.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let field = self.fields.iter().find(|field| self.is(field, name))?;
        // What is asked for here is ASCII where it makes sense.
        std::str::from_utf8(&self.bytes[field.value.clone()]).ok()
    }

    /// Whether there is a field with this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| self.is(field, name))
    }

    /// The head with other values for the fields with these names. All else stays byte for byte.
    pub(crate) fn with(&self, values: &[(&str, String)]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.bytes.len() + 64);
        let mut at = 0;
        for field in &self.fields {
            if let Some((_, value)) = values.iter().find(|(name, _)| self.is(field, name)) {
                bytes.extend_from_slice(&self.bytes[at..field.value.start]);
                bytes.extend_from_slice(value.as_bytes());
                at = field.value.end;
            }
        }
        bytes.extend_from_slice(&self.bytes[at..]);
        bytes
    }

    fn is(&self, field: &Field, name: &str) -> bool {
        self.bytes[field.name.clone()].eq_ignore_ascii_case(name.as_bytes())
    }
}

/// `range` without the white space at its ends.
fn trimmed(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let text = &bytes[range.clone()];
    let start = range.start + (text.len() - text.trim_ascii_start().len());
    start..start + text.trim_ascii().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-LENGTH :  12 \r\nno field\r\nX: a\r\n\tb\r\nEmpty:\r\n\r\n";

    #[test]
    fn fields_are_found_as_they_are_written() {
        assert_eq!(Head::length(&[HEAD, b"<p>\r\n\r\n"].concat()), Some(HEAD.len()));
        assert_eq!(Head::length(&HEAD[..HEAD.len() - 2]), None);
        let head = Head::new(HEAD.to_vec());
        assert_eq!(head.get("Content-Length"), Some("12"));
        assert_eq!(head.get("x"), Some("a\r\n\tb"));
        assert_eq!((head.get("empty"), head.get("no field")), (Some(""), None));
    }

    #[test]
    fn only_the_value_changes() {
        let text = String::from_utf8(Head::new(HEAD.to_vec()).with(&[("Content-Length", "7".to_owned())])).unwrap();
        assert_eq!(text, String::from_utf8_lossy(HEAD).replace("12", "7"));
        assert_eq!(Head::new(HEAD.to_vec()).with(&[]), HEAD);
    }
}
