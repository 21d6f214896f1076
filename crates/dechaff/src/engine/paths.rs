//! What stands around an element, for selectors that ask: the attributes of the open elements, and how many elements each holds.
//!
//! The tree keeps neither: nobody else asks. So this is there only if a selector has a combinator, or counts. It reads the page
//! as a browser with scripts does.

use std::ops::Range;

use hashbrown::HashMap;

use crate::element::Element;
use crate::rules::selector::Complex;
use crate::rules::selector::matching::Subject;
use crate::tree::tag::{Name, Tag};
use crate::tree::{NodeId, Tree, Untagged};

/// The open elements of a page.
#[derive(Debug)]
pub(super) struct Paths {
    /// By identity, ascending. Some of them are no longer open.
    nodes: Vec<Node>,
    /// Attributes, one after the other: the lengths of name and value, then both.
    attributes: Vec<u8>,
    /// Elements that a parser made after others: those have their attributes.
    clones: HashMap<NodeId, NodeId>,
    /// What each element holds is counted.
    counts: bool,
    /// What the document itself holds.
    roots: Children,
    /// The element that the last start tag has made, and how many are open around it.
    own: Option<(Node, usize)>,
}

#[derive(Clone, Debug)]
struct Node {
    id: NodeId,
    /// Where its attributes lie in [`Paths::attributes`].
    attributes: Range<usize>,
    /// Its place among the elements in its parent, and among those of its name.
    place: (u32, u32),
    children: Children,
}

/// How many elements an element holds so far.
#[derive(Clone, Debug, Default)]
struct Children {
    all: u32,
    by_name: HashMap<Name, u32>,
}

impl Children {
    /// The place of one more.
    fn add(&mut self, name: Name) -> (u32, u32) {
        self.all += 1;
        let alike = self.by_name.entry(name).or_default();
        *alike += 1;
        (self.all, *alike)
    }
}

impl Paths {
    /// Nodes that are not open any more are dropped when there are so many more than open ones.
    const SLACK: usize = 256;

    /// `counts`: a selector asks for the place of an element.
    pub(super) fn new(counts: bool) -> Self {
        Self {
            nodes: Vec::new(),
            attributes: Vec::new(),
            clones: HashMap::new(),
            counts,
            roots: Children::default(),
            own: None,
        }
    }

    /// The start tag of `element` has been processed.
    pub(super) fn note(&mut self, tree: &mut Tree, element: &Element<'_>) {
        if self.nodes.is_empty() {
            tree.follow_untagged();
        }
        let (mut passing, inserted) = (Vec::new(), tree.inserted());
        for untagged in tree.take_untagged() {
            match untagged {
                Untagged::Clone { id, of } => drop(self.clones.insert(id, of)),
                Untagged::Passing { parent, tag } => passing.push((parent, Name::of(tag))),
            }
        }
        self.note_implied(tree, inserted.map(|(own, _)| own));
        for (parent, name) in passing {
            self.add_to(parent, name);
        }
        self.own = None;
        let Some((id, depth)) = inserted else { return };
        let parent = tree.open_elements().take(depth).next_back().map(|(parent, _)| parent);
        let place = self.add_to(parent, element.name);
        let start = self.attributes.len();
        for (name, value) in element.attributes() {
            for part in [name, value] {
                self.attributes.extend((part.len() as u64).to_ne_bytes());
                self.attributes.extend(part);
            }
        }
        let node = Node { id, attributes: start..self.attributes.len(), place, children: Children::default() };
        self.own = Some((node.clone(), depth));
        if tree.open_elements().next_back().is_some_and(|(open, _)| open == id) {
            self.nodes.push(node);
        }
        if self.nodes.len() > 2 * tree.depth() + Self::SLACK {
            self.forget_closed(tree);
        }
    }

    /// Adds the elements that no tag stands for and that were opened since the last call, and those made after others.
    fn note_implied(&mut self, tree: &Tree, own: Option<NodeId>) {
        let last = self.nodes.last().map_or(0, |node| node.id);
        let new = tree.open_elements().rev().take_while(|(id, _)| *id > last).count();
        let mut parent = None;
        for (id, name) in tree.open_elements().skip(tree.depth().saturating_sub(new + 1)) {
            if id > last && Some(id) != own {
                let place = self.add_to(parent, name);
                let attributes = self.find(id).map_or(0..0, |original| self.nodes[original].attributes.clone());
                self.nodes.push(Node { id, attributes, place, children: Children::default() });
            }
            parent = Some(id);
        }
    }

