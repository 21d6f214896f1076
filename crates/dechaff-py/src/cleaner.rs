//! The compiled cleaner.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::arrow;
use crate::error;
use crate::html::Html;
use crate::options::Options;
use crate::passage::{Hints, look};
use crate::report::{Unit, to_python};
use crate::stream::Stream;

/// Cuts chaff out of HTML. Made once, used for any number of pages, by any number of threads.
///
/// A cleaner can be pickled, and so be sent to other processes: its options go along, the texts of rule files included, and
/// the rules are compiled there anew.
///
/// Args:
///     categories: Exactly what to cut: a name of ``CATEGORIES``, or several; ``"all"`` stands for each. By default what
///         ``dechaff`` cuts by default; with ``[]`` only what ``rules``, ``remove`` and ``filter_list`` say.
///     rules: Files of rules in the format of the built-in ones: a path, a mapping of names to their texts in TOML, or
///         several of these. In reports their rules are called after the file, or by that name: ``house/promo``.
///     keep: CSS selectors of what stays, with all in it and around it, whatever else would cut it: one, or several.
///     remove: CSS selectors of what goes, whatever it holds: one, or several.
///     filter_list: Lists for ad blockers, of which the rules that hide elements count; given as ``rules`` are.
///
/// Raises:
///     OptionError: An option makes no sense.
///     TypeError: A value is of a wrong type.
///     OSError: A file can't be read.
#[pyclass(frozen, module = "dechaff")]
pub(crate) struct Cleaner {
    options: Options,
    cleaner: dechaff::Cleaner,
}

impl Cleaner {
    fn look<'py>(&self, html: &Bound<'py, PyAny>, mut hints: Hints<'_>) -> PyResult<(Html<'py>, dechaff::Report)> {
        let html = Html::new(html)?;
        if html.is_text() {
            // Nobody asks for what a label or a header says of text; a label that is none is still wrong.
            hints.check(&self.cleaner)?;
            hints.encoding = Some("utf-8");
        }
        let (page, bytes) = (hints.page(&self.cleaner)?, html.bytes());
        let report = html.py().detach(|| look(&page, bytes)).map_err(error::page)?;
        Ok((html, report))
    }
}

#[pymethods]
impl Cleaner {
    #[new]
    #[pyo3(signature = (*, categories=None, rules=None, keep=None, remove=None, filter_list=None))]
    fn new(
        categories: Option<&Bound<'_, PyAny>>,
        rules: Option<&Bound<'_, PyAny>>,
        keep: Option<&Bound<'_, PyAny>>,
        remove: Option<&Bound<'_, PyAny>>,
        filter_list: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let options = Options::read(categories, rules, keep, remove, filter_list)?;
        let cleaner = options.build()?;
        Ok(Self { options, cleaner })
    }

