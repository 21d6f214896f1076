//! The stack of open elements (HTML standard, 13.2.4.2), with scope questions answered in constant time.
//!
//! Each entry remembers where the nearest bounds of the four scopes lie below it and where the previous entry of its name
//! is. A page can nest 100,000 elements and send as many stray end tags: walking the stack for each would be quadratic.

use super::tag::{Name, Tag, is};
use super::watch::WatchId;

/// The namespaces the parser knows (13.2.6.5).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Space {
    Html,
    Svg,
    Math,
}

/// Identifies one open element for as long as the page lasts.
pub(crate) type NodeId = u32;

/// One open element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) name: Name,
    pub(super) space: Space,
    /// MathML `annotation-xml` whose `encoding` makes it an HTML integration point.
    pub(super) html_inside: bool,
    pub(super) id: NodeId,
    pub(super) watch: Option<WatchId>,
    /// Index of the next lower entry in this one's [slot](slot), plus one; 0 is none.
    below: u32,
    bounds: Bounds,
}

/// For each scope, the index of its nearest bounding element at or below an entry.
#[derive(Clone, Copy, Debug, Default)]
struct Bounds {
    scope: u32,
    list: u32,
    button: u32,
    table: u32,
    /// The nearest special element.
    special: u32,
    /// The nearest special element that keeps an item from closing an earlier one (13.2.6.4.7, `li`, `dd`, `dt`).
    item: u32,
}

/// Which scope a question is about (13.2.4.2, "has an element in ... scope").
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Scope {
    Default,
    List,
    Button,
    Table,
}

impl Node {
    pub(super) fn tag(&self) -> Tag {
        self.name.tag
    }

    /// Whether it is the HTML element `tag`.
    pub(super) fn is_html(&self, tag: Tag) -> bool {
        self.space == Space::Html && self.name.tag == tag
    }

    /// The bits of [`is`] for its name and namespace (13.2.4.2).
    pub(super) fn is(&self, flags: u32) -> bool {
        match self.space {
            Space::Html => self.name.tag.is(flags),
            // Foreign elements are special and bound scopes when they are integration points.
            Space::Svg => flags & (is::SPECIAL | is::SCOPE) != 0 && self.is_svg_point(),
            Space::Math => flags & (is::SPECIAL | is::SCOPE) != 0 && self.is_math_scope(),
        }
    }

    /// Whether text and most elements don't belong directly in it: they are foster parented (13.2.6.1).
    pub(super) fn wants_rows(&self) -> bool {
        self.space == Space::Html && matches!(self.tag(), Tag::Table | Tag::Tbody | Tag::Tfoot | Tag::Thead | Tag::Tr)
    }

    fn is_svg_point(&self) -> bool {
        matches!(self.tag(), Tag::ForeignObject | Tag::Desc | Tag::Title)
    }

    fn is_math_scope(&self) -> bool {
        self.is_math_text_point() || self.tag() == Tag::AnnotationXml
    }

    /// 13.2.6.5: MathML text integration point.
    pub(super) fn is_math_text_point(&self) -> bool {
        self.space == Space::Math && matches!(self.tag(), Tag::Mi | Tag::Mo | Tag::Mn | Tag::Ms | Tag::Mtext)
    }

    /// 13.2.6.5: HTML integration point.
    pub(super) fn is_html_point(&self) -> bool {
        match self.space {
            Space::Html => false,
            Space::Svg => self.is_svg_point(),
            Space::Math => self.html_inside,
        }
    }
}

/// The stack itself. Index 0 is the root element.
#[derive(Clone, Debug)]
pub(super) struct Open {
    nodes: Vec<Node>,
    /// For each [slot](slot) of HTML elements, the index of its topmost entry, plus one; 0 is none.
    top: [u32; Tag::COUNT + OTHERS],
}

/// Slots for names that no rule of the standard knows.
const OTHERS: usize = 32;

/// Where the chain of entries of this name begins: known tags have their own, the others share a few.
fn slot(name: Name) -> usize {
    if name.tag == Tag::Other { Tag::COUNT + name.place() % OTHERS } else { name.tag as usize }
}

