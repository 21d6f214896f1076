//! A column of pages, and what is left of it.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::builder::make_view;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    BinaryType, BinaryViewType, ByteArrayType, ByteViewType, LargeBinaryType, LargeUtf8Type, StringViewType, Utf8Type,
};
use arrow_array::{Array, ArrayRef, GenericByteArray, GenericByteViewArray, make_array};
use arrow_buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use arrow_data::{ArrayData, ByteView};
use arrow_schema::{ArrowError, DataType};

use super::Outcome;
use crate::passage::kept;

/// How many bytes a buffer of views may have: their offsets are signed numbers of 32 bits.
const BUFFER: usize = i32::MAX as usize;

/// An array of bytes or text.
pub(crate) struct Column(ArrayRef);

/// The array's type is not one of the six.
pub(crate) struct WrongType;

impl Column {
    pub(crate) fn new(data: ArrayData) -> Result<Self, WrongType> {
        match data.data_type() {
            DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView
            | DataType::Utf8
            | DataType::LargeUtf8
            | DataType::Utf8View => Ok(Self(make_array(data))),
            _ => Err(WrongType),
        }
    }

    pub(crate) fn data(&self) -> ArrayData {
        self.0.to_data()
    }

    pub(crate) fn is_text(&self) -> bool {
        matches!(self.0.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
    }

    /// What is in each row.
    pub(crate) fn pages(&self) -> Vec<Option<&[u8]>> {
        match self.0.data_type() {
            DataType::Binary => values::<BinaryType>(&self.0),
            DataType::LargeBinary => values::<LargeBinaryType>(&self.0),
            DataType::Utf8 => values::<Utf8Type>(&self.0),
            DataType::LargeUtf8 => values::<LargeUtf8Type>(&self.0),
            DataType::BinaryView => viewed::<BinaryViewType>(&self.0),
            _ => viewed::<StringViewType>(&self.0),
        }
    }

    /// The same as text, for hints.
    pub(crate) fn texts(&self) -> Vec<Option<String>> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        self.pages().into_iter().map(|bytes| bytes.map(text)).collect()
    }

    /// The array without what was cut from its rows, or nothing if that is the array itself.
    pub(crate) fn without(&self, outcomes: &[Outcome]) -> Result<Option<ArrayRef>, ArrowError> {
        if !outcomes.iter().flatten().flatten().any(|report| !report.cuts.is_empty()) {
            return Ok(None);
        }
        let new: ArrayRef = match self.0.data_type() {
            DataType::Binary => self.packed::<BinaryType>(outcomes)?,
            DataType::LargeBinary => self.packed::<LargeBinaryType>(outcomes)?,
            DataType::Utf8 => self.packed::<Utf8Type>(outcomes)?,
            DataType::LargeUtf8 => self.packed::<LargeUtf8Type>(outcomes)?,
            DataType::BinaryView => self.views::<BinaryViewType>(outcomes)?,
            _ => self.views::<StringViewType>(outcomes)?,
        };
        Ok(Some(new))
    }

    /// Rows that lie one behind the other: all of them are copied, each byte once.
    fn packed<T: ByteArrayType>(&self, outcomes: &[Outcome]) -> Result<ArrayRef, ArrowError> {
        let pages = self.pages();
        let (mut bytes, mut lengths) = (Vec::new(), Vec::with_capacity(pages.len()));
        bytes.reserve_exact(
            outcomes
                .iter()
                .flatten()
                .zip(pages.iter().flatten())
                .map(|(outcome, page)| match outcome {
                    Ok(report) => report.bytes_out as usize,
                    Err(_) => page.len(),
                })
                .sum(),
        );
        for (page, outcome) in pages.iter().zip(outcomes) {
            let (page, start) = (page.unwrap_or_default(), bytes.len());
            left(page, outcome).for_each(|piece| bytes.extend_from_slice(&page[piece]));
            lengths.push(bytes.len() - start);
        }
        let offsets = OffsetBuffer::<T::Offset>::from_lengths(lengths);
        Ok(Arc::new(GenericByteArray::<T>::try_new(offsets, Buffer::from_vec(bytes), self.0.nulls().cloned())?))
    }

    /// Rows that are views: only what has a hole in the middle is copied. All else stays in the buffers where it is.
    fn views<T: ByteViewType>(&self, outcomes: &[Outcome]) -> Result<ArrayRef, ArrowError> {
        let array = self.0.as_byte_view::<T>();
        let mut buffers = array.data_buffers().to_vec();
        let mut views = Vec::with_capacity(array.len());
        let mut new = Vec::new();
        for ((page, outcome), view) in self.pages().into_iter().zip(outcomes).zip(array.views()) {
            let Some(page) = page else {
                views.push(0);
                continue;
            };
            let mut ranges = left(page, outcome);
            let first = ranges.next().unwrap_or_default();
            if first.len() == page.len() {
                views.push(*view);
                continue;
            }
            let Some(second) = ranges.next() else {
                // Where the page begins is only looked at if what is left is too long to stand in the view itself.
                let place = ByteView::from(*view);
                let start = place.offset.wrapping_add(first.start as u32);
                views.push(make_view(&page[first], place.buffer_index, start));
                continue;
            };
            if new.len() + page.len() > BUFFER {
                buffers.push(Buffer::from_vec(std::mem::take(&mut new)));
            }
            let start = new.len();
            [first, second].into_iter().chain(ranges).for_each(|piece| new.extend_from_slice(&page[piece]));
            views.push(make_view(&new[start..], buffers.len() as u32, start as u32));
        }
        if !new.is_empty() {
            buffers.push(Buffer::from_vec(new));
        }
        let nulls = self.0.nulls().cloned();
        Ok(Arc::new(GenericByteViewArray::<T>::try_new(ScalarBuffer::from(views), buffers, nulls)?))
    }
}

fn values<T: ByteArrayType>(array: &ArrayRef) -> Vec<Option<&[u8]>> {
    array.as_bytes::<T>().iter().map(|value| value.map(AsRef::as_ref)).collect()
}

fn viewed<T: ByteViewType>(array: &ArrayRef) -> Vec<Option<&[u8]>> {
    array.as_byte_view::<T>().iter().map(|value| value.map(AsRef::as_ref)).collect()
}

/// What stays of a page: all of it where nothing was cut, or nothing could be.
fn left(page: &[u8], outcome: &Outcome) -> impl Iterator<Item = Range<usize>> {
    let report = outcome.as_ref().and_then(|outcome| outcome.as_ref().ok());
    kept(report, page.len())
}