    /// Clean a page that is in memory. Other threads run meanwhile.
    ///
    /// Args:
    ///     html: The page: ``bytes`` (or ``bytearray``, or ``memoryview``) in the encoding that it came in, or ``str``.
    ///     url: The page's address, for rules that are for some sites.
    ///     encoding: The label of the page's encoding. What the page says of itself does not count then; nor does anything
    ///         else if the page is a ``str``.
    ///     content_type: The header ``Content-Type`` that the page came with.
    ///
    /// Returns:
    ///     What stays of the page, as the type that it came in. If nothing was cut it is the same object.
    ///
    /// Raises:
    ///     OptionError: There is no such encoding.
    ///     PageError: The page can't be cleaned: a tag in it is too large, or it is in an encoding that no browser reads.
    ///     TypeError: It is neither ``bytes`` nor ``str``.
    #[pyo3(signature = (html, *, url=None, encoding=None, content_type=None))]
    fn clean<'py>(
        &self,
        html: &Bound<'py, PyAny>,
        url: Option<&str>,
        encoding: Option<&str>,
        content_type: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (html, report) = self.look(html, Hints { url, encoding, content_type })?;
        html.cleaned(&report)
    }

    /// Do what ``clean`` does, and tell what was cut and what was not.
    #[pyo3(signature = (html, *, url=None, encoding=None, content_type=None))]
    fn clean_with_report<'py>(
        &self,
        html: &Bound<'py, PyAny>,
        url: Option<&str>,
        encoding: Option<&str>,
        content_type: Option<&str>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let (html, report) = self.look(html, Hints { url, encoding, content_type })?;
        let unit = if html.is_text() { Unit::Characters(html.bytes()) } else { Unit::Bytes };
        Ok((html.cleaned(&report)?, to_python(html.py(), &report, &unit)?))
    }

    /// Clean a page that comes in chunks. The arguments are those of ``clean``.
    #[pyo3(signature = (*, url=None, encoding=None, content_type=None))]
    fn stream(&self, url: Option<&str>, encoding: Option<&str>, content_type: Option<&str>) -> PyResult<Stream> {
        Ok(Stream::new(&Hints { url, encoding, content_type }.page(&self.cleaner)?))
    }

    /// Clean an Arrow array of pages. Other threads run meanwhile.
    ///
    /// Text is in UTF-8, whatever a page says of itself. Nulls stay nulls. If nothing was cut the array itself comes back.
    /// Else the rows of an array of views stay where they are, but those that have a hole in the middle now; in other
    /// arrays rows lie one behind the other, and all are copied.
    ///
    /// Args:
    ///     array: A ``pyarrow.Array`` or ``ChunkedArray`` of ``binary``, ``large_binary``, ``binary_view``, ``string``,
    ///         ``large_string`` or ``string_view``; or an array of another library that has ``__arrow_c_array__``.
    ///     urls: An array of strings: the address of each page, for rules that are for some sites.
    ///     content_types: An array of strings: the header ``Content-Type`` that each page came with.
    ///     encoding: The label of the encoding that all pages are in.
    ///     errors: What is done about a page that can't be cleaned: ``"raise"``, or ``"keep"`` it as it is.
    ///
    /// Returns:
    ///     A pyarrow array of the same type.
    ///
    /// Raises:
    ///     OptionError: An option makes no sense, or there are not as many ``urls`` as pages.
    ///     PageError: A page can't be cleaned. The message has its row.
    ///     TypeError: It is no array, or one of another type.
    #[pyo3(signature = (array, *, urls=None, content_types=None, encoding=None, errors="raise"))]
    fn clean_arrow<'py>(
        &self,
        array: &Bound<'py, PyAny>,
        urls: Option<&Bound<'py, PyAny>>,
        content_types: Option<&Bound<'py, PyAny>>,
        encoding: Option<&str>,
        errors: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let raise = match errors {
            "raise" => true,
            "keep" => false,
            other => return Err(error::option(format!("errors is 'raise' or 'keep', not {other:?}"))),
        };
        arrow::Pages { array, urls, content_types, encoding }.clean(&self.cleaner, raise)
    }

    /// Do what ``clean_arrow`` does, and tell what was cut and what was not.
    ///
    /// A page that can't be cleaned stays as it is, and its row of the report has an ``error``.
    ///
    /// Returns:
    ///     The array, and another one with a struct for each page: ``error``, ``bytes_in``, ``bytes_out``, ``encoding``,
    ///     ``cuts``, ``declines`` and ``stop``, with the meaning that they have in ``Report``; ``stop`` is the reason alone,
    ///     and offsets are those of bytes. For a null all of them are null.
    #[pyo3(signature = (array, *, urls=None, content_types=None, encoding=None))]
    fn clean_arrow_with_report<'py>(
        &self,
        array: &Bound<'py, PyAny>,
        urls: Option<&Bound<'py, PyAny>>,
        content_types: Option<&Bound<'py, PyAny>>,
        encoding: Option<&str>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        arrow::Pages { array, urls, content_types, encoding }.clean_with_report(&self.cleaner)
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        Ok((PyTuple::empty(py), self.options.arguments(py)?))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        self.options.call(py)
    }
}