    /// Whether the element of the last start tag, whose name is `name`, meets `selector`.
    pub(super) fn matches(&self, tree: &Tree, name: Name, selector: &Complex) -> bool {
        let Some((own, depth)) = &self.own else { return false };
        let around: Vec<Known<'_>> =
            tree.open_elements().take(*depth).rev().map(|(id, name)| self.known(id, name)).collect();
        selector.matches(&Known { name, node: Some(own), attributes: &self.attributes }, &around)
    }

    fn known(&self, id: NodeId, name: Name) -> Known<'_> {
        Known { name, node: self.find(id).map(|at| &self.nodes[at]), attributes: &self.attributes }
    }

    /// The node of an element, or of the one it was made after.
    fn find(&self, id: NodeId) -> Option<usize> {
        let at = |id| self.nodes.binary_search_by_key(&id, |node| node.id).ok();
        at(id).or_else(|| at(self.original(id)))
    }

    /// The element that was made for a tag, where `id` was made after it.
    fn original(&self, mut id: NodeId) -> NodeId {
        while let Some(&original) = self.clones.get(&id) {
            id = original;
        }
        id
    }

    /// One more element in `parent`: its place.
    fn add_to(&mut self, parent: Option<NodeId>, name: Name) -> (u32, u32) {
        if !self.counts {
            return (0, 0);
        }
        // The `head` comes before, and if it had no tag it went by unseen.
        if name.tag == Tag::Body
            && let Some(root) = parent.and_then(|root| self.find(root))
            && self.nodes[root].children.all == 0
        {
            self.nodes[root].children.add(Name::of(Tag::Head));
        }
        match parent {
            None => self.roots.add(name),
            Some(parent) => self.find(parent).map_or((0, 0), |at| self.nodes[at].children.add(name)),
        }
    }

    /// Drops what is neither open nor may be made anew.
    fn forget_closed(&mut self, tree: &Tree) {
        let known = tree.open_elements().map(|(id, _)| id).chain(tree.formatting_elements());
        let known: Vec<(NodeId, NodeId)> = known.map(|id| (id, self.original(id))).collect();
        let mut used: Vec<NodeId> = known.iter().flat_map(|&(id, original)| [id, original]).collect();
        used.sort_unstable();
        self.clones = known.into_iter().filter(|(id, original)| id != original).collect();
        let mut attributes = Vec::new();
        self.nodes.retain_mut(|node| {
            let stays = used.binary_search(&node.id).is_ok();
            if stays {
                let start = attributes.len();
                attributes.extend_from_slice(&self.attributes[node.attributes.clone()]);
                node.attributes = start..attributes.len();
            }
            stays
        });
        if let Some((own, _)) = &mut self.own {
            let start = attributes.len();
            attributes.extend_from_slice(&self.attributes[own.attributes.clone()]);
            own.attributes = start..attributes.len();
        }
        self.attributes = attributes;
    }
}

/// An element, with what is known of it.
struct Known<'p> {
    name: Name,
    node: Option<&'p Node>,
    attributes: &'p [u8],
}

impl Subject for Known<'_> {
    fn name(&self) -> Name {
        self.name
    }

    fn attribute(&self, name: &[u8]) -> Option<&[u8]> {
        let mut rest = &self.attributes[self.node?.attributes.clone()];
        while let Some((this, after)) = split_part(rest) {
            let (value, after) = split_part(after)?;
            if this.eq_ignore_ascii_case(name) {
                return Some(value);
            }
            rest = after;
        }
        None
    }

    fn place(&self, of_type: bool) -> Option<u32> {
        let (among_all, among_alike) = self.node?.place;
        Some(if of_type { among_alike } else { among_all })
    }
}

/// The first part, and what comes after it.
fn split_part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(u64::from_ne_bytes(*length) as usize)
}
