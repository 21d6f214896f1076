//! What was decided, as an array: a row for each page.

use std::sync::Arc;

use arrow_array::builder::{Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, ListArray, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, DataType, Field, Fields};
use dechaff::{Cut, Decline, Report};

use super::Outcome;

/// The type of a row.
pub(crate) fn data_type() -> DataType {
    DataType::Struct(row())
}

fn row() -> Fields {
    let list = |fields| DataType::List(item(fields));
    [
        Field::new("error", DataType::Utf8, true),
        Field::new("bytes_in", DataType::Int64, true),
        Field::new("bytes_out", DataType::Int64, true),
        Field::new("encoding", DataType::Utf8, true),
        Field::new("cuts", list(element(false)), true),
        Field::new("declines", list(element(true)), true),
        Field::new("stop", DataType::Utf8, true),
    ]
    .into_iter()
    .collect()
}

fn item(fields: Fields) -> Arc<Field> {
    Arc::new(Field::new_list_field(DataType::Struct(fields), true))
}

/// The fields of an element that was cut, or of one that stayed.
fn element(stayed: bool) -> Fields {
    let text = |name| Field::new(name, DataType::Utf8, true);
    let number = |name| Field::new(name, DataType::Int64, true);
    let fields = [text("category"), text("rule"), text("tag"), number("start"), number("end")];
    fields.into_iter().chain(stayed.then(|| text("reason"))).collect()
}

/// The rows for `pages`. A null has a row in which all is null; a page that can't be cleaned has an error.
pub(crate) fn array(pages: &[Option<&[u8]>], outcomes: &[Outcome]) -> Result<StructArray, ArrowError> {
    let mut error = StringBuilder::new();
    let mut bytes_in = Int64Builder::new();
    let mut bytes_out = Int64Builder::new();
    let mut encoding = StringBuilder::new();
    let mut stop = StringBuilder::new();
    for (page, outcome) in pages.iter().zip(outcomes) {
        let report = outcome.as_ref().and_then(|outcome| outcome.as_ref().ok());
        error.append_option(outcome.as_ref().and_then(|outcome| outcome.as_ref().err()));
        let length = page.map(|page| page.len() as i64);
        bytes_in.append_option(length);
        bytes_out.append_option(report.map(|report| report.bytes_out as i64).or(length));
        encoding.append_option(report.map(|report| report.encoding.name));
        stop.append_option(report.and_then(|report| report.stop.as_ref()).map(|stop| stop.reason.name()));
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(error.finish()),
        Arc::new(bytes_in.finish()),
        Arc::new(bytes_out.finish()),
        Arc::new(encoding.finish()),
        Arc::new(lists(outcomes, |report| report.cuts.iter().map(Entry::from).collect(), false)?),
        Arc::new(lists(outcomes, |report| report.declines.iter().map(Entry::from).collect(), true)?),
        Arc::new(stop.finish()),
    ];
    StructArray::try_new(row(), columns, None)
}

/// An element that was cut or stayed.
struct Entry<'r> {
    category: &'static str,
    rule: &'r str,
    tag: &'r str,
    start: u64,
    end: u64,
    reason: Option<&'static str>,
}

impl<'r> From<&'r Cut> for Entry<'r> {
    fn from(cut: &'r Cut) -> Self {
        let (start, end) = (cut.range.start, cut.range.end);
        Self { category: cut.category.name(), rule: &cut.rule, tag: &cut.tag, start, end, reason: None }
    }
}

impl<'r> From<&'r Decline> for Entry<'r> {
    fn from(decline: &'r Decline) -> Self {
        let (start, end) = (decline.range.start, decline.range.end);
        let reason = Some(decline.reason.name());
        Self { category: decline.category.name(), rule: &decline.rule, tag: &decline.tag, start, end, reason }
    }
}

/// For each page its elements.
fn lists<'o>(
    outcomes: &'o [Outcome],
    of: impl Fn(&'o Report) -> Vec<Entry<'o>>,
    stayed: bool,
) -> Result<ListArray, ArrowError> {
    let [mut category, mut rule, mut tag, mut reason] = std::array::from_fn(|_| StringBuilder::new());
    let [mut start, mut end] = std::array::from_fn(|_| Int64Builder::new());
    let mut lengths = Vec::with_capacity(outcomes.len());
    let mut there = Vec::with_capacity(outcomes.len());
    for outcome in outcomes {
        there.push(outcome.is_some());
        let entries = match outcome {
            Some(Ok(report)) => of(report),
            _ => Vec::new(),
        };
        lengths.push(entries.len());
        for entry in entries {
            category.append_value(entry.category);
            rule.append_value(entry.rule);
            tag.append_value(entry.tag);
            start.append_value(entry.start as i64);
            end.append_value(entry.end as i64);
            reason.append_option(entry.reason);
        }
    }
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(category.finish()),
        Arc::new(rule.finish()),
        Arc::new(tag.finish()),
        Arc::new(start.finish()),
        Arc::new(end.finish()),
    ];
    if stayed {
        columns.push(Arc::new(reason.finish()));
    }
    let fields = element(stayed);
    let elements = StructArray::try_new(fields.clone(), columns, None)?;
    let offsets = OffsetBuffer::from_lengths(lengths);
    ListArray::try_new(item(fields), offsets, Arc::new(elements), Some(there.into()))
}
