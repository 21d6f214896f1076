//! Takes an archive from its input to its output.

use std::io::Write;
use std::ops::ControlFlow;

use crate::complaints::Complaints;
use crate::input::Stream;
use crate::input::codec::{Codec, Encoder};
use crate::lane::Lane;
use crate::ordered::{Event, ordered};
use crate::page::Trouble;
use crate::seeing::Seen;
use crate::setup::Setup;

use super::reader::{Extent, Item, Reader};
use super::record::{Cleaned, Record};

/// An item that is ready to be written.
enum Done {
    /// A record, packed.
    Record { bytes: Vec<u8>, changed: bool, seen: Box<Seen>, left: Option<String> },
    /// Anything else, as it was read.
    Other(Item),
}

/// Cleans the archive in `stream`, packed with `codec`, on its way to `output`. Messages and the report go to `lane`. Gives
/// whether anything was cut.
pub(crate) fn clean(
    setup: &Setup,
    (stream, codec): (Stream, Codec),
    output: &mut dyn Write,
    lane: &Lane<'_>,
) -> Result<bool, Trouble> {
    let mut reader = Reader::new(stream, codec != Codec::Plain);
    let next = || {
        let item = reader.next()?;
        let size = item.size();
        Some((item, size))
    };
    let work = |item| match item {
        Item::Record(record) => work(setup, codec, *record),
        item => Done::Other(item),
    };
    let mut writer = Writer { output, codec, open: None, changed: false, records: 0 };
    let mut complaints = Complaints::new(lane, &setup.input);
    let mut end = Ok(());
    ordered(setup.threads, next, work, |event| {
        let done = match event {
            Event::Result(Done::Other(Item::Left(why, extent))) => {
                complaints.add(told(setup, &why, extent));
                Ok(())
            }
            Event::Result(Done::Other(Item::Failed(error))) => Err(Trouble::Read(error)),
            // Only pages have another form.
            Event::Result(Done::Other(_)) if setup.converter.is_some() => Ok(()),
            Event::Result(Done::Other(item)) => writer.other(item),
            Event::Result(Done::Record { bytes, changed, seen, left }) => {
                complaints.see(*seen);
                if let Some(why) = left {
                    complaints.add(why);
                }
                writer.records += 1;
                writer.changed |= changed;
                writer.output.write_all(&bytes).map_err(Trouble::Write)
            }
            Event::Idle => writer.output.flush().map_err(Trouble::Write),
        };
        match done {
            Ok(()) => ControlFlow::Continue(()),
            Err(trouble) => {
                end = Err(trouble);
                ControlFlow::Break(())
            }
        }
    });
    complaints.end(writer.records, "records");
    let (end, changed) = (end.and(writer.output.flush().map_err(Trouble::Write)), writer.changed);
    end.map(|()| changed)
}

/// What is said of something that can't be cleaned.
fn told(setup: &Setup, why: &str, extent: Extent) -> String {
    let left = if setup.converter.is_some() { "left out" } else { "as it was" };
    let rest = if extent == Extent::Rest { ", and so is all that follows" } else { "" };
    format!("{why}; it is {left}{rest}")
}

/// Cleans and packs a record. If it stays, so do the bytes it is packed in.
fn work(setup: &Setup, codec: Codec, mut record: Record) -> Done {
    let mut seen = Seen::default();
    let place = record.place;
    let mut left = None;
    let mut clean = None;
    match record.clean(setup) {
        Cleaned::NoPage if setup.converter.is_some() && !record.is_warcinfo() => clean = Some(Vec::new()),
        Cleaned::NoPage => {}
        Cleaned::Same(page) => seen = page,
        Cleaned::Cut(bytes, page) => {
            seen = page;
            clean = Some(bytes);
        }
        Cleaned::Left(why) => {
            left = Some(told(setup, &format!("{place}: {why}"), Extent::Record));
            clean = setup.converter.is_some().then(Vec::new);
        }
    }
    let changed = clean.is_some();
    let bytes = match (clean, record.packed.take()) {
        (None, Some(packed)) => Ok(packed),
        (None, None) => codec.pack(record.bytes()),
        (Some(bytes), _) if bytes.is_empty() => Ok(bytes),
        (Some(bytes), _) => codec.pack(bytes),
    };
    match bytes {
        Ok(bytes) => Done::Record { bytes, changed, seen: Box::new(seen), left },
        Err(error) => Done::Other(Item::Failed(error)),
    }
}

struct Writer<'w> {
    output: &'w mut dyn Write,
    codec: Codec,
    /// Pieces that are packed together until the last one has come.
    open: Option<Encoder<Vec<u8>>>,
    changed: bool,
    records: u64,
}

impl Writer<'_> {
    /// Writes what is no whole record.
    fn other(&mut self, item: Item) -> Result<(), Trouble> {
        match item {
            Item::Packed(bytes) => self.output.write_all(&bytes),
            Item::Piece(bytes) => self.piece(&bytes),
            Item::End => match self.open.take() {
                Some(encoder) => encoder.finish().and_then(|bytes| self.output.write_all(&bytes)),
                None => Ok(()),
            },
            Item::Record(_) | Item::Left(..) | Item::Failed(_) => Ok(()),
        }
        .map_err(Trouble::Write)
    }

    fn piece(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        if self.open.is_none() {
            self.open = Some(Encoder::new(self.codec, Vec::new())?);
        }
        let Some(encoder) = &mut self.open else { return Ok(()) };
        encoder.write_all(bytes)?;
        // What is packed goes on its way.
        let packed = std::mem::take(encoder.get_mut());
        self.output.write_all(&packed)
    }
}
