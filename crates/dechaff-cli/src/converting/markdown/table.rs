//! Tables in Markdown, as GitHub has them.
//!
//! htmd's own handler takes only the first row of a head and only data cells of the others: the names of rows would be lost.

use std::rc::Rc;

use htmd::element_handler::{HandlerResult, Handlers};
use htmd::{Element, Node};
use markup5ever_rcdom::NodeData;

/// Writes the table that `element` is. One without header cells is there for its looks, mostly: its cells come one after the
/// other; so do those of a table in a table.
pub(super) fn write(handlers: &dyn Handlers, element: Element<'_>) -> Option<HandlerResult> {
    let rows = rows(element.node);
    if !rows.iter().flatten().any(|cell| is(cell, "th")) || is_in_cell(element.node) {
        return handlers.fallback(element);
    }
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    let mut text = String::from("\n\n");
    for caption in children(element.node).into_iter().filter(|child| is(child, "caption")) {
        text.extend([&*line(handlers, &caption), "\n\n"]);
    }
    let headed = rows.first().is_some_and(|row| row.iter().all(|cell| is(cell, "th")));
    let mut add = |cells: &mut dyn Iterator<Item = String>| {
        text.push('|');
        for cell in cells.chain(std::iter::repeat_with(String::new)).take(width) {
            text.extend([" ", &*cell, " |"]);
        }
        text.push('\n');
    };
    // There is no table without a head.
    let head = rows.first().filter(|_| headed).into_iter().flatten();
    add(&mut head.map(|cell| line(handlers, cell)));
    add(&mut std::iter::repeat_n("---".to_owned(), width));
    for row in rows.iter().skip(usize::from(headed)) {
        add(&mut row.iter().map(|cell| line(handlers, cell)));
    }
    text.push('\n');
    Some(text.into())
}

/// What is in `node`, on one line.
fn line(handlers: &dyn Handlers, node: &Rc<Node>) -> String {
    let content = handlers.walk_children(node).content;
    let words: Vec<_> = content.split_ascii_whitespace().collect();
    words.join(" ").replace('|', "\\|")
}

/// The cells of each row.
fn rows(table: &Rc<Node>) -> Vec<Vec<Rc<Node>>> {
    let groups =
        children(table).into_iter().filter(|child| ["thead", "tbody", "tfoot"].iter().any(|name| is(child, name)));
    let rows = groups.flat_map(|group| children(&group)).filter(|child| is(child, "tr"));
    let cells = |row: Rc<Node>| children(&row).into_iter().filter(|cell| is(cell, "td") || is(cell, "th")).collect();
    rows.map(cells).filter(|cells: &Vec<_>| !cells.is_empty()).collect()
}

fn children(node: &Rc<Node>) -> Vec<Rc<Node>> {
    node.children.borrow().clone()
}

fn is(node: &Rc<Node>, wanted: &str) -> bool {
    matches!(&node.data, NodeData::Element { name, .. } if &*name.local == wanted)
}

fn is_in_cell(node: &Rc<Node>) -> bool {
    let parent = |node: &Rc<Node>| {
        let parent = node.parent.take();
        node.parent.set(parent.clone());
        parent?.upgrade()
    };
    std::iter::successors(parent(node), parent).any(|node| is(&node, "td") || is(&node, "th"))
}
