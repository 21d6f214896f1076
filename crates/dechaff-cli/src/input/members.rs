//! gzip, member by member: what each one unpacks to, and the very bytes it is packed in.
//!
//! A `.warc.gz` has a member for each record, so that one can be read alone. Records from which nothing is cut are copied
//! as they are packed.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::mem;

use flate2::bufread::GzDecoder;

use crate::input::codec::{Broken, Codec};

/// How much of a member is unpacked at a time, in bytes.
const BUFFER: usize = 64 * 1024;

/// Unpacks members one after the other, as one stream.
pub(crate) struct Members<R> {
    /// There is none only while one is exchanged for the next.
    decoder: Option<GzDecoder<Tap<R>>>,
    buffer: Vec<u8>,
    /// What is unpacked and not consumed yet.
    ready: std::ops::Range<usize>,
    /// Nothing of the member was consumed yet.
    fresh: bool,
    /// The packed bytes before the member.
    offset: u64,
    /// The unpacked bytes that were consumed.
    consumed: u64,
    /// What went wrong after the bytes that are ready.
    error: Option<io::Error>,
    /// It was told; nothing comes after it.
    ended: bool,
}

impl<R: Read> Members<R> {
    /// Unpacks `source`. Up to `limit` packed bytes of a member are kept for [`Members::packed`].
    pub(crate) fn new(source: R, limit: usize) -> Self {
        let tap =
            Tap { source: BufReader::with_capacity(BUFFER, source), kept: Vec::new(), room: limit, limit, read: 0 };
        let (buffer, ready) = (vec![0; BUFFER], 0..0);
        Self {
            decoder: Some(GzDecoder::new(tap)),
            buffer,
            ready,
            fresh: true,
            offset: 0,
            consumed: 0,
            error: None,
            ended: false,
        }
    }

    /// What the stream begins with: up to `count` bytes of its first member. They stay to be read.
    pub(crate) fn peek(&mut self, count: usize) -> &[u8] {
        while self.ready.end < count && self.error.is_none() {
            match self.unpack() {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => (self.error, self.ended) = (Some(error), false),
            }
        }
        &self.buffer[self.ready.clone()]
    }

    /// Keeps no packed bytes from now on.
    pub(crate) fn forget(&mut self) {
        if let Some(decoder) = &mut self.decoder {
            let tap = decoder.get_mut();
            (tap.kept, tap.room, tap.limit) = (Vec::new(), 0, 0);
        }
    }

    /// Whether a member begins here, and all of its packed bytes are being kept.
    pub(crate) fn at_start(&self) -> bool {
        self.fresh && self.keeps()
    }

    /// Whether all packed bytes of the member that were read are kept.
    pub(crate) fn keeps(&self) -> bool {
        self.decoder.as_ref().is_some_and(|decoder| decoder.get_ref().room > 0)
    }

    /// The packed bytes before the member.
    pub(crate) const fn offset(&self) -> u64 {
        self.offset
    }

    /// The unpacked bytes that were consumed.
    pub(crate) const fn consumed(&self) -> u64 {
        self.consumed
    }

    /// The packed bytes of the member, if it ends here and they were kept. Its checksum is right then.
    pub(crate) fn packed(&mut self) -> io::Result<Option<Vec<u8>>> {
        if !self.ready.is_empty() || self.unpack()? > 0 {
            return Ok(None);
        }
        let Some(decoder) = &mut self.decoder else { return Ok(None) };
        let tap = decoder.get_mut();
        Ok((tap.room > 0).then(|| mem::take(&mut tap.kept)))
    }

    /// The packed bytes of the member as far as they were read, and the source with all that follows.
    pub(crate) fn into_packed(self) -> (Vec<u8>, Option<BufReader<R>>) {
        match self.decoder {
            Some(decoder) => {
                let tap = decoder.into_inner();
                (tap.kept, Some(tap.source))
            }
            None => (Vec::new(), None),
        }
    }

    /// Unpacks some of the member behind what is ready. Gives how much that was: 0 at its end.
    fn unpack(&mut self) -> io::Result<usize> {
        if let Some(error) = self.error.take() {
            self.ended = true;
            return Err(error);
        }
        if self.ended {
            return Ok(0);
        }
        if self.ready.is_empty() {
            self.ready = 0..0;
        }
        let Some(decoder) = &mut self.decoder else { return Ok(0) };
        loop {
            match decoder.read(&mut self.buffer[self.ready.end..]) {
                Ok(n) => {
                    self.ready.end += n;
                    return Ok(n);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    return Err(Broken::wrap(Codec::Gzip, error));
                }
            }
        }
    }
}

