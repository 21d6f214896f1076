//! Finds the records of an archive, one at a time.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use crate::input::codec::Broken;
use crate::input::members::Members;
use crate::input::{Source, Stream};

use super::head::Head;
use super::record::{Record, holds_html};

/// How long a record may be to be held in memory, in bytes. A longer one passes through.
pub(crate) const RECORD: u64 = 64 << 20;

/// How long the head of a record may be, in bytes.
const HEAD: u64 = 1 << 20;

/// How much of a long record is looked at, and how much passes through at a time, in bytes.
const PIECE: u64 = 256 << 10;

/// What an archive is made of. Put together, it gives all of its bytes again.
pub(crate) enum Item {
    /// A whole record.
    Record(Box<Record>),
    /// Some bytes, unpacked, of a record that is too long, or from where there are no records any more.
    Piece(Vec<u8>),
    /// The last piece has come.
    End,
    /// Some bytes as they were packed.
    Packed(Vec<u8>),
    /// Something can't be cleaned, and why.
    Left(String, Extent),
    /// The archive can't be read any further.
    Failed(io::Error),
}

impl Item {
    /// How many bytes it holds.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Record(record) => record.size(),
            Self::Piece(bytes) | Self::Packed(bytes) => bytes.len(),
            Self::End | Self::Left(..) | Self::Failed(_) => 0,
        }
    }
}

/// How much can't be cleaned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Extent {
    /// One record.
    Record,
    /// A record, and all that follows it.
    Rest,
}

/// Reads an archive.
pub(crate) struct Reader {
    state: State,
    /// Found, and not given yet.
    items: VecDeque<Item>,
    place: Place,
    /// The archive is packed.
    packed: bool,
}

/// Where a record lies.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Place {
    /// Its number, from 1.
    pub(crate) number: u64,
    /// The bytes of the archive before it.
    offset: u64,
    /// They are counted unpacked: the record does not begin where one can begin to unpack.
    unpacked: bool,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, offset, unpacked } = self;
        write!(f, "record {number} at byte {offset}{}", if *unpacked { " unpacked" } else { "" })
    }
}

