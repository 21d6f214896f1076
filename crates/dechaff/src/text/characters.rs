//! What single characters are folded to. The table is made by `build.rs` from Unicode's own data.

mod table {
    include!(concat!(env!("OUT_DIR"), "/fold.rs"));
}

pub(crate) use table::{DROP, SPACE, fold};

/// Gives the characters that a reference such as `&eacute;` stands for (13.2.5.72); false if it is none.
pub(crate) fn refer(reference: &str, mut give: impl FnMut(char)) -> bool {
    let decoded = html_escape::decode_html_entities(reference);
    let known = decoded != reference;
    if known {
        decoded.chars().for_each(&mut give);
    }
    known
}
