//! What can't be beaten: copying the page, and a scan for `<`.

use std::hint::black_box;

use memchr::memchr_iter;

use crate::{CHUNK, Case};

/// Copies the page in chunks to where there is room for it.
#[must_use]
pub fn copy() -> Case {
    Case::new("memcpy", |page, out| {
        for chunk in page.chunks(CHUNK) {
            out.extend_from_slice(black_box(chunk));
        }
        Ok(())
    })
}

/// Counts `<`. Nothing comes out.
#[must_use]
pub fn scan() -> Case {
    Case::new("memchr", |page, _| {
        for chunk in page.chunks(CHUNK) {
            black_box(memchr_iter(b'<', chunk).count());
        }
        Ok(())
    })
}
