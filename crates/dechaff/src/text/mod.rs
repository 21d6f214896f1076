//! Evidence in the text: blurbs that have no telling class.
//!
//! A block's text is folded to plain lower-case words, looked up in the cues of all languages, and summed up. What that means
//! for the block is decided elsewhere; nothing here knows elements or bytes of input.

mod characters;
pub(crate) mod fold;
mod key;
pub(crate) mod lexicon;
pub(crate) mod signs;