impl Open {
    pub(super) fn new() -> Self {
        Self { nodes: Vec::with_capacity(64), top: [0; Tag::COUNT + OTHERS] }
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn get(&self, index: usize) -> &Node {
        &self.nodes[index]
    }

    pub(super) fn current(&self) -> Option<&Node> {
        self.nodes.last()
    }

    /// Whether the current node is the HTML element `tag`.
    pub(super) fn current_is(&self, tag: Tag) -> bool {
        self.current().is_some_and(|n| n.is_html(tag))
    }

    pub(super) fn set_watch(&mut self, watch: WatchId) {
        if let Some(node) = self.nodes.last_mut() {
            node.watch = Some(watch);
        }
    }

    pub(super) fn push(&mut self, name: Name, space: Space, html_inside: bool, id: NodeId) {
        let node = Node { name, space, html_inside, id, watch: None, below: 0, bounds: Bounds::default() };
        self.push_node(node);
    }

    fn push_node(&mut self, mut node: Node) {
        let index = self.nodes.len() as u32;
        let mut bounds = self.nodes.last().map_or_else(Bounds::default, |n| n.bounds);
        if node.is(is::SCOPE) {
            bounds.scope = index;
            bounds.list = index;
            bounds.button = index;
        }
        if node.is(is::LIST_SCOPE) {
            bounds.list = index;
        }
        if node.is(is::BUTTON_SCOPE) {
            bounds.button = index;
        }
        if node.is(is::TABLE_SCOPE) {
            bounds.table = index;
        }
        if node.is(is::SPECIAL) {
            bounds.special = index;
            let passed = node.space == Space::Html && matches!(node.tag(), Tag::Address | Tag::Div | Tag::P);
            if !passed {
                bounds.item = index;
            }
        }
        node.bounds = bounds;
        node.below = 0;
        if node.space == Space::Html {
            let top = &mut self.top[slot(node.name)];
            node.below = *top;
            *top = index + 1;
        }
        self.nodes.push(node);
    }

    pub(super) fn pop(&mut self) -> Option<Node> {
        let node = self.nodes.pop()?;
        if node.space == Space::Html {
            self.top[slot(node.name)] = node.below;
        }
        Some(node)
    }

    /// Index of the topmost HTML element `tag`, a known one, wherever it is.
    pub(super) fn topmost(&self, tag: Tag) -> Option<usize> {
        (self.top[tag as usize] as usize).checked_sub(1)
    }

    /// Index of the topmost HTML element `tag` if it is in that scope.
    pub(super) fn in_scope(&self, tag: Tag, scope: Scope) -> Option<usize> {
        let index = self.topmost(tag)?;
        (index >= self.scope_bound(scope)).then_some(index)
    }

    /// Index of the topmost HTML element `name` with nothing special above it.
    pub(super) fn named_above_special(&self, name: Name) -> Option<usize> {
        let special = self.special_bound();
        let mut above = self.alike(name).take_while(|(at, _)| *at >= special);
        above.find(|(_, node)| node.name == name).map(|(at, _)| at)
    }

    /// The entries in the slot of `name`, from the top down, with their indexes: all of that name, and maybe others.
    fn alike(&self, name: Name) -> impl Iterator<Item = (usize, &Node)> {
        let entry = |next: u32| (next as usize).checked_sub(1).map(|at| (at, &self.nodes[at]));
        std::iter::successors(entry(self.top[slot(name)]), move |(_, node)| entry(node.below))
    }

    /// Index of the topmost special element.
    pub(super) fn special_bound(&self) -> usize {
        self.nodes.last().map_or(0, |n| n.bounds.special as usize)
    }

    /// Index of the topmost special element that keeps an item from closing an earlier one: neither `address`, `div` nor `p`.
    pub(super) fn item_bound(&self) -> usize {
        self.nodes.last().map_or(0, |n| n.bounds.item as usize)
    }

    /// Index below which nothing is in that scope.
    pub(super) fn scope_bound(&self, scope: Scope) -> usize {
        self.nodes.last().map_or(0, |n| match scope {
            Scope::Default => n.bounds.scope,
            Scope::List => n.bounds.list,
            Scope::Button => n.bounds.button,
            Scope::Table => n.bounds.table,
        }) as usize
    }

    /// Identities and names, from the root on.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (NodeId, Name)> + ExactSizeIterator {
        self.nodes.iter().map(|node| (node.id, node.name))
    }

    /// The entries from the top down, with their indexes.
    pub(super) fn iter_down(&self) -> impl Iterator<Item = (usize, &Node)> {
        self.nodes.iter().enumerate().rev()
    }

    /// Takes the entry at `index` out of the middle and sets the links of those above it right again.
    pub(super) fn remove(&mut self, index: usize) -> Node {
        let above = self.unwind(index + 1);
        let node = self.pop().expect("index is on the stack");
        for node in above {
            self.push_node(node);
        }
        node
    }

    /// Puts an entry in at `index`.
    pub(super) fn insert(&mut self, index: usize, name: Name, id: NodeId) {
        let above = self.unwind(index);
        self.push(name, Space::Html, false, id);
        for node in above {
            self.push_node(node);
        }
    }

    /// Whether the same elements are open.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        let same = |(a, b): (&Node, &Node)| {
            (a.name, a.space, a.html_inside, a.watch) == (b.name, b.space, b.html_inside, b.watch)
        };
        self.len() == other.len() && self.nodes.iter().zip(&other.nodes).all(same)
    }

    /// Gives the entry at `index` another identity: a clone took its place.
    pub(super) fn replace_id(&mut self, index: usize, id: NodeId) {
        self.nodes[index].id = id;
        self.nodes[index].watch = None;
    }

    /// Pops down to `length`; the popped ones, lowest first.
    fn unwind(&mut self, length: usize) -> Vec<Node> {
        let mut above = Vec::with_capacity(self.nodes.len() - length);
        while self.nodes.len() > length {
            above.extend(self.pop());
        }
        above.reverse();
        above
    }

    /// Index of the HTML element of this name with this identity.
    pub(super) fn position(&self, name: Name, id: NodeId) -> Option<usize> {
        self.alike(name).find(|(_, node)| node.id == id).map(|(at, _)| at)
    }

    /// Index of the element with this identity, searched from the top.
    pub(super) fn place(&self, id: NodeId) -> Option<usize> {
        self.nodes.iter().rposition(|n| n.id == id)
    }
}
