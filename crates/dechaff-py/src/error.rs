//! Errors of the library, as exceptions of the package.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// The exceptions are written in Python: some have two bases.
mod classes {
    pyo3::import_exception!(dechaff.errors, OptionError);
    pyo3::import_exception!(dechaff.errors, PageError);
    pyo3::import_exception!(dechaff.errors, StreamError);
}

/// An option that makes no sense.
pub(crate) fn option(message: impl Into<String>) -> PyErr {
    classes::OptionError::new_err(message.into())
}

/// A page that can't be cleaned.
pub(crate) fn page(message: impl Into<String>) -> PyErr {
    classes::PageError::new_err(message.into())
}

/// The same in a stream, with what has come out of it by then.
pub(crate) fn page_after(py: Python<'_>, message: String, output: &[u8]) -> PyErr {
    classes::PageError::new_err((message, PyBytes::new(py, output).unbind()))
}

/// A stream that is used in a way it can't be.
pub(crate) fn stream(message: &'static str) -> PyErr {
    classes::StreamError::new_err(message)
}

/// `name` has a value of another type than what it takes.
pub(crate) fn wrong_type(name: &str, wanted: &str, got: &Bound<'_, PyAny>) -> PyErr {
    let got = got.get_type().name().map_or_else(|_| "something else".to_owned(), |name| name.to_string());
    PyTypeError::new_err(format!("{name} must be {wanted}, not {got}"))
}
