//! Records with the text of pages: of type `conversion` (ISO 28500, 6.8), as WET files have them.

use sha1::{Digest, Sha1};
use uuid::{Builder, Uuid};

use super::digest::Scheme;
use super::head::Head;

/// Makes a record with `text` of the one with this head.
///
/// Its id is made from the old one, so that the same archive comes to the same text each time: a UUID of version 5 (RFC 9562, 5.5)
/// in the name space of URLs.
pub(super) fn record(head: &Head, text: &str) -> Vec<u8> {
    let mut fields = String::from("WARC/1.0\r\nWARC-Type: conversion\r\n");
    let mut add = |name: &str, value: &str| fields.extend([name, ": ", value, "\r\n"]);
    for name in ["WARC-Target-URI", "WARC-Date"] {
        if let Some(value) = head.get(name) {
            add(name, value);
        }
    }
    let old = head.get("WARC-Record-ID");
    let named = old.map_or_else(
        || Sha1::digest(head.bytes()),
        |old| Sha1::digest([Uuid::NAMESPACE_URL.as_bytes(), old.as_bytes()].concat()),
    );
    let id: [u8; 16] = std::array::from_fn(|at| named[at]);
    add("WARC-Record-ID", &format!("<{}>", Builder::from_sha1_bytes(id).into_uuid().urn()));
    if let Some(old) = old {
        add("WARC-Refers-To", old);
    }
    add("WARC-Block-Digest", &Scheme::SHA1.digest(text.as_bytes()));
    add("Content-Type", "text/plain; charset=utf-8");
    add("Content-Length", &text.len().to_string());
    [fields.as_bytes(), b"\r\n", text.as_bytes(), b"\r\n\r\n"].concat()
}
