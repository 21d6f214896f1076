//! Where a page comes from, and what it is before anything is done to it.
//!
//! [`codec`] knows how it may be compressed, [`members`] takes gzip apart, [`magic`] says what it holds.

pub(crate) mod codec;
pub(crate) mod magic;
pub(crate) mod members;

use std::fs::File;
use std::io::{self, Cursor, ErrorKind, Read};
use std::path::{Path, PathBuf};

use codec::{Codec, ZstdReader};
use magic::Content;
use members::Members;

use crate::failure::Failure;

/// Bytes from somewhere, on any thread.
pub(crate) type Source = Box<dyn Read + Send>;

/// One input to clean, as it was named.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Input {
    /// Standard input, named `-` or not at all.
    Stdin,
    /// A file.
    File(PathBuf),
}

/// An input that was opened and looked at.
pub(crate) struct Opened {
    /// How it is compressed.
    pub(crate) codec: Codec,
    /// What it holds.
    pub(crate) content: Content,
    /// All of its bytes.
    pub(crate) stream: Stream,
}

/// The bytes of an input, unpacked.
pub(crate) enum Stream {
    /// Those of gzip can also be had as they are packed.
    Gzip(Box<Members<Source>>),
    Other(Source),
}

impl Stream {
    /// The bytes for whoever only reads on.
    pub(crate) fn into_source(self) -> Source {
        match self {
            Self::Gzip(mut members) => {
                members.forget();
                members
            }
            Self::Other(source) => source,
        }
    }
}

impl Input {
    /// What an argument names.
    pub(crate) fn new(argument: &Path) -> Self {
        if argument.as_os_str() == "-" { Self::Stdin } else { Self::File(argument.to_owned()) }
    }

    /// Its name in messages and reports. What is not UTF-8 in it is replaced: JSON has no other way.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Stdin => "-".to_owned(),
            Self::File(path) => path.to_string_lossy().into_owned(),
        }
    }

    /// Opens it and looks at what it begins with. Of a gzip member, up to `limit` packed bytes are kept. `watch` is given the
    /// bytes as they are read, to count them.
    pub(crate) fn open(&self, limit: usize, watch: impl FnOnce(Source) -> Source) -> io::Result<Opened> {
        let mut source = watch(self.source()?);
        let head = peek(&mut source, |head| {
            Codec::MAGIC.iter().all(|(magic, _)| head.len() >= magic.len() || !magic.starts_with(head))
        })?;
        let codec = Codec::sniff(&head);
        let source = chain(head, source);
        let mut source: Source = match codec {
            Codec::Gzip => {
                let mut members = Members::new(source, limit);
                let content = magic::content(members.peek(magic::LOOK));
                return Ok(Opened { codec, content, stream: Stream::Gzip(Box::new(members)) });
            }
            Codec::Zstd => Box::new(ZstdReader::new(source)?),
            Codec::Plain => source,
        };
        let head = peek(&mut source, magic::decides)?;
        let content = magic::content(&head);
        Ok(Opened { codec, content, stream: Stream::Other(chain(head, source)) })
    }

    /// The page in it, unpacked, as a whole; or why there is none.
    pub(crate) fn page(&self) -> Result<Vec<u8>, Failure> {
        let fail = |error| Failure::read(self, &error);
        let Opened { content, stream, .. } = self.open(0, |source| source).map_err(fail)?;
        match content {
            Content::Page => {
                let mut page = Vec::new();
                stream.into_source().read_to_end(&mut page).map_err(fail)?;
                Ok(page)
            }
            Content::Archive => Err(Failure::no_page(self, "a web archive")),
            Content::Other(name) => Err(Failure::no_page(self, name)),
        }
    }

    /// Its bytes as they are. A directory is refused here: on some systems it opens, and fails only when read.
    fn source(&self) -> io::Result<Source> {
        match self {
            Self::Stdin => Ok(Box::new(io::stdin())),
            Self::File(path) => {
                let file = File::open(path)?;
                if file.metadata()?.is_dir() {
                    return Err(ErrorKind::IsADirectory.into());
                }
                Ok(Box::new(file))
            }
        }
    }
}

/// Reads until `enough` is satisfied with what there is, or to the end. An error that comes after some bytes will come
/// after them for the next reader as well.
fn peek(source: &mut Source, enough: impl Fn(&[u8]) -> bool) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let mut buffer = [0; magic::LOOK];
    while head.is_empty() || !enough(&head) {
        match source.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => head.extend_from_slice(&buffer[..n]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if head.is_empty() => return Err(error),
            Err(error) => {
                *source = Box::new(Failing(Some(error)));
                break;
            }
        }
    }
    Ok(head)
}

/// `head` and then what follows it.
fn chain(head: Vec<u8>, source: Source) -> Source {
    Box::new(Cursor::new(head).chain(source))
}

/// Gives its error, and then nothing more.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
