//! The report of a page, as the classes of `dechaff.report`.

use std::collections::HashMap;

use dechaff::Report;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyTuple, PyType};

/// What offsets count.
pub(crate) enum Unit<'p> {
    Bytes,
    /// Characters of the text that is this in UTF-8.
    Characters(&'p [u8]),
}

/// Makes a `dechaff.Report`.
pub(crate) fn to_python<'py>(py: Python<'py>, report: &Report, unit: &Unit<'_>) -> PyResult<Bound<'py, PyAny>> {
    let [cut, decline, stop, whole] = classes(py)?;
    let places = Places::new(report, unit);
    let cuts = report.cuts.iter().map(|c| {
        let (start, end) = (places.of(c.range.start), places.of(c.range.end));
        cut.call1((c.category.name(), &*c.rule, &*c.tag, start, end))
    });
    let declines = report.declines.iter().map(|d| {
        let (start, end) = (places.of(d.range.start), places.of(d.range.end));
        decline.call1((d.category.name(), &*d.rule, &*d.tag, start, end, d.reason.name()))
    });
    let stop = report.stop.as_ref().map(|s| stop.call1((places.of(s.offset), s.reason.name()))).transpose()?;
    whole.call1((
        PyTuple::new(py, cuts.collect::<PyResult<Vec<_>>>()?)?,
        PyTuple::new(py, declines.collect::<PyResult<Vec<_>>>()?)?,
        stop,
        report.encoding.name,
        report.encoding.evidence.name(),
        report.bytes_in,
        report.bytes_out,
    ))
}

fn classes(py: Python<'_>) -> PyResult<[&Bound<'_, PyType>; 4]> {
    static CUT: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static DECLINE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static STOP: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static REPORT: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let module = "dechaff.report";
    Ok([
        CUT.import(py, module, "Cut")?,
        DECLINE.import(py, module, "Decline")?,
        STOP.import(py, module, "Stop")?,
        REPORT.import(py, module, "Report")?,
    ])
}

/// The places that a report names, in its unit.
struct Places(Option<HashMap<u64, u64>>);

impl Places {
    fn new(report: &Report, unit: &Unit<'_>) -> Self {
        let Unit::Characters(utf8) = unit else { return Self(None) };
        let cuts = report.cuts.iter().map(|cut| &cut.range);
        let ranges = cuts.chain(report.declines.iter().map(|decline| &decline.range));
        let mut offsets: Vec<_> = ranges.flat_map(|range| [range.start, range.end]).collect();
        offsets.extend(report.stop.as_ref().map(|stop| stop.offset));
        offsets.sort_unstable();
        offsets.dedup();
        let (mut characters, mut done) = (0, 0);
        let counted = offsets.into_iter().map(|offset| {
            let end = usize::try_from(offset).unwrap_or(usize::MAX).min(utf8.len());
            // All bytes but those that continue a character.
            characters += utf8[done..end].iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u64;
            done = end;
            (offset, characters)
        });
        Self(Some(counted.collect()))
    }

    fn of(&self, offset: u64) -> u64 {
        self.0.as_ref().and_then(|places| places.get(&offset).copied()).unwrap_or(offset)
    }
}