enum State {
    /// A record begins here.
    Records(Archive),
    /// In a record that is too long: so many bytes are left of it, and the empty lines after it.
    Long(Archive, u64, &'static [u8]),
    /// Behind the last record that could be read.
    Rest(Archive),
    /// The same, where that is passed on as it is packed.
    RestPacked(BufReader<Source>),
    Done,
}

/// The unpacked bytes of an archive.
enum Archive {
    Gzip(Box<Members<Source>>),
    /// And how many were read.
    Other(BufReader<Source>, u64),
}

/// Why there is no record.
enum Trouble {
    /// Its bytes are not those of one.
    Malformed(String),
    /// Its bytes can't be read.
    Read(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

impl Trouble {
    fn malformed<T>(what: impl Into<String>) -> Result<T, Self> {
        Err(Self::Malformed(what.into()))
    }
}

/// What was read of a record so far, and what is known of it.
#[derive(Default)]
struct Begun {
    head: Vec<u8>,
    block: Vec<u8>,
    tail: Vec<u8>,
}

impl Reader {
    /// Reads the archive that `stream` holds, which is packed or not.
    pub(crate) fn new(stream: Stream, packed: bool) -> Self {
        let archive = match stream {
            Stream::Gzip(members) => Archive::Gzip(members),
            Stream::Other(source) => Archive::Other(BufReader::with_capacity(64 << 10, source), 0),
        };
        Self { state: State::Records(archive), items: VecDeque::new(), place: Place::default(), packed }
    }

    /// The next item, unless all are given.
    pub(crate) fn next(&mut self) -> Option<Item> {
        while self.items.is_empty() {
            self.state = match std::mem::replace(&mut self.state, State::Done) {
                State::Records(archive) => self.record(archive),
                State::Long(archive, left, end) => self.long(archive, left, end),
                State::Rest(mut archive) => match piece(&mut archive, PIECE) {
                    Ok(bytes) if bytes.is_empty() => {
                        self.items.push_back(Item::End);
                        State::Done
                    }
                    Ok(bytes) => {
                        self.items.push_back(Item::Piece(bytes));
                        State::Rest(archive)
                    }
                    Err(error) => self.fail(error),
                },
                State::RestPacked(mut source) => match piece(&mut source, PIECE) {
                    Ok(bytes) if bytes.is_empty() => State::Done,
                    Ok(bytes) => {
                        self.items.push_back(Item::Packed(bytes));
                        State::RestPacked(source)
                    }
                    Err(error) => {
                        self.items.push_back(Item::Failed(error));
                        State::Done
                    }
                },
                State::Done => return None,
            };
        }
        self.items.pop_front()
    }

    /// Reads a record, or as much of it as there is.
    fn record(&mut self, mut archive: Archive) -> State {
        let start = match archive.fill_buf() {
            Ok([]) => return State::Done,
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::Interrupted => return State::Records(archive),
            Err(error) => Err(Trouble::Read(error)),
        };
        let alone = archive.at_start();
        self.place.number += 1;
        self.place.offset = if alone { archive.member() } else { archive.offset() };
        self.place.unpacked = self.packed && !alone;
        let mut begun = Begun::default();
        match start.and_then(|()| read(&mut archive, &mut begun, alone)) {
            Ok(Found::Record(head, packed)) => {
                let Begun { block, tail, .. } = begun;
                let record = Record { place: self.place, head, block, tail, packed };
                self.items.push_back(Item::Record(Box::new(record)));
                State::Records(archive)
            }
            Ok(Found::Long(head, length, end)) => {
                if holds_html(&head, &begun.block) {
                    self.leave(&format!("its {length} bytes are more than is held in memory"), Extent::Record);
                }
                let left = length - begun.block.len() as u64;
                self.items.push_back(Item::Piece([begun.head, begun.block].concat()));
                State::Long(archive, left, end)
            }
            Err(trouble) => self.give_up(archive, begun, alone, trouble),
        }
    }

    /// Passes on a piece of a long record.
    fn long(&mut self, mut archive: Archive, left: u64, end: &'static [u8]) -> State {
        if left > 0 {
            return match piece(&mut archive, left.min(PIECE)) {
                Ok(bytes) if bytes.is_empty() => {
                    let trouble = Trouble::Malformed(CUT_OFF.to_owned());
                    self.give_up(archive, Begun::default(), false, trouble)
                }
                Ok(bytes) => {
                    let left = left - bytes.len() as u64;
                    self.items.push_back(Item::Piece(bytes));
                    State::Long(archive, left, end)
                }
                Err(error) => self.fail(error),
            };
        }
        let mut begun = Begun::default();
        match read_tail(&mut archive, &mut begun.tail, end) {
            Ok(()) => {
                self.items.extend([Item::Piece(begun.tail), Item::End]);
                State::Records(archive)
            }
            Err(trouble) => self.give_up(archive, begun, false, trouble),
        }
    }

    /// Ends the records: what was `begun` and all that follows passes through. If the record is `alone` in its member, that
    /// goes as it is packed, whether or not it can be unpacked.
    fn give_up(&mut self, archive: Archive, begun: Begun, alone: bool, trouble: Trouble) -> State {
        let (what, error) = match trouble {
            Trouble::Malformed(what) => (what, None),
            Trouble::Read(error) => match Broken::of(&error) {
                Some(broken) => (broken.to_string(), Some(error)),
                None => return self.fail(error),
            },
        };
        match archive {
            Archive::Gzip(members) if alone && members.keeps() && members.offset() == self.place.offset => {
                self.leave(&what, Extent::Rest);
                let (packed, source) = members.into_packed();
                self.items.push_back(Item::Packed(packed));
                source.map_or(State::Done, State::RestPacked)
            }
            archive => {
                self.items.push_back(Item::Piece([begun.head, begun.block, begun.tail].concat()));
                if let Some(error) = error {
                    return self.fail(error);
                }
                self.leave(&what, Extent::Rest);
                State::Rest(archive)
            }
        }
    }

    fn leave(&mut self, what: &str, extent: Extent) {
        self.items.push_back(Item::Left(format!("{}: {what}", self.place), extent));
    }

    fn fail(&mut self, error: io::Error) -> State {
        self.items.extend([Item::End, Item::Failed(error)]);
        State::Done
    }
}

const CUT_OFF: &str = "the archive ends in the middle of it";

/// A record that was found.
enum Found {
    /// With the bytes that it alone is packed in, if there are such.
    Record(Head, Option<Vec<u8>>),
    /// One that is too long: its length, and how it has to end.
    Long(Head, u64, &'static [u8]),
}

/// Reads a record into `begun`.
fn read(archive: &mut Archive, begun: &mut Begun, alone: bool) -> Result<Found, Trouble> {
    let member = archive.member();
    loop {
        let line = begun.head.len();
        let read = archive.take(HEAD - line as u64).read_until(b'\n', &mut begun.head)?;
        if line == 0 && !begun.head.starts_with(b"WARC/") {
            return Trouble::malformed("it does not begin with WARC/");
        }
        match &begun.head[line..] {
            b"\r\n" | b"\n" => break,
            [.., b'\n'] => {}
            _ if begun.head.len() as u64 == HEAD => return Trouble::malformed("its head has no end"),
            _ if read == 0 => return Trouble::malformed(CUT_OFF),
            _ => {}
        }
    }
    let head = Head::new(begun.head.clone());
    let Some(length) = head.get("Content-Length").and_then(|length| length.parse().ok()) else {
        return Trouble::malformed("it has no Content-Length");
    };
    // Some write line feeds only.
    let end: &[u8] = if begun.head.ends_with(b"\r\n") { b"\r\n\r\n" } else { b"\n\n" };
    archive.take(if length > RECORD { PIECE } else { length }).read_to_end(&mut begun.block)?;
    if length > RECORD {
        return Ok(Found::Long(head, length, end));
    }
    if (begun.block.len() as u64) < length {
        return Trouble::malformed(CUT_OFF);
    }
    read_tail(archive, &mut begun.tail, end)?;
    let packed = if alone && archive.member() == member { archive.packed()? } else { None };
    Ok(Found::Record(head, packed))
}

/// Reads the empty lines that end a record.
fn read_tail(archive: &mut Archive, tail: &mut Vec<u8>, end: &[u8]) -> Result<(), Trouble> {
    archive.take(end.len() as u64).read_to_end(tail)?;
    match tail {
        tail if tail == end => Ok(()),
        tail if end.starts_with(tail) => Trouble::malformed(CUT_OFF),
        _ => Trouble::malformed("it does not end where its Content-Length says"),
    }
}

/// Up to `size` bytes; none at the end.
fn piece(source: &mut impl BufRead, size: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(size).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl Archive {
    /// The unpacked bytes before what comes next.
    fn offset(&self) -> u64 {
        match self {
            Self::Gzip(members) => members.consumed(),
            Self::Other(_, offset) => *offset,
        }
    }

    /// The packed bytes before the member that it lies in.
    fn member(&self) -> u64 {
        match self {
            Self::Gzip(members) => members.offset(),
            Self::Other(..) => 0,
        }
    }

    fn at_start(&self) -> bool {
        matches!(self, Self::Gzip(members) if members.at_start())
    }

    fn packed(&mut self) -> io::Result<Option<Vec<u8>>> {
        match self {
            Self::Gzip(members) => members.packed(),
            Self::Other(..) => Ok(None),
        }
    }
}

impl Read for Archive {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Gzip(members) => members.read(into),
            Self::Other(source, offset) => {
                let n = source.read(into)?;
                *offset += n as u64;
                Ok(n)
            }
        }
    }
}

impl BufRead for Archive {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Gzip(members) => members.fill_buf(),
            Self::Other(source, _) => source.fill_buf(),
        }
    }

    fn consume(&mut self, count: usize) {
        match self {
            Self::Gzip(members) => members.consume(count),
            Self::Other(source, offset) => {
                source.consume(count);
                *offset += count as u64;
            }
        }
    }
}
