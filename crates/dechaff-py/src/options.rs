//! What a cleaner is made from: read from Python once, kept so that another process can make the same one.

use std::path::Path;

use dechaff::{Category, Cleaner, ErrorKind, FilterList, RuleFile, Selector};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyMapping, PyString};

use crate::error;

/// The options of a cleaner. Files are in it with their text: where a cleaner is sent there may be no such file.
#[derive(Clone, Default)]
pub(crate) struct Options {
    categories: Option<Vec<String>>,
    keep: Vec<String>,
    remove: Vec<String>,
    rules: Vec<Source>,
    filter_lists: Vec<Source>,
}

/// A file of rules.
#[derive(Clone)]
struct Source {
    /// What messages call it: its path, if it has one.
    label: String,
    /// What the ids of its rules begin with.
    name: String,
    text: String,
}

impl Options {
    pub(crate) fn read(
        categories: Option<&Bound<'_, PyAny>>,
        rules: Option<&Bound<'_, PyAny>>,
        keep: Option<&Bound<'_, PyAny>>,
        remove: Option<&Bound<'_, PyAny>>,
        filter_list: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        Ok(Self {
            categories: categories.map(|given| strings("categories", "a name or several", given)).transpose()?,
            keep: keep.map_or(Ok(Vec::new()), |given| strings("keep", "a selector or several", given))?,
            remove: remove.map_or(Ok(Vec::new()), |given| strings("remove", "a selector or several", given))?,
            rules: rules.map_or(Ok(Vec::new()), |given| sources("rules", given))?,
            filter_lists: filter_list.map_or(Ok(Vec::new()), |given| sources("filter_list", given))?,
        })
    }

    /// Compiles the rules.
    pub(crate) fn build(&self) -> PyResult<Cleaner> {
        let mut builder = Cleaner::builder();
        if let Some(names) = &self.categories {
            builder = builder.categories(categories(names)?);
        }
        for text in &self.keep {
            builder = builder.keep(selector(text)?);
        }
        for text in &self.remove {
            builder = builder.remove(selector(text)?);
        }
        for source in &self.rules {
            builder = builder.rules(source.refuse(RuleFile::parse(&source.name, &source.text))?);
        }
        for source in &self.filter_lists {
            builder = builder.filter_list(source.refuse(FilterList::parse(&source.name, &source.text))?);
        }
        Ok(builder.build())
    }

    /// The same options, as the keyword arguments that give them.
    pub(crate) fn arguments<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let arguments = PyDict::new(py);
        if let Some(names) = &self.categories {
            arguments.set_item("categories", names)?;
        }
        for (name, list) in [("keep", &self.keep), ("remove", &self.remove)] {
            if !list.is_empty() {
                arguments.set_item(name, list)?;
            }
        }
        for (name, list) in [("rules", &self.rules), ("filter_list", &self.filter_lists)] {
            if !list.is_empty() {
                let list: PyResult<Vec<_>> = list.iter().map(|source| source.argument(py)).collect();
                arguments.set_item(name, list?)?;
            }
        }
        Ok(arguments)
    }

    /// The options without the texts of files, as Python would write the call.
    pub(crate) fn call(&self, py: Python<'_>) -> PyResult<String> {
        let show = |list: &[String]| list.into_pyobject(py)?.repr().map(|repr| repr.to_string());
        let names = |list: &[Source]| show(&list.iter().map(|source| source.label.clone()).collect::<Vec<_>>());
        let mut parts = Vec::new();
        if let Some(list) = &self.categories {
            parts.push(format!("categories={}", show(list)?));
        }
        for (name, list) in [("keep", &self.keep), ("remove", &self.remove)] {
            if !list.is_empty() {
                parts.push(format!("{name}={}", show(list)?));
            }
        }
        for (name, list) in [("rules", &self.rules), ("filter_list", &self.filter_lists)] {
            if !list.is_empty() {
                parts.push(format!("{name}={}", names(list)?));
            }
        }
        Ok(format!("Cleaner({})", parts.join(", ")))
    }
}

