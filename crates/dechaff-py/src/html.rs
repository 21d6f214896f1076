//! A page as Python has it, and what it becomes: the type that went in.

use dechaff::Report;
use pyo3::exceptions::PyUnicodeEncodeError;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyMemoryView, PyString};

use crate::error;
use crate::passage::kept;

/// A page that Python gave.
pub(crate) struct Html<'py> {
    given: Bound<'py, PyAny>,
    bytes: Bound<'py, PyBytes>,
    is_text: bool,
}

impl<'py> Html<'py> {
    /// Takes `str`, `bytes` and what is like it.
    pub(crate) fn new(given: &Bound<'py, PyAny>) -> PyResult<Self> {
        if let Ok(text) = given.cast::<PyString>() {
            return Ok(Self { given: given.clone(), bytes: utf8(text)?, is_text: true });
        }
        let bytes = bytes("html", "bytes or str", given)?;
        Ok(Self { given: given.clone(), bytes, is_text: false })
    }

    /// The interpreter that it came with.
    pub(crate) fn py(&self) -> Python<'py> {
        self.given.py()
    }

    /// Its bytes; for text, those of its UTF-8.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.as_bytes()
    }

    /// Whether it is text, and so in UTF-8, whatever it says of itself.
    pub(crate) fn is_text(&self) -> bool {
        self.is_text
    }

    /// What stays of it. If that is all, it is the same object.
    pub(crate) fn cleaned(&self, report: &Report) -> PyResult<Bound<'py, PyAny>> {
        let py = self.given.py();
        let bytes = self.bytes();
        if report.cuts.is_empty() {
            let same = if self.is_text {
                self.given.cast_exact::<PyString>().is_ok()
            } else {
                self.given.cast_exact::<PyBytes>().is_ok()
            };
            return match (same, self.is_text) {
                (true, _) => Ok(self.given.clone()),
                (false, true) => text(py, bytes),
                (false, false) => Ok(self.bytes.clone().into_any()),
            };
        }
        let pieces = kept(Some(report), bytes.len()).map(|piece| &bytes[piece]);
        if self.is_text {
            return text(py, &pieces.collect::<Vec<_>>().concat());
        }
        let length = pieces.clone().map(<[u8]>::len).sum();
        let cleaned = PyBytes::new_with(py, length, |mut rest| {
            for piece in pieces {
                let (front, back) = rest.split_at_mut(piece.len());
                front.copy_from_slice(piece);
                rest = back;
            }
            Ok(())
        })?;
        Ok(cleaned.into_any())
    }
}

/// The bytes of an object that is like `bytes`. What can change is copied: other threads run while a page is cleaned.
pub(crate) fn bytes<'py>(name: &str, wanted: &str, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    if let Ok(bytes) = given.cast::<PyBytes>() {
        return Ok(bytes.clone());
    }
    if given.is_instance_of::<PyByteArray>() || given.is_instance_of::<PyMemoryView>() {
        return Ok(given.py().get_type::<PyBytes>().call1((given,))?.cast_into()?);
    }
    Err(error::wrong_type(name, wanted, given))
}

/// The name by which Python knows UTF-8 that may have lone surrogates in it, which JSON and file names can bring along: they
/// stay as they are.
const LENIENT: (&str, &str) = ("utf-8", "surrogatepass");

fn utf8<'py>(text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyBytes>> {
    match text.encode_utf8() {
        Err(error) if error.is_instance_of::<PyUnicodeEncodeError>(text.py()) => {
            Ok(text.call_method1("encode", LENIENT)?.cast_into()?)
        }
        done => done,
    }
}

fn text<'py>(py: Python<'py>, utf8: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    match str::from_utf8(utf8) {
        Ok(text) => Ok(PyString::new(py, text).into_any()),
        Err(_) => PyBytes::new(py, utf8).call_method1("decode", LENIENT),
    }
}
