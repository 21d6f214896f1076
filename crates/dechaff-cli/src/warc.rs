//! WARC archives (ISO 28500), record by record.
//!
//! [`reader`] finds the records, [`record`] cleans one, with what it needs to know of a [`head`], of [`chunked`] bodies and of
//! [`digest`]s; [`conversion`] makes a record of a page's text; [`archive`] takes a whole archive from its input to its output.
//!
//! The crate `warc` (0.4) is no base for this: its header is a map, so that the order, the case and the spaces of the
//! fields are lost, and it says neither where a record lies nor in which bytes it was packed.

mod archive;
mod chunked;
mod conversion;
mod digest;
mod head;
mod reader;
mod record;

pub(crate) use archive::clean;
