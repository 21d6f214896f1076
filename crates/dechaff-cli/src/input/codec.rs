//! How an input is compressed, by its first bytes, and the same way back.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

/// The formats that are unpacked on the way in and packed again on the way out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Codec {
    /// Not compressed.
    Plain,
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
}

impl Codec {
    /// What compressed inputs begin with. The last byte of gzip's is its only method.
    pub(crate) const MAGIC: [(&'static [u8], Self); 2] =
        [(b"\x1f\x8b\x08", Self::Gzip), (b"\x28\xb5\x2f\xfd", Self::Zstd)];

    /// Which one an input that begins with `head` is in.
    pub(crate) fn sniff(head: &[u8]) -> Self {
        Self::MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map_or(Self::Plain, |(_, codec)| *codec)
    }

    /// Its name in messages.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// Packs `bytes`: a gzip member or a zstd frame of its own.
    pub(crate) fn pack(self, bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        if self == Self::Plain {
            return Ok(bytes);
        }
        let mut encoder = Encoder::new(self, Vec::with_capacity(bytes.len() / 4))?;
        encoder.write_all(&bytes)?;
        encoder.finish()
    }
}

/// Packs what is written to it. Without [`Encoder::finish`] the end is missing.
pub(crate) enum Encoder<W: Write> {
    Plain(W),
    Gzip(GzEncoder<W>),
    Zstd(zstd::Encoder<'static, W>),
}

impl<W: Write> Encoder<W> {
    /// Starts a member or a frame that goes to `writer`.
    pub(crate) fn new(codec: Codec, writer: W) -> io::Result<Self> {
        Ok(match codec {
            Codec::Plain => Self::Plain(writer),
            Codec::Gzip => Self::Gzip(GzEncoder::new(writer, Compression::default())),
            Codec::Zstd => {
                let mut encoder = zstd::Encoder::new(writer, zstd::DEFAULT_COMPRESSION_LEVEL)?;
                encoder.include_checksum(true)?;
                Self::Zstd(encoder)
            }
        })
    }

    /// The writer behind it.
    pub(crate) fn get_mut(&mut self) -> &mut W {
        match self {
            Self::Plain(writer) => writer,
            Self::Gzip(encoder) => encoder.get_mut(),
            Self::Zstd(encoder) => encoder.get_mut(),
        }
    }

    /// Ends it and gives the writer back. That is not flushed.
    pub(crate) fn finish(self) -> io::Result<W> {
        match self {
            Self::Plain(writer) => Ok(writer),
            Self::Gzip(encoder) => encoder.finish(),
            Self::Zstd(encoder) => encoder.finish(),
        }
    }
}

impl<W: Write> Write for Encoder<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(writer) => writer.write(bytes),
            Self::Gzip(encoder) => encoder.write(bytes),
            Self::Zstd(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(writer) => writer.flush(),
            Self::Gzip(encoder) => encoder.flush(),
            Self::Zstd(encoder) => encoder.flush(),
        }
    }
}

/// Compressed data that can't be unpacked. It is inside of an [`io::Error`], to be told from one of the disk.
#[derive(Debug)]
pub(crate) struct Broken {
    codec: Codec,
    /// It ends too early; else there is something wrong in it.
    pub(crate) cut_off: bool,
}

impl Broken {
    /// Whether `error` is about compressed data, and how.
    pub(crate) fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }

    /// `error`, if it comes from what is beneath; else that the data is broken.
    pub(crate) fn wrap(codec: Codec, error: io::Error) -> io::Error {
        if error.raw_os_error().is_some() || error.kind() == ErrorKind::Interrupted {
            return error;
        }
        let cut_off = error.kind() == ErrorKind::UnexpectedEof;
        io::Error::new(ErrorKind::InvalidData, Self { codec, cut_off })
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = if self.cut_off { "ends too early" } else { "is damaged" };
        write!(f, "the {} data {how}", self.codec.name())
    }
}

impl Error for Broken {}

/// Unpacks zstd, frame after frame.
pub(crate) struct ZstdReader<R: Read>(zstd::Decoder<'static, io::BufReader<R>>);

impl<R: Read> ZstdReader<R> {
    /// Unpacks what `source` gives.
    pub(crate) fn new(source: R) -> io::Result<Self> {
        zstd::Decoder::new(source).map(Self)
    }
}

impl<R: Read> Read for ZstdReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into).map_err(|error| Broken::wrap(Codec::Zstd, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_begins_with_its_magic() {
        for codec in [Codec::Plain, Codec::Gzip, Codec::Zstd] {
            assert_eq!(Codec::sniff(&codec.pack(b"<p>Rye is up.</p>".to_vec()).unwrap()), codec);
        }
        assert_eq!(Codec::sniff(b"\x1f\x8b"), Codec::Plain);
    }
}
