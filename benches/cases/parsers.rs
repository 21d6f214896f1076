//! Parsers that build the whole tree and write it again. They read UTF-8 only and make one copy of the page for that; other
//! bytes become U+FFFD, which counts as their time, as it would in practice.

use dom_query::{Document, Matcher};
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document, serialize};
use markup5ever_rcdom::{RcDom, SerializableHandle};

use crate::Case;
use crate::selectors::SELECTORS;

/// html5ever: parses the page and writes the tree, as it is. Taking something out would come on top.
#[must_use]
pub fn html5ever() -> Case {
    Case::new("html5ever", |page, out| {
        let tree = parse_document(RcDom::default(), ParseOpts::default()).from_utf8().one(page);
        let root: SerializableHandle = tree.document.clone().into();
        serialize(out, &root, Default::default())?;
        Ok(())
    })
}

/// `dom_query`: parses the page, takes out what one of the [`SELECTORS`] picks, writes the tree. The selectors are compiled
/// once for all pages.
#[must_use]
pub fn dom_query() -> Case {
    let matcher = Matcher::new(&SELECTORS.join(", ")).expect("ours are selectors");
    Case::new("dom_query", move |page, out| {
        let tree = Document::from(String::from_utf8_lossy(page).as_ref());
        tree.select_matcher(&matcher).remove();
        out.extend_from_slice(tree.html().as_bytes());
        Ok(())
    })
}
