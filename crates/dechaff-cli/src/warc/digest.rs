//! The digests in WARC fields: `sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ`.

use data_encoding::{BASE32, BASE32_NOPAD, HEXLOWER};
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::Sha256;

/// How a digest is made and written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Scheme<'a> {
    /// The name of the algorithm as it was written.
    name: &'a str,
    algorithm: Algorithm,
    base: Base,
    upper: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Algorithm {
    Md5,
    Sha1,
    Sha256,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Base {
    Hex,
    Base32,
    Padded,
}

impl<'a> Scheme<'a> {
    /// What most crawlers use.
    pub(crate) const SHA1: Self = Self { name: "sha1", algorithm: Algorithm::Sha1, base: Base::Base32, upper: true };

    /// How the digest in the field `value` is made, if that is known.
    pub(crate) fn of(value: &'a str) -> Option<Self> {
        let (name, text) = value.split_once(':')?;
        let (algorithm, bytes) = match &*name.to_ascii_lowercase() {
            "md5" | "md-5" => (Algorithm::Md5, 16),
            "sha1" | "sha-1" => (Algorithm::Sha1, 20),
            "sha256" | "sha-256" => (Algorithm::Sha256, 32),
            _ => return None,
        };
        // The lengths differ for each algorithm.
        let base = if text.len() == bytes * 2 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Base::Hex
        } else if text.len() == BASE32_NOPAD.encode_len(bytes) {
            Base::Base32
        } else if text.len() == BASE32.encode_len(bytes) && text.ends_with('=') {
            Base::Padded
        } else {
            return None;
        };
        Some(Self { name, algorithm, base, upper: !text.bytes().any(|byte| byte.is_ascii_lowercase()) })
    }

    /// The digest of `bytes`, as a field has it.
    pub(crate) fn digest(&self, bytes: &[u8]) -> String {
        let digest = match self.algorithm {
            Algorithm::Md5 => Md5::digest(bytes).to_vec(),
            Algorithm::Sha1 => Sha1::digest(bytes).to_vec(),
            Algorithm::Sha256 => Sha256::digest(bytes).to_vec(),
        };
        let mut text = match self.base {
            Base::Hex => HEXLOWER.encode(&digest),
            Base::Base32 => BASE32_NOPAD.encode(&digest),
            Base::Padded => BASE32.encode(&digest),
        };
        if self.upper {
            text.make_ascii_uppercase();
        } else {
            text.make_ascii_lowercase();
        }
        format!("{}:{text}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_made_as_it_was() {
        // Of nothing, as the algorithms' own documents give them.
        for value in [
            "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
            "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "SHA-1:DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
            "md5:d41d8cd98f00b204e9800998ecf8427e",
            "md5:2QOYZWMPACZAJ2MABGMOZ6CCPY",
            "md5:2QOYZWMPACZAJ2MABGMOZ6CCPY======",
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ] {
            assert_eq!(Scheme::of(value).unwrap().digest(b""), value);
        }
    }

    #[test]
    fn what_is_not_known_is_not_made() {
        for value in ["", "sha1", "sha1:", "sha1:AAAA", "crc32:00000000", "md5:zz1d8cd98f00b204e9800998ecf8427e"] {
            assert_eq!(Scheme::of(value), None, "{value}");
        }
    }
}
