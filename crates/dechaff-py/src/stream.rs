//! A page that comes in chunks.

use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dechaff::{CleanWriter, PageCleaner, Report};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error;
use crate::html;
use crate::passage::{guarded, inner};
use crate::report::{Unit, to_python};

/// Cleans one page that comes in chunks: made by ``Cleaner.stream``.
///
/// What is written comes out as soon as it is decided: at once outside of elements that a rule picked.
#[pyclass(frozen, module = "dechaff")]
pub(crate) struct Stream {
    state: Mutex<State>,
    output: Output,
}

enum State {
    Open(Box<CleanWriter<Output>>),
    Ended(Box<Report>),
    Failed,
}

/// Why nothing came out. It is made an exception when the interpreter is back and nothing is locked.
enum Trouble {
    /// The stream was in no state for it.
    Use(&'static str),
    /// The page can't be cleaned.
    Page(String),
}

/// What came out and was not fetched yet. An error of the page leaves it as it is: the page up to there is in it.
#[derive(Clone, Default)]
struct Output(Arc<Mutex<Vec<u8>>>);

impl Output {
    fn take(&self) -> Vec<u8> {
        mem::take(&mut *lock(&self.0))
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        lock(&self.0).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stream {
    pub(crate) fn new(page: &PageCleaner<'_>) -> Self {
        let output = Output::default();
        let writer = page.writer(output.clone());
        Self { state: Mutex::new(State::Open(Box::new(writer))), output }
    }

    /// Does one thing with the page, while other threads of Python run; gives what has come out.
    fn step<'py>(
        &self,
        py: Python<'py>,
        step: impl FnOnce(Box<CleanWriter<Output>>) -> Result<State, String> + Send,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let done = py.detach(|| {
            let mut state = lock(&self.state);
            match mem::replace(&mut *state, State::Failed) {
                State::Open(writer) => {
                    *state = guarded(|| step(writer)).map_err(Trouble::Page)?;
                    Ok(())
                }
                State::Failed => Err(Trouble::Use("the stream was used again after an error")),
                ended @ State::Ended(_) => {
                    *state = ended;
                    Err(Trouble::Use("the page has ended: finish() was called"))
                }
            }
        });
        let output = self.output.take();
        match done {
            Ok(()) => Ok(PyBytes::new(py, &output)),
            Err(Trouble::Use(message)) => Err(error::stream(message)),
            Err(Trouble::Page(message)) => Err(error::page_after(py, message, &output)),
        }
    }
}

#[pymethods]
impl Stream {
    /// Take the next chunk of the page; give what of the page is decided by then, which may be nothing.
    ///
    /// Raises:
    ///     PageError: The page can't be cleaned. Its ``output`` has what was not given yet; what comes after this chunk can
    ///         be passed on as it is.
    ///     StreamError: The page has ended, or there was an error.
    fn write<'py>(&self, chunk: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        let chunk = html::bytes("chunk", "bytes", chunk)?;
        let bytes = chunk.as_bytes();
        self.step(chunk.py(), |mut writer| {
            writer.write_all(bytes).map_err(|error| inner(error).to_string())?;
            Ok(State::Open(writer))
        })
    }

    /// End the page; give what was held back of it. Without this the end of the page is missing.
    ///
    /// Raises:
    ///     PageError: As for ``write``.
    ///     StreamError: As for ``write``.
    fn finish<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        self.step(py, |writer| {
            let (_, report) = writer.finish().map_err(|error| error.to_string())?;
            Ok(State::Ended(Box::new(report)))
        })
    }

    /// What was decided; ``None`` until the page has ended. Offsets are those of bytes.
    #[getter]
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let report = py.detach(|| match &*lock(&self.state) {
            State::Ended(report) => Some(report.clone()),
            State::Open(_) | State::Failed => None,
        });
        report.map(|report| to_python(py, &report, &Unit::Bytes)).transpose()
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let state = py.detach(|| match &*lock(&self.state) {
            State::Open(_) => "open",
            State::Ended(_) => "ended",
            State::Failed => "failed",
        });
        format!("<dechaff.Stream, {state}>")
    }
}
