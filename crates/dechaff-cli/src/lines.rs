//! JSON Lines: a page in a field of each line. [`field`] finds it.

mod field;

use std::io::{BufRead, BufReader, Read, Write};
use std::ops::ControlFlow;

use crate::complaints::Complaints;
use crate::input::Source;
use crate::input::codec::{Codec, Encoder};
use crate::lane::Lane;
use crate::ordered::{Event, ordered};
use crate::page::Trouble;
use crate::seeing::Seen;
use crate::setup::Setup;

use field::{Field, find, quoted, without};

/// How long a line may be to be held in memory, in bytes. A longer one passes through.
const LINE: u64 = 64 << 20;

/// What an input is made of.
enum Item {
    /// A line, with its end.
    Line { number: u64, bytes: Vec<u8> },
    /// A piece of a line that is too long. The first one has its number.
    Piece { number: Option<u64>, bytes: Vec<u8> },
    /// The input can't be read any further.
    Failed(std::io::Error),
}

/// An item that is ready to be written.
#[derive(Default)]
struct Done {
    bytes: Vec<u8>,
    lines: u64,
    changed: bool,
    seen: Seen,
    left: Vec<String>,
    error: Option<std::io::Error>,
}

/// Cleans the lines that `source` gives and writes them, packed with `codec`. Messages and the report go to `lane`. Gives
/// whether anything was cut.
pub(crate) fn clean(
    setup: &Setup,
    source: Source,
    codec: Codec,
    output: &mut dyn Write,
    lane: &Lane<'_>,
) -> Result<bool, Trouble> {
    let mut reader =
        Reader { source: BufReader::with_capacity(64 << 10, source), number: 0, long: false, ended: false };
    let next = || {
        let item = reader.next()?;
        let size = match &item {
            Item::Line { bytes, .. } | Item::Piece { bytes, .. } => bytes.len(),
            Item::Failed(_) => 0,
        };
        Some((item, size))
    };
    let mut encoder = Encoder::new(codec, output).map_err(Trouble::Write)?;
    let mut complaints = Complaints::new(lane, &setup.input);
    let (mut lines, mut changed, mut end) = (0, false, Ok(()));
    ordered(
        setup.threads,
        next,
        |item| work(setup, item),
        |event| {
            let written = match event {
                Event::Result(done) => {
                    complaints.see(done.seen);
                    done.left.into_iter().for_each(|why| complaints.add(why));
                    lines += done.lines;
                    changed |= done.changed;
                    let written = encoder.write_all(&done.bytes).map_err(Trouble::Write);
                    written.and(done.error.map_or(Ok(()), |error| Err(Trouble::Read(error))))
                }
                // What is packed would be larger for it.
                Event::Idle if codec == Codec::Plain => encoder.flush().map_err(Trouble::Write),
                Event::Idle => Ok(()),
            };
            match written {
                Ok(()) => ControlFlow::Continue(()),
                Err(trouble) => {
                    end = Err(trouble);
                    ControlFlow::Break(())
                }
            }
        },
    );
    complaints.end(lines, "lines");
    if !matches!(end, Err(Trouble::Write(_))) {
        encoder.finish().and_then(Write::flush).map_err(Trouble::Write)?;
    }
    end.map(|()| changed)
}

/// Reads lines.
struct Reader {
    source: BufReader<Source>,
    number: u64,
    /// The line goes on.
    long: bool,
    ended: bool,
}

impl Reader {
    fn next(&mut self) -> Option<Item> {
        if self.ended {
            return None;
        }
        let mut bytes = Vec::new();
        if let Err(error) = (&mut self.source).take(LINE).read_until(b'\n', &mut bytes) {
            self.ended = true;
            return Some(Item::Failed(error));
        }
        if bytes.is_empty() {
            return None;
        }
        let goes_on = bytes.len() as u64 == LINE && !bytes.ends_with(b"\n");
        let first = !std::mem::replace(&mut self.long, goes_on);
        self.number += u64::from(first);
        let number = self.number;
        Some(if first && !goes_on {
            Item::Line { number, bytes }
        } else {
            Item::Piece { number: first.then_some(number), bytes }
        })
    }
}

/// Cleans a line.
fn work(setup: &Setup, item: Item) -> Done {
    match item {
        Item::Line { bytes, .. } if bytes.trim_ascii().is_empty() => Done { bytes, ..Done::default() },
        Item::Line { number, bytes } => line(setup, number, bytes),
        Item::Piece { number, bytes } => {
            let left =
                number.map(|number| format!("line {number}: longer than what is held in memory; it is as it was"));
            Done { bytes, lines: u64::from(number.is_some()), left: left.into_iter().collect(), ..Done::default() }
        }
        Item::Failed(error) => Done { error: Some(error), ..Done::default() },
    }
}

fn line(setup: &Setup, number: u64, bytes: Vec<u8>) -> Done {
    let mut done = Done { lines: 1, ..Done::default() };
    let mut left = |why: String| done.left.push(format!("line {number}: {why}; it is as it was"));
    let Ok(line) = std::str::from_utf8(&bytes) else {
        left("not UTF-8".to_owned());
        return Done { bytes, ..done };
    };
    let text = line.trim_end();
    let url = match find(text, "url") {
        Ok(Some(Field::Text { text, .. })) => Some(text),
        Ok(_) => None,
        Err(error) => {
            left(error);
            return Done { bytes, ..done };
        }
    };
    // Where there is a new value, and which: the fields may stand in any order.
    let mut values = Vec::new();
    for name in &setup.fields {
        let (page, span) = match find(text, name) {
            Ok(Some(Field::Text { text, span })) => (text, span),
            Ok(Some(Field::Null)) => continue,
            Ok(Some(Field::Other)) => {
                left(format!("the field '{name}' is no text"));
                continue;
            }
            Ok(None) => {
                left(format!("there is no field '{name}'"));
                continue;
            }
            Err(error) => {
                left(error);
                continue;
            }
        };
        // JSON is Unicode: whatever the page says of itself was true of it before.
        let cleaned = setup.at(url.as_deref()).encoding("utf-8").and_then(|cleaner| cleaner.clean(page.as_bytes()));
        match cleaned {
            Ok((clean, report)) => {
                done.seen.append(setup.see((Some(number), Some(name), url.as_deref()), page.as_bytes(), &report));
                match &setup.converter {
                    Some(converter) => match converter.convert(&clean, report.encoding) {
                        Ok(converted) => values.push((span, quoted(&converted))),
                        Err(why) => left(why),
                    },
                    None if report.cuts.is_empty() => {}
                    None => {
                        let value = without(&text[span.clone()], &report.cuts);
                        values.push((span, value));
                    }
                }
            }
            Err(error) => left(error.to_string()),
        }
    }
    if values.is_empty() {
        return Done { bytes, ..done };
    }
    values.sort_by_key(|(span, _)| span.start);
    values.dedup_by_key(|(span, _)| span.start);
    let (mut out, mut at) = (String::with_capacity(line.len()), 0);
    for (span, value) in values {
        out.push_str(&line[at..span.start]);
        out.push_str(&value);
        at = span.end;
    }
    out.push_str(&line[at..]);
    Done { bytes: out.into_bytes(), changed: true, ..done }
}
