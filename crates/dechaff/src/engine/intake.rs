//! The bytes of a page on their way in: their encoding is found out, they are tokenized piece by piece, and what is decided
//! leaves.

use std::io;

use super::Engine;
use crate::encoding::PageEncoding;
use crate::encoding::magic::Format;
use crate::encoding::sniff::Sniffed;
use crate::error::{Error, ErrorKind};
use crate::report::{Cut, Decline, DeclineReason, Report};

/// How many bytes are read before what they bring is acted on.
const PIECE: usize = 64 * 1024;

/// U+FEFF in UTF-8: at the beginning it is no text (Encoding Standard, "decode").
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

impl Engine {
    /// Takes a chunk of input and writes what is decided. After an error nothing more can be done with the page.
    pub(crate) fn push(&mut self, chunk: &[u8], write: &mut impl FnMut(&[u8]) -> io::Result<()>) -> Result<(), Error> {
        if self.failed {
            return Err(ErrorKind::Poisoned.into());
        }
        // A page that is in memory as a whole is read like one that comes from the network: what is known of a piece at a
        // time stays small.
        for (i, piece) in chunk.chunks(PIECE).enumerate() {
            if let Err(error) = self.push_piece(piece, write) {
                self.failed = true;
                if !error.is_io() {
                    self.write_held(write)?;
                    write(&chunk[(i * PIECE + piece.len())..]).map_err(ErrorKind::Io)?;
                }
                return Err(error);
            }
        }
        Ok(())
    }

    fn push_piece(&mut self, piece: &[u8], write: &mut impl FnMut(&[u8]) -> io::Result<()>) -> Result<(), Error> {
        let Some(sniffer) = &mut self.sniffer else { return self.read(piece, write) };
        sniffer.push(piece);
        self.sniff(false, write)
    }

    /// After an error: what was not read comes out as well.
    fn write_held(&mut self, write: &mut impl FnMut(&[u8]) -> io::Result<()>) -> Result<(), Error> {
        let Some(sniffer) = self.sniffer.take() else { return Ok(()) };
        Ok(write(&sniffer.into_held()).map_err(ErrorKind::Io)?)
    }

    /// Looks for the encoding in what has come so far, and reads what need not wait for it.
    fn sniff(&mut self, last: bool, write: &mut impl FnMut(&[u8]) -> io::Result<()>) -> Result<(), Error> {
        while let Some(mut sniffer) = self.sniffer.take() {
            let ready = match sniffer.look(last) {
                Sniffed::Other(format) => {
                    let kind = match format {
                        Format::Compressed(format) => ErrorKind::Compressed { format },
                        Format::NoHtml(format) => ErrorKind::NoHtml { format },
                    };
                    return self.refuse(&sniffer.into_held(), kind, write);
                }
                Sniffed::More => {
                    self.sniffer = Some(sniffer);
                    return Ok(());
                }
                Sniffed::Ascii(count) => {
                    let ready = sniffer.pass(count);
                    self.sniffer = Some(sniffer);
                    ready
                }
                Sniffed::Found(encoding, evidence) => {
                    let held = sniffer.into_held();
                    if encoding == encoding_rs::REPLACEMENT {
                        return self.refuse(&held, ErrorKind::ReplacementEncoding { evidence }, write);
                    }
                    self.report.encoding = PageEncoding { name: encoding.name(), evidence };
                    if encoding != encoding_rs::UTF_8 {
                        self.hold.translate(encoding);
                    }
                    held
                }
            };
            self.read(&ready, write)?;
        }
        Ok(())
    }