impl<R: Read> BufRead for Members<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.ready.is_empty() && self.unpack()? == 0 {
            let Some(decoder) = self.decoder.as_mut().filter(|_| !self.ended) else { break };
            if decoder.get_mut().fill_buf()?.is_empty() {
                break;
            }
            if let Some(decoder) = self.decoder.take() {
                let mut tap = decoder.into_inner();
                (tap.kept, tap.room) = (Vec::new(), tap.limit);
                self.offset = tap.read;
                self.decoder = Some(GzDecoder::new(tap));
                self.fresh = true;
            }
        }
        Ok(&self.buffer[self.ready.clone()])
    }

    fn consume(&mut self, count: usize) {
        self.ready.start += count;
        self.consumed += count as u64;
        self.fresh &= count == 0;
    }
}

impl<R: Read> Read for Members<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        read_buffered(self, into)
    }
}

/// Reads by way of the buffer, which knows what has gone by.
fn read_buffered(source: &mut impl BufRead, into: &mut [u8]) -> io::Result<usize> {
    let ready = source.fill_buf()?;
    let n = ready.len().min(into.len());
    into[..n].copy_from_slice(&ready[..n]);
    source.consume(n);
    Ok(n)
}

/// Keeps a copy of what is read through it.
struct Tap<R> {
    source: BufReader<R>,
    kept: Vec<u8>,
    /// How many more bytes may be kept. At 0 nothing is: the member has too many.
    room: usize,
    limit: usize,
    /// All bytes that went through.
    read: u64,
}

impl<R: Read> Read for Tap<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        read_buffered(self, into)
    }
}

impl<R: Read> BufRead for Tap<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.source.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.read += count as u64;
        if count < self.room {
            self.kept.extend_from_slice(&self.source.buffer()[..count]);
            self.room -= count;
        } else if self.room > 0 {
            (self.kept, self.room) = (Vec::new(), 0);
        }
        self.source.consume(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> (Vec<u8>, Vec<u8>) {
        (Codec::Gzip.pack(b"first".to_vec()).unwrap(), Codec::Gzip.pack(b"second".to_vec()).unwrap())
    }

    #[test]
    fn each_member_comes_with_its_packed_bytes() {
        let (first, second) = two();
        let whole = [first.clone(), second.clone()].concat();
        let mut members = Members::new(&*whole, 1000);
        assert_eq!(members.peek(1000), b"first");
        for (text, packed, offset) in [("first", &first, 0), ("second", &second, first.len())] {
            assert_eq!(members.fill_buf().unwrap(), text.as_bytes());
            assert!(members.at_start());
            assert_eq!(members.offset(), offset as u64);
            members.consume(3);
            assert!(!members.at_start());
            assert_eq!(members.packed().unwrap(), None);
            members.consume(text.len() - 3);
            assert_eq!(members.packed().unwrap().as_ref(), Some(packed));
        }
        assert_eq!(members.fill_buf().unwrap(), b"");
    }

    #[test]
    fn a_member_that_is_too_long_is_not_kept() {
        let (first, second) = two();
        let whole = [first, second].concat();
        let mut members = Members::new(&*whole, 20);
        let mut text = String::new();
        members.read_to_string(&mut text).unwrap();
        assert_eq!(text, "firstsecond");
        assert!(!members.at_start());
        assert_eq!(members.packed().unwrap(), None);
    }

    #[test]
    fn what_is_cut_off_or_damaged_is_told_after_what_could_be_read() {
        let (first, _) = two();
        for (bytes, cut_off) in
            [(first[..first.len() - 1].to_vec(), true), ([first.clone(), b"?".repeat(20)].concat(), false)]
        {
            let mut members = Members::new(&*bytes, 1000);
            let mut text = Vec::new();
            let error = members.read_to_end(&mut text).unwrap_err();
            assert_eq!(text, b"first");
            assert_eq!(Broken::of(&error).unwrap().cut_off, cut_off, "{error}");
        }
    }
}
