//! `lol_html`: passing a page on, with and without handlers, and taking elements out by selector.
//!
//! It is set up as one would in place of dechaff: not strict, with handlers that can be sent to another thread. Selectors are
//! parsed once for all pages; the rewriter, which compiles them, is made anew for each page, as it must be.

use std::borrow::Cow;

use lol_html::Selector;
use lol_html::html_content::Element;
use lol_html::send::{ElementContentHandlers, HtmlRewriter, SendHandlerTypes, Settings};

use crate::selectors::SELECTORS;
use crate::{CHUNK, Case, Result};

/// Finds the tags and passes them on.
#[must_use]
pub fn pass_through() -> Case {
    Case::new("lol_html", |page, out| rewrite(page, out, Settings::new_send()))
}

/// The same, and one handler on every element, which does nothing.
#[must_use]
pub fn one_handler() -> Case {
    let all = parse("*");
    Case::new(Case::REFERENCE, move |page, out| {
        let handlers = ElementContentHandlers::default().element(|_: &mut Element<'_, '_, SendHandlerTypes>| Ok(()));
        let settings = Settings::new_send().append_element_content_handler((Cow::Borrowed(&all), handlers));
        rewrite(page, out, settings)
    })
}

/// Takes out what one of the [`SELECTORS`] picks.
#[must_use]
pub fn removal() -> Case {
    let selectors = SELECTORS.map(parse);
    Case::new("lol_html-remove", move |page, out| {
        let settings = selectors.iter().fold(Settings::new_send(), |settings, selector| {
            let handlers =
                ElementContentHandlers::default().element(|element: &mut Element<'_, '_, SendHandlerTypes>| {
                    element.remove();
                    Ok(())
                });
            settings.append_element_content_handler((Cow::Borrowed(selector), handlers))
        });
        rewrite(page, out, settings)
    })
}

fn parse(selector: &str) -> Selector {
    selector.parse().expect("ours are selectors")
}

fn rewrite(page: &[u8], out: &mut Vec<u8>, settings: Settings<'_, '_>) -> Result<()> {
    let mut rewriter = HtmlRewriter::new(settings.with_strict(false), |chunk: &[u8]| out.extend_from_slice(chunk));
    for chunk in page.chunks(CHUNK) {
        rewriter.write(chunk)?;
    }
    rewriter.end()?;
    Ok(())
}