/// The categories that names stand for; `all` stands for each.
fn categories(names: &[String]) -> PyResult<Vec<Category>> {
    let mut categories = Vec::new();
    for name in names {
        match (&**name, name.parse()) {
            ("all", _) => categories.extend(Category::ALL),
            (_, Ok(category)) => categories.push(category),
            (_, Err(error)) => {
                let error: dechaff::Error = error;
                return Err(error::option(format!("{error}, and all")));
            }
        }
    }
    Ok(categories)
}

fn selector(text: &str) -> PyResult<Selector> {
    text.parse().map_err(|error: dechaff::Error| error::option(error.to_string()))
}

/// One string, or what an iteration gives.
fn strings(name: &str, wanted: &str, given: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    if let Ok(one) = given.cast::<PyString>() {
        return Ok(vec![one.extract()?]);
    }
    let Ok(several) = given.try_iter() else { return Err(error::wrong_type(name, wanted, given)) };
    several
        .map(|item| {
            let item = item?;
            let text =
                item.cast::<PyString>().map_err(|_| error::wrong_type(&format!("each of {name}"), "a str", &item))?;
            text.extract()
        })
        .collect()
}

/// One path, one mapping of names to texts, or what an iteration gives of these.
fn sources(name: &str, given: &Bound<'_, PyAny>) -> PyResult<Vec<Source>> {
    let wanted = "a path, a mapping of names to texts, or several of these";
    if let Some(sources) = Source::read(name, given)? {
        return Ok(sources);
    }
    let Ok(several) = given.try_iter() else { return Err(error::wrong_type(name, wanted, given)) };
    let mut all = Vec::new();
    for item in several {
        let item = item?;
        let each = format!("each of {name}");
        let sources = Source::read(name, &item)?;
        all.extend(sources.ok_or_else(|| error::wrong_type(&each, "a path or a mapping of names to texts", &item))?);
    }
    Ok(all)
}

impl Source {
    /// What is one path or one mapping; else nothing.
    fn read(name: &str, given: &Bound<'_, PyAny>) -> PyResult<Option<Vec<Self>>> {
        if let Ok(mapping) = given.cast::<PyMapping>() {
            let mut sources = Vec::new();
            for pair in mapping.items()?.iter() {
                let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair.extract()?;
                let key: String =
                    key.extract().map_err(|_| error::wrong_type(&format!("a name in {name}"), "a str", &key))?;
                let text = value.extract();
                let text = text.map_err(|_| error::wrong_type(&format!("{name}[{key:?}]"), "a str", &value))?;
                sources.push(Self { label: key.clone(), name: key, text });
            }
            return Ok(Some(sources));
        }
        if given.cast::<PyString>().is_err() && !given.hasattr("__fspath__")? {
            return Ok(None);
        }
        let py = given.py();
        let path: String = py.import("os")?.call_method1("fsdecode", (given,))?.extract()?;
        if path.contains('\n') {
            let message =
                format!("{name} is a text where a path is expected; give texts names: {name}={{\"house\": ...}}");
            return Err(error::option(message));
        }
        // Python's own errors tell which file it is.
        let file = py.import("io")?.call_method1("open", (given, "rb"))?;
        let bytes = file.call_method0("read")?.cast_into::<PyBytes>()?;
        file.call_method0("close")?;
        let text = str::from_utf8(bytes.as_bytes()).map_err(|error| {
            let before = &bytes.as_bytes()[..error.valid_up_to()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            error::option(format!("{path}: line {line}: not UTF-8"))
        })?;
        let stem = Path::new(&path).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Some(vec![Self { label: path, name: stem, text: text.to_owned() }]))
    }

    fn argument<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let argument = PyDict::new(py);
        argument.set_item(&self.name, &self.text)?;
        Ok(argument)
    }

    /// What the library says of it, under the name that its user knows.
    fn refuse<T>(&self, parsed: Result<T, dechaff::Error>) -> PyResult<T> {
        parsed.map_err(|error| {
            let what = match error.into_kind() {
                ErrorKind::Rules { what, .. } => what,
                other => other.to_string(),
            };
            error::option(format!("{}: {what}", self.label))
        })
    }
}
