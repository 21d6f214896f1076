//! What is said of the parts of an input that were left as they are: of the first few one by one, of all in the end.

use crate::failure::Failure;
use crate::input::Input;
use crate::lane::Lane;
use crate::seeing::Seen;

/// How many are told one by one.
const TOLD: u64 = 10;

/// Counts the parts of an input that could not be cleaned.
pub(crate) struct Complaints<'a> {
    lane: &'a Lane<'a>,
    input: &'a Input,
    count: u64,
}

impl<'a> Complaints<'a> {
    /// None yet.
    pub(crate) fn new(lane: &'a Lane<'a>, input: &'a Input) -> Self {
        Self { lane, input, count: 0 }
    }

    /// One more, with what is the matter.
    pub(crate) fn add(&mut self, what: String) {
        self.count += 1;
        if self.count <= TOLD {
            self.lane.fail(&Failure::part(self.input, what));
        }
    }

    /// Passes on what is to be said of a part that was cleaned, and what could not be shown of it.
    pub(crate) fn see(&mut self, mut seen: Seen) {
        let left = seen.left.take();
        self.lane.see(seen);
        left.into_iter().for_each(|why| self.add(why));
    }

    /// Tells how many of `all` parts they were, if that is not plain.
    pub(crate) fn end(self, all: u64, parts: &str) {
        if self.count > 1 {
            self.lane.fail(&Failure::part(self.input, format!("{} of {all} {parts} could not be cleaned", self.count)));
        }
    }
}
