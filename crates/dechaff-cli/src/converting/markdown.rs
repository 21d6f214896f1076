//! A page as Markdown. The crate htmd makes it, of the page's tree.

mod table;

use std::collections::HashMap;
use std::thread;

use htmd::HtmlToMarkdown;
use htmd::options::{BulletListMarker, Options};

use crate::seeing::markup::{Kind, pieces};

/// How long a page may be, in bytes: its tree takes some ten times as much memory.
const LONGEST: usize = 64 << 20;

/// How many elements may be inside each other: each takes a part of the stack, and is copied with all that is in it. On 1,358
/// real pages no more than 50 are.
pub(super) const DEEPEST: usize = 512;

/// What is said of others.
pub(super) const TOO_DEEP: &str =
    "more than 512 elements are inside each other: Markdown can't be made of it; 'dechaff text' takes it";

/// How many tags may be open, where it is not known which elements they end. Real pages leave some hundred tags open.
const MOST_TAGS: usize = 16 << 10;

/// Elements without content, and those that the next one of their kind ends.
const CLOSED: [&str; 24] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "path", "use", "p", "li", "dt", "dd", "tr", "td", "th", "option",
];

/// Enough for so many elements, in unoptimized code as well.
const STACK: usize = 64 << 20;

/// Elements whose content is no part of the text.
const UNSEEN: [&str; 10] =
    ["head", "title", "script", "style", "noscript", "iframe", "noembed", "noframes", "textarea", "svg"];

/// Makes Markdown of a page; or says why that can't be done.
pub(super) fn convert(page: &str) -> Result<String, &'static str> {
    if page.len() > LONGEST {
        return Err(
            "longer than 64 MiB: Markdown is made of pages that fit into memory; 'dechaff text' takes any length",
        );
    }
    if tags_open(page) > MOST_TAGS {
        return Err(TOO_DEEP);
    }
    let work = || {
        let options = Options {
            bullet_list_marker: BulletListMarker::Dash,
            ul_bullet_spacing: 1,
            ol_number_spacing: 1,
            ..Options::default()
        };
        let maker = HtmlToMarkdown::builder().options(options).skip_tags(UNSEEN.to_vec());
        let maker = maker.add_handler(vec!["table"], table::write).build();
        // Reading from memory can't fail.
        let tree = maker.html_to_tree(page).map_err(|_| "it can't be read")?;
        if is_deep(&tree) {
            return Err(TOO_DEEP);
        }
        let mut text = maker.tree_to_markdown(&tree);
        if !text.is_empty() {
            text.push('\n');
        }
        Ok(text)
    };
    // It goes down into the tree by calls.
    thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let done = worker.map_err(|_| "there is no memory for another thread")?.join();
        done.unwrap_or(Err("what makes Markdown failed at it; 'dechaff text' takes it"))
    })
}

/// Whether more elements are inside each other than is done.
fn is_deep(tree: &std::rc::Rc<htmd::Node>) -> bool {
    let mut open = vec![(tree.clone(), 0)];
    while let Some((node, depth)) = open.pop() {
        if depth > DEEPEST {
            return true;
        }
        open.extend(node.children.borrow().iter().map(|child| (child.clone(), depth + 1)));
    }
    false
}

/// How many elements are inside each other at the most, as far as tags tell that: a page that html5ever can read in time that is
/// linear in its length. It looks at all that is open at each tag.
///
/// Elements that end without their end tag count for as long as there is none: this is far more than there are elements.
fn tags_open(page: &str) -> usize {
    let mut open: HashMap<&str, usize> = HashMap::new();
    let (mut all, mut most) = (0, 0);
    for piece in pieces(page).filter(|piece| matches!(piece.kind, Kind::Tag(_))) {
        let tag = &page[piece.range][1..];
        let (end, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let name = tag.split(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).next().unwrap_or_default();
        if CLOSED.iter().any(|closed| closed.eq_ignore_ascii_case(name)) {
            continue;
        }
        let count = open.entry(name).or_default();
        if !end {
            *count += 1;
            all += 1;
        } else if *count > 0 {
            *count -= 1;
            all -= 1;
        }
        most = most.max(all);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nested_too_deep_is_refused() {
        let page = |depth: usize| format!("{}a{}", "<div>".repeat(depth), "</div>".repeat(depth));
        assert_eq!(convert(&page(DEEPEST - 4)).unwrap(), "a\n");
        assert!(convert(&page(100_000)).unwrap_err().starts_with("more than 512"));
    }
}
