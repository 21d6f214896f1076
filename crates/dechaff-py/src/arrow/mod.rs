//! Arrays of pages: Arrow in, Arrow out.

mod column;
mod report;

use arrow_array::Array;
use arrow_data::ArrayData;
use arrow_pyarrow::{FromPyArrow, ToPyArrow};
use dechaff::{Cleaner, Report};
use pyo3::prelude::*;
use pyo3::types::PyList;

use self::column::Column;
use crate::error;
use crate::passage::{Hints, guarded, look};

/// What became of a page; of a null, nothing.
pub(crate) type Outcome = Option<Result<Report, String>>;

/// An array of pages, with what is known of them.
pub(crate) struct Pages<'a, 'py> {
    pub(crate) array: &'a Bound<'py, PyAny>,
    pub(crate) urls: Option<&'a Bound<'py, PyAny>>,
    pub(crate) content_types: Option<&'a Bound<'py, PyAny>>,
    pub(crate) encoding: Option<&'a str>,
}

impl<'py> Pages<'_, 'py> {
    /// The array without what was cut. A page that can't be cleaned stays as it is, or is an exception.
    pub(crate) fn clean(&self, cleaner: &Cleaner, raise: bool) -> PyResult<Bound<'py, PyAny>> {
        let (cleaned, _) = self.each(cleaner, raise, false)?;
        Ok(cleaned)
    }

    /// The array without what was cut, and an array that says what that was. A page that can't be cleaned stays as it is.
    pub(crate) fn clean_with_report(&self, cleaner: &Cleaner) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let (cleaned, report) = self.each(cleaner, false, true)?;
        Ok((cleaned, report.unwrap_or_else(|| self.array.py().None().into_bound(self.array.py()))))
    }

    /// Cleans the array, or each array that it is made of.
    fn each(&self, cleaner: &Cleaner, raise: bool, report: bool) -> PyResult<Cleaned<'py>> {
        // A label that is none is wrong even where there is no page.
        Hints { encoding: self.encoding, ..Hints::default() }.check(cleaner)?;
        let py = self.array.py();
        if !self.array.hasattr("chunks")? || self.array.hasattr("__arrow_c_array__")? {
            let hints = [
                self.hint("urls", self.urls, 0, self.array)?,
                self.hint("content_types", self.content_types, 0, self.array)?,
            ];
            return self.one(self.array, hints, 0, cleaner, raise, report);
        }
        let (cleaned, reports) = (PyList::empty(py), PyList::empty(py));
        let mut unchanged = true;
        let mut start = 0;
        for chunk in self.array.getattr("chunks")?.try_iter()? {
            let chunk = chunk?;
            let hints = [
                self.hint("urls", self.urls, start, &chunk)?,
                self.hint("content_types", self.content_types, start, &chunk)?,
            ];
            let (new, report) = self.one(&chunk, hints, start, cleaner, raise, report)?;
            unchanged &= new.is(&chunk);
            cleaned.append(new)?;
            report.map_or(Ok(()), |report| reports.append(report))?;
            start += chunk.len()?;
        }
        let chunked = py.import("pyarrow")?.getattr("chunked_array")?;
        let cleaned =
            if unchanged { self.array.clone() } else { chunked.call1((cleaned, self.array.getattr("type")?))? };
        let reports = if report { Some(chunked.call1((reports, report::data_type().to_pyarrow(py)?))?) } else { None };
        Ok((cleaned, reports))
    }

    /// The part of a column of hints that goes with `chunk`, which begins at the row `start`.
    fn hint(
        &self,
        name: &str,
        hints: Option<&Bound<'py, PyAny>>,
        start: usize,
        chunk: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Column>> {
        let Some(hints) = hints else { return Ok(None) };
        if hints.len()? != self.array.len()? {
            let (given, pages) = (hints.len()?, self.array.len()?);
            return Err(error::option(format!("{name} has {given} rows, and there are {pages} pages")));
        }
        let mut part = hints.call_method1("slice", (start, chunk.len()?))?;
        if part.hasattr("chunks")? {
            part = part.call_method0("combine_chunks")?;
        }
        column(name, &part).map(Some)
    }

    /// Cleans an array of one piece, whose first row is the row `first` of all.
    fn one(
        &self,
        array: &Bound<'py, PyAny>,
        [urls, content_types]: [Option<Column>; 2],
        first: usize,
        cleaner: &Cleaner,
        raise: bool,
        report: bool,
    ) -> PyResult<Cleaned<'py>> {
        let py = array.py();
        let column = column("array", array)?;
        // Text is in UTF-8, whatever it says of itself.
        let encoding = if column.is_text() { Some("utf-8") } else { self.encoding };
        let (new, report) = py.detach(|| {
            let urls = urls.as_ref().map(Column::texts);
            let content_types = content_types.as_ref().map(Column::texts);
            let of = |texts: &Option<Vec<Option<String>>>, row: usize| texts.as_ref().and_then(|t| t[row].clone());
            let mut outcomes = Vec::with_capacity(column.pages().len());
            for (row, page) in column.pages().into_iter().enumerate() {
                let (url, content_type) = (of(&urls, row), of(&content_types, row));
                let hints = Hints { url: url.as_deref(), encoding, content_type: content_type.as_deref() };
                let Some(html) = page else {
                    outcomes.push(None);
                    continue;
                };
                let outcome = look(&hints.page(cleaner)?, html);
                if let (Err(message), true) = (&outcome, raise) {
                    return Err(error::page(format!("row {}: {message}", first + row)));
                }
                outcomes.push(Some(outcome));
            }
            let new = guarded(|| column.without(&outcomes).map_err(|error| error.to_string())).map_err(error::page)?;
            let report = if report { Some(report::array(&column.pages(), &outcomes)) } else { None };
            Ok((new, report))
        })?;
        let is_pyarrow = array.hasattr("_export_to_c")?;
        let cleaned = match new {
            Some(new) => new.to_data().to_pyarrow(py)?,
            None if is_pyarrow => array.clone(),
            None => column.data().to_pyarrow(py)?,
        };
        let report = match report {
            Some(report) => Some(report.map_err(|error| error::page(error.to_string()))?.to_data().to_pyarrow(py)?),
            None => None,
        };
        Ok((cleaned, report))
    }
}

/// The array without what was cut, and what that was, if it was asked for.
type Cleaned<'py> = (Bound<'py, PyAny>, Option<Bound<'py, PyAny>>);

/// An array of Python's that has pages or texts in it.
fn column(name: &str, array: &Bound<'_, PyAny>) -> PyResult<Column> {
    let wanted = "an Arrow array of binary, large_binary, binary_view, string, large_string or string_view";
    if !array.hasattr("__arrow_c_array__")? {
        return Err(error::wrong_type(name, wanted, array));
    }
    let data = ArrayData::from_pyarrow_bound(array)?;
    Column::new(data).map_err(|_| {
        let got = array.getattr("type").map_or_else(|_| "another".to_owned(), |data_type| data_type.to_string());
        pyo3::exceptions::PyTypeError::new_err(format!("{name} must be {wanted}, not of {got}"))
    })
}
