//! Who wants to hear of each decision while the page streams.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use crate::report::{Cut, Decline, Stop};

/// Something that is decided about a page and can't change any more, as an [observer](crate::CleanerBuilder::observer) is told.
///
/// What is inside is what stands in the [`Report`](crate::Report) at the end, with the same ranges.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Decision<'a> {
    /// An element was removed.
    Cut(&'a Cut),
    /// A rule picked an element, and it stays.
    Decline(&'a Decline),
    /// Nothing is cut from here on.
    Stop(&'a Stop),
}

/// A function of the user's that is told of decisions.
#[derive(Clone)]
pub(crate) struct Observer(Arc<dyn Fn(Decision<'_>) + Send + Sync>);

impl Observer {
    pub(crate) fn new(tell: impl Fn(Decision<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    pub(crate) fn tell(&self, decision: Decision<'_>) {
        (self.0)(decision);
    }
}

// Nothing of a cleaner depends on what an observer leaves behind when it panics.
impl UnwindSafe for Observer {}
impl RefUnwindSafe for Observer {}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observer").finish_non_exhaustive()
    }
}
