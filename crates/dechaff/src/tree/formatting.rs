//! The list of active formatting elements (HTML standard, 13.2.4.3).

use super::open::NodeId;
use super::tag::Name;

/// One entry: a marker, or a formatting element.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entry {
    Marker,
    Element(Active),
}

/// A formatting element in the list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Active {
    pub(super) name: Name,
    /// Equal for equal attributes; what the Noah's Ark clause compares.
    pub(super) attributes: u64,
    pub(super) id: NodeId,
    /// Whether it is on the stack of open elements now.
    pub(super) open: bool,
}

/// The list, oldest entry first.
#[derive(Clone, Debug, Default)]
pub(super) struct Formatting {
    entries: Vec<Entry>,
}

impl Formatting {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn get(&self, index: usize) -> Entry {
        self.entries[index]
    }

    pub(super) fn push_marker(&mut self) {
        self.entries.push(Entry::Marker);
    }

    /// Adds an element. When three equal ones stand after the last marker, the earliest goes first (the "Noah's Ark
    /// clause"); its index is given back.
    pub(super) fn push(&mut self, active: Active) -> Option<usize> {
        let mut equal = 0;
        let mut earliest = None;
        for (i, entry) in self.entries.iter().enumerate().rev() {
            let Entry::Element(e) = entry else { break };
            if e.name == active.name && e.attributes == active.attributes {
                equal += 1;
                earliest = Some(i);
            }
        }
        let dropped = earliest.filter(|_| equal >= 3);
        if let Some(i) = dropped {
            self.entries.remove(i);
        }
        self.entries.push(Entry::Element(active));
        dropped
    }

    pub(super) fn remove(&mut self, index: usize) {
        self.entries.remove(index);
    }

    pub(super) fn insert(&mut self, index: usize, active: Active) {
        self.entries.insert(index, Entry::Element(active));
    }

    pub(super) fn set(&mut self, index: usize, active: Active) {
        self.entries[index] = Entry::Element(active);
    }

    /// Index of the element with this identity.
    pub(super) fn position(&self, id: NodeId) -> Option<usize> {
        self.entries.iter().rposition(|e| matches!(e, Entry::Element(a) if a.id == id))
    }

    /// Index of the last element of this name after the last marker.
    pub(super) fn last_named(&self, name: Name) -> Option<usize> {
        for (i, entry) in self.entries.iter().enumerate().rev() {
            match entry {
                Entry::Marker => return None,
                Entry::Element(a) if a.name == name => return Some(i),
                Entry::Element(_) => {}
            }
        }
        None
    }

    /// Notes that the element with this identity left the stack of open elements.
    pub(super) fn note_closed(&mut self, id: NodeId) {
        if let Some(i) = self.position(id)
            && let Entry::Element(active) = &mut self.entries[i]
        {
            active.open = false;
        }
    }

    /// Drops everything after the last marker, and the marker; the new length.
    pub(super) fn clear_to_marker(&mut self) -> usize {
        while let Some(entry) = self.entries.pop() {
            if matches!(entry, Entry::Marker) {
                break;
            }
        }
        self.entries.len()
    }

    /// Whether the lists have the same entries; `same_place` says whether two elements are at the same place on the stack.
    pub(super) fn agrees(&self, other: &Self, same_place: impl Fn(Option<NodeId>, Option<NodeId>) -> bool) -> bool {
        let same = |(a, b): (&Entry, &Entry)| match (a, b) {
            (Entry::Marker, Entry::Marker) => true,
            (Entry::Element(a), Entry::Element(b)) => {
                (a.name, a.attributes, a.open) == (b.name, b.attributes, b.open) && same_place(Some(a.id), Some(b.id))
            }
            _ => false,
        };
        self.len() == other.len() && self.entries.iter().zip(&other.entries).all(same)
    }

    /// Whether reconstruction (13.2.4.3) would create an element now.
    pub(super) fn wants_reconstruction(&self) -> bool {
        matches!(self.entries.last(), Some(Entry::Element(a)) if !a.open)
    }

    /// Index of the first entry that reconstruction creates anew.
    pub(super) fn reconstruction_start(&self) -> usize {
        let mut start = self.entries.len();
        while start > 0 && matches!(self.entries[start - 1], Entry::Element(a) if !a.open) {
            start -= 1;
        }
        start
    }
}