    /// The page can't be read: what is held of it comes out, and `held`, of which nothing was read. What is cut and has not gone
    /// by stays.
    fn refuse(
        &mut self,
        held: &[u8],
        kind: ErrorKind,
        write: &mut impl FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<(), Error> {
        let left = self.hold.view().base;
        self.hold.restore(left);
        self.report.cuts.retain(|cut| cut.range.start < left);
        self.hold.release_all(write).map_err(ErrorKind::Io)?;
        write(held).map_err(ErrorKind::Io)?;
        self.tell(u64::MAX);
        Err(kind.into())
    }

    /// Reads a piece of the page, of which the encoding is known.
    fn read(&mut self, piece: &[u8], write: &mut impl FnMut(&[u8]) -> io::Result<()>) -> Result<(), Error> {
        let start = self.hold.end();
        self.hold.push(piece);
        self.tokenize(start, false, write)
    }

    /// Reads what has come into the hold since `start`.
    fn tokenize(
        &mut self,
        start: u64,
        last: bool,
        write: &mut impl FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<(), Error> {
        let new = self.hold.view().slice(&(start..self.hold.end()));
        if start == 0 && new.starts_with(BYTE_ORDER_MARK) && self.is_unicode() {
            self.scanner.skip_to(BYTE_ORDER_MARK.len() as u64);
        }
        self.advance(last, write)
    }

    /// The encoding of the page, if it is known by now.
    pub(crate) fn encoding(&self) -> Option<PageEncoding> {
        self.sniffer.is_none().then_some(self.report.encoding)
    }

    /// Whether a byte order mark is one, and no text, in the encoding of the page.
    fn is_unicode(&self) -> bool {
        self.report.encoding.name.starts_with("UTF-")
    }

    /// End of input: everything that is left is decided and written.
    pub(crate) fn finish(&mut self, write: &mut impl FnMut(&[u8]) -> io::Result<()>) -> Result<Report, Error> {
        if self.failed {
            return Err(ErrorKind::Poisoned.into());
        }
        self.failed = true;
        if let Err(error) = self.sniff(true, write) {
            if !error.is_io() {
                self.write_held(write)?;
            }
            return Err(error);
        }
        let start = self.hold.end();
        self.hold.finish();
        self.tokenize(start, true, write)?;
        let mut report = std::mem::take(&mut self.report);
        report.declines.sort_by_key(|d| d.range.start);
        for Cut { range, .. } in &mut report.cuts {
            *range = self.hold.in_page(range.clone());
        }
        for Decline { range, .. } in &mut report.declines {
            *range = self.hold.in_page(range.clone());
        }
        report.stop = self.stop();
        report.bytes_in = self.hold.received();
        report.bytes_out = self.hold.written();
        Ok(report)
    }

    fn advance(&mut self, last: bool, write: &mut impl FnMut(&[u8]) -> io::Result<()>) -> Result<(), Error> {
        let lost_before = self.tree.lost().is_some();
        let limit = self.hold.end();
        if let Some(tag) = self.read_tokens(limit, last) {
            // Nothing is cut any more, and nothing is kept back: every byte received comes out.
            let offset = self.hold.start_in_page(tag);
            self.give_up(DeclineReason::TooLarge);
            self.hold.release_all(write).map_err(ErrorKind::Io)?;
            self.tell(u64::MAX);
            return Err(ErrorKind::Memory { offset, limit: self.setup.limits.tag_bytes }.into());
        }
        if last {
            self.ended = true;
            self.ends_line = true;
            self.tree.finish(limit);
            self.settle();
        }
        if !lost_before && let Some(stop) = self.tree.lost() {
            self.hold.note_stop(stop.offset);
        }
        self.hold.note_token(&self.tree.token());
        if last {
            self.hold.release_all(write).map_err(ErrorKind::Io)?;
            self.tell(u64::MAX);
            return Ok(());
        }
        let mut decided = self.scanner.done_before().min(limit).min(self.undecided());
        if let Some(provisional) = self.provisional.filter(|_| self.frameset_possible()) {
            decided = decided.min(provisional);
        }
        self.hold.release(decided, write).map_err(ErrorKind::Io)?;
        self.tell(decided);
        Ok(())
    }
}
