//! Tells the observer what has become final.
//!
//! A cut or a decline is final once the bytes before it and its first one are released: whatever could still undo it (an element
//! around it that is cut, a `frameset`) would have held those back.

use std::ops::Range;

use super::Engine;
use crate::observer::{Decision, Observer};
use crate::report::{Cut, Decline, Report, Stop};

/// How far the observer knows.
#[derive(Debug, Default)]
pub(super) struct Told {
    observer: Option<Observer>,
    /// What starts before this offset it has been told.
    before: u64,
    /// How many cuts that is.
    cuts: usize,
    /// The first decline that it has not been told; some after it may be told.
    declines: usize,
    /// The stop.
    stop: bool,
}

impl Told {
    pub(super) fn new(observer: Option<Observer>) -> Self {
        Self { observer, ..Self::default() }
    }
}

/// What has become final, in the order of the page.
enum Entry {
    Cut(Cut),
    Decline(Decline),
}

impl Entry {
    fn range_mut(&mut self) -> &mut Range<u64> {
        match self {
            Self::Cut(cut) => &mut cut.range,
            Self::Decline(decline) => &mut decline.range,
        }
    }

    fn decision(&self) -> Decision<'_> {
        match self {
            Self::Cut(cut) => Decision::Cut(cut),
            Self::Decline(decline) => Decision::Decline(decline),
        }
    }
}

impl Engine {
    /// Everything that starts before `limit` is final.
    pub(super) fn tell(&mut self, limit: u64) {
        let Some(observer) = self.told.observer.clone() else { return };
        if limit > self.told.before {
            let mut entries = self.told.take(limit, &self.report);
            for entry in &mut entries {
                let range = entry.range_mut();
                *range = self.hold.in_page(range.clone());
            }
            entries.iter().for_each(|entry| observer.tell(entry.decision()));
        }
        if !self.told.stop
            && let Some(stop) = self.stop()
        {
            self.told.stop = true;
            observer.tell(Decision::Stop(&stop));
        }
    }

    /// Where in the page cutting stopped, if it did.
    pub(super) fn stop(&self) -> Option<Stop> {
        self.tree.lost().map(|stop| Stop { offset: self.hold.in_page(stop.offset..stop.offset).start, ..*stop })
    }
}

impl Told {
    /// What starts before `limit` and was not told.
    fn take(&mut self, limit: u64, report: &Report) -> Vec<Entry> {
        let cuts = report.cuts[self.cuts..].iter().take_while(|cut| cut.range.start < limit);
        let mut entries: Vec<_> = cuts.cloned().map(Entry::Cut).collect();
        self.cuts += entries.len();
        let new = self.before..limit;
        let declines = report.declines[self.declines..].iter();
        entries.extend(declines.clone().filter(|d| new.contains(&d.range.start)).cloned().map(Entry::Decline));
        self.declines += declines.take_while(|d| d.range.start < limit).count();
        self.before = limit;
        // Those that start at the same byte stay in the order in which they were decided, as they do in the report.
        entries.sort_by_key(|entry| match entry {
            Entry::Cut(cut) => cut.range.start,
            Entry::Decline(decline) => decline.range.start,
        });
        entries
    }
}
