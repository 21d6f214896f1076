//! Cleans a page as it streams by.

use std::io::{self, ErrorKind, Read, Write};

use dechaff::{PageCleaner, Report};

use crate::converting::{Conversion, ConvertingWriter};
use crate::input::codec::{Codec, Encoder};
use crate::output::BUFFER;

/// Why an input was not cleaned to its end: which side failed decides what is said, and whether the run goes on.
#[derive(Debug)]
pub(crate) enum Trouble {
    Read(io::Error),
    Write(io::Error),
    Page(dechaff::Error),
    /// It can't be had in the form that was asked for, and why.
    Form(&'static str),
}

impl From<Trouble> for io::Error {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Read(error) | Trouble::Write(error) => error,
            Trouble::Page(error) => error.into(),
            Trouble::Form(why) => Self::other(why),
        }
    }
}

impl From<io::Error> for Trouble {
    /// An error of the cleaner: the library's own comes wrapped, that of the writer behind it as it is.
    fn from(error: io::Error) -> Self {
        match error.downcast() {
            Ok(error) => Self::Page(error),
            Err(error) => Self::Write(error),
        }
    }
}

/// Cleans the page that `input` gives and writes it, packed with `codec`. What was read of a page that ends in an error
/// comes out, too.
pub(crate) fn clean(
    cleaner: &PageCleaner<'_>,
    input: &mut impl Read,
    codec: Codec,
    output: &mut dyn Write,
) -> Result<Report, Trouble> {
    let mut encoder = Encoder::new(codec, output).map_err(Trouble::Write)?;
    let report = copy(cleaner, input, &mut encoder);
    end(encoder, report)
}

/// Cleans the page that `input` gives, and writes it in the form of `conversion`. What was read before an error of `input`
/// comes out, too.
pub(crate) fn convert<W: Write>(
    cleaner: &PageCleaner<'_>,
    conversion: Conversion<W>,
    input: &mut impl Read,
) -> Result<Report, Trouble> {
    let mut writer = ConvertingWriter::new(cleaner.writer(Vec::new()), conversion);
    match transfer(input, &mut writer, &mut vec![0; BUFFER]) {
        Err(trouble @ (Trouble::Page(_) | Trouble::Write(_))) => Err(trouble),
        end => {
            let report = writer.finish()?;
            end.map(|()| report)
        }
    }
}

/// Passes on what `input` gives as it is, packed with `codec`.
pub(crate) fn pass(input: &mut impl Read, codec: Codec, output: &mut dyn Write) -> Result<(), Trouble> {
    let mut encoder = Encoder::new(codec, output).map_err(Trouble::Write)?;
    let done = transfer(input, &mut encoder, &mut vec![0; BUFFER]);
    end(encoder, done)
}

fn end<T>(encoder: Encoder<&mut dyn Write>, result: Result<T, Trouble>) -> Result<T, Trouble> {
    if let Err(Trouble::Write(_)) = result {
        return result;
    }
    encoder.finish().and_then(Write::flush).map_err(Trouble::Write)?;
    result
}

/// Reads, cleans and writes. A read gives what there is: if that is little, someone is slow and someone may be waiting,
/// so what has come out by then is passed on.
///
/// What can't be cleaned comes out as it is, to its end: a pipe that loses half a page is worse than one that leaves it.
fn copy(cleaner: &PageCleaner<'_>, input: &mut impl Read, output: &mut impl Write) -> Result<Report, Trouble> {
    let mut buffer = vec![0; BUFFER];
    let mut writer = cleaner.writer(output);
    let end = transfer(input, &mut writer, &mut buffer);
    if let Err(Trouble::Page(error)) = end {
        transfer(input, writer.into_inner(), &mut buffer)?;
        return Err(Trouble::Page(error));
    }
    // After an error too: on standard output, all that was read of the page is to come out. A file is dropped anyway.
    let report = writer.finish().map_err(io::Error::from).map(|(_, report)| report);
    end?;
    Ok(report?)
}

/// Reads to the end and writes what there is.
fn transfer(input: &mut impl Read, output: &mut impl Write, buffer: &mut [u8]) -> Result<(), Trouble> {
    loop {
        match input.read(buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => {
                output.write_all(&buffer[..n])?;
                if n < buffer.len() {
                    output.flush()?;
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(Trouble::Read(error)),
        }
    }
}
