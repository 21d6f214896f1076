//! Element names and what the HTML standard says of each.
//!
//! Section numbers are those of the HTML standard (<https://html.spec.whatwg.org/multipage/parsing.html>), chapter 13.2.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

/// What the standard's algorithms ask of an element, as bits.
pub(crate) mod is {
    /// 13.2.4.2: the "special" category.
    pub(crate) const SPECIAL: u32 = 1;
    /// 13.2.4.2: the "formatting" category.
    pub(crate) const FORMATTING: u32 = 1 << 1;
    /// 13.1.2: void elements, and the obsolete ones the parser treats alike.
    pub(crate) const VOID: u32 = 1 << 2;
    /// 13.2.4.2: bounds the "particular scope".
    pub(crate) const SCOPE: u32 = 1 << 3;
    /// Bounds list item scope beyond [`SCOPE`].
    pub(crate) const LIST_SCOPE: u32 = 1 << 4;
    /// Bounds button scope beyond [`SCOPE`].
    pub(crate) const BUTTON_SCOPE: u32 = 1 << 5;
    /// Bounds table scope.
    pub(crate) const TABLE_SCOPE: u32 = 1 << 6;
    /// 13.2.6.3: generate implied end tags.
    pub(crate) const IMPLIED_END: u32 = 1 << 7;
    /// 13.2.6.4.7: its start tag closes a `p` in button scope.
    pub(crate) const CLOSES_P: u32 = 1 << 8;
    /// 13.2.6.4.7: its end tag generates implied end tags and pops up to it.
    pub(crate) const BLOCK_END: u32 = 1 << 9;
    /// `h1` to `h6`.
    pub(crate) const HEADING: u32 = 1 << 10;
    /// 13.2.6.4.4: its start tag is handled by the "in head" rules wherever it stands.
    pub(crate) const HEAD_CONTENT: u32 = 1 << 11;
    /// 13.2.5: its start tag switches the tokenizer to a text mode (scripting on).
    pub(crate) const TEXT_MODE: u32 = 1 << 12;
    /// 13.2.6.5: its start tag breaks out of foreign content.
    pub(crate) const BREAKOUT: u32 = 1 << 13;
    /// Table structure: its start tag is ignored in body, and acted on in tables.
    pub(crate) const TABLE_PART: u32 = 1 << 14;
}
use is::{
    BLOCK_END, BREAKOUT, BUTTON_SCOPE, CLOSES_P, FORMATTING, HEAD_CONTENT, HEADING, IMPLIED_END, LIST_SCOPE, SCOPE,
    SPECIAL, TABLE_PART, TABLE_SCOPE, TEXT_MODE, VOID,
};

/// A block whose start tag closes `p` and whose end tag closes it by scope.
const BLOCK: u32 = SPECIAL | CLOSES_P | BLOCK_END;

macro_rules! tags {
    ($($variant:ident $name:literal $flags:expr;)*) => {
        /// An element name that some rule of the standard names; everything else is [`Tag::Other`].
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        pub(crate) enum Tag { Other, $($variant),* }

        const NAMES: &[(&str, Tag, u32)] = &[$(($name, Tag::$variant, $flags)),*];
        const FLAGS: &[u32] = &[0, $($flags),*];
    };
}

tags! {
    A "a" FORMATTING;
    Address "address" BLOCK;
    AnnotationXml "annotation-xml" 0;
    Applet "applet" SPECIAL | SCOPE;
    Area "area" SPECIAL | VOID;
    Article "article" BLOCK;
    Aside "aside" BLOCK;
    B "b" FORMATTING | BREAKOUT;
    Base "base" SPECIAL | VOID | HEAD_CONTENT;
    Basefont "basefont" SPECIAL | VOID | HEAD_CONTENT;
    Bgsound "bgsound" SPECIAL | VOID | HEAD_CONTENT;
    Big "big" FORMATTING | BREAKOUT;
    Blockquote "blockquote" BLOCK | BREAKOUT;
    Body "body" SPECIAL | BREAKOUT;
    Br "br" SPECIAL | VOID | BREAKOUT;
    Button "button" SPECIAL | BUTTON_SCOPE | BLOCK_END;
    Caption "caption" SPECIAL | SCOPE | TABLE_PART;
    Center "center" BLOCK | BREAKOUT;
    Code "code" FORMATTING | BREAKOUT;
    Col "col" SPECIAL | VOID | TABLE_PART;
    Colgroup "colgroup" SPECIAL | TABLE_PART;
    Dd "dd" SPECIAL | IMPLIED_END | CLOSES_P | BREAKOUT;
    Desc "desc" 0;
    Details "details" BLOCK;
    Dialog "dialog" CLOSES_P | BLOCK_END;
    Dir "dir" BLOCK;
    Div "div" BLOCK | BREAKOUT;
    Dl "dl" BLOCK | BREAKOUT;
    Dt "dt" SPECIAL | IMPLIED_END | CLOSES_P | BREAKOUT;
    Em "em" FORMATTING | BREAKOUT;
    Embed "embed" SPECIAL | VOID | BREAKOUT;
    Fieldset "fieldset" BLOCK;
    Figcaption "figcaption" BLOCK;
    Figure "figure" BLOCK;
    Font "font" FORMATTING;
    Footer "footer" BLOCK;
    ForeignObject "foreignobject" 0;
    Form "form" SPECIAL | CLOSES_P;
    Frame "frame" SPECIAL | VOID;
    Frameset "frameset" SPECIAL;
    H1 "h1" SPECIAL | HEADING | CLOSES_P | BREAKOUT;
    H2 "h2" SPECIAL | HEADING | CLOSES_P | BREAKOUT;
    H3 "h3" SPECIAL | HEADING | CLOSES_P | BREAKOUT;
    H4 "h4" SPECIAL | HEADING | CLOSES_P | BREAKOUT;
    H5 "h5" SPECIAL | HEADING | CLOSES_P | BREAKOUT;
    H6 "h6" SPECIAL | HEADING | CLOSES_P | BREAKOUT;
    Head "head" SPECIAL | BREAKOUT;
    Header "header" BLOCK;
    Hgroup "hgroup" BLOCK;
    Hr "hr" SPECIAL | VOID | CLOSES_P | BREAKOUT;
    Html "html" SPECIAL | SCOPE | TABLE_SCOPE;
    I "i" FORMATTING | BREAKOUT;
    Iframe "iframe" SPECIAL | TEXT_MODE;
    Image "image" VOID;
    Img "img" SPECIAL | VOID | BREAKOUT;
    Input "input" SPECIAL | VOID;
    Keygen "keygen" SPECIAL | VOID;
    Li "li" SPECIAL | IMPLIED_END | CLOSES_P | BREAKOUT;
    Link "link" SPECIAL | VOID | HEAD_CONTENT;
    Listing "listing" BLOCK | BREAKOUT;
    Main "main" BLOCK;
    Malignmark "malignmark" 0;
    Marquee "marquee" SPECIAL | SCOPE;
    Math "math" 0;
    Menu "menu" BLOCK | BREAKOUT;
    Meta "meta" SPECIAL | VOID | HEAD_CONTENT | BREAKOUT;
    Mglyph "mglyph" 0;
    Mi "mi" 0;
    Mn "mn" 0;
    Mo "mo" 0;
    Ms "ms" 0;
    Mtext "mtext" 0;
    Nav "nav" BLOCK;
    Nobr "nobr" FORMATTING | BREAKOUT;
    Noembed "noembed" SPECIAL | TEXT_MODE;
    Noframes "noframes" SPECIAL | HEAD_CONTENT | TEXT_MODE;
    Noscript "noscript" SPECIAL | TEXT_MODE;
    Object "object" SPECIAL | SCOPE;
    Ol "ol" BLOCK | LIST_SCOPE | BREAKOUT;
    Optgroup "optgroup" IMPLIED_END;
    Option "option" IMPLIED_END;
    P "p" SPECIAL | IMPLIED_END | CLOSES_P | BREAKOUT;
    Param "param" SPECIAL | VOID;
    Plaintext "plaintext" SPECIAL | CLOSES_P | TEXT_MODE;
    Pre "pre" BLOCK | BREAKOUT;
    Rb "rb" IMPLIED_END;
    Rp "rp" IMPLIED_END;
    Rt "rt" IMPLIED_END;
    Rtc "rtc" IMPLIED_END;
    Ruby "ruby" BREAKOUT;
    S "s" FORMATTING | BREAKOUT;
    Script "script" SPECIAL | HEAD_CONTENT | TEXT_MODE;
    Search "search" BLOCK;
    Section "section" BLOCK;
    Select "select" SPECIAL | SCOPE | BLOCK_END;
    Small "small" FORMATTING | BREAKOUT;
    Source "source" SPECIAL | VOID;
    Span "span" BREAKOUT;
    Strike "strike" FORMATTING | BREAKOUT;
    Strong "strong" FORMATTING | BREAKOUT;
    Style "style" SPECIAL | HEAD_CONTENT | TEXT_MODE;
    Sub "sub" BREAKOUT;
    Summary "summary" BLOCK;
    Sup "sup" BREAKOUT;
    Svg "svg" 0;
    Table "table" SPECIAL | SCOPE | TABLE_SCOPE | BREAKOUT;
    Tbody "tbody" SPECIAL | TABLE_PART;
    Td "td" SPECIAL | SCOPE | TABLE_PART;
    Template "template" SPECIAL | SCOPE | TABLE_SCOPE | HEAD_CONTENT;
    Textarea "textarea" SPECIAL | TEXT_MODE;
    Tfoot "tfoot" SPECIAL | TABLE_PART;
    Th "th" SPECIAL | SCOPE | TABLE_PART;
    Thead "thead" SPECIAL | TABLE_PART;
    Title "title" SPECIAL | HEAD_CONTENT | TEXT_MODE;
    Tr "tr" SPECIAL | TABLE_PART;
    Track "track" SPECIAL | VOID;
    Tt "tt" FORMATTING | BREAKOUT;
    U "u" FORMATTING | BREAKOUT;
    Ul "ul" BLOCK | LIST_SCOPE | BREAKOUT;
    Var "var" BREAKOUT;
    Wbr "wbr" SPECIAL | VOID;
    Xmp "xmp" SPECIAL | CLOSES_P | TEXT_MODE;
}

impl Tag {
    /// How many tags there are, [`Tag::Other`] included.
    pub(crate) const COUNT: usize = FLAGS.len();

    /// Its name in lower case; nothing for [`Tag::Other`].
    pub(crate) fn name(self) -> &'static str {
        (self as usize).checked_sub(1).map_or("", |i| NAMES[i].0)
    }

    /// Whether any of the bits `flags` (see [`is`]) is set for this element in the HTML namespace.
    #[inline]
    pub(crate) fn is(self, flags: u32) -> bool {
        FLAGS[self as usize] & flags != 0
    }
}

/// An element name: the known tag and a key that is equal for equal names (ASCII case aside).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub(crate) struct Name {
    pub(crate) tag: Tag,
    key: u128,
}

const TABLE_SIZE: usize = 512;
/// Open addressing, filled at compile time; 0 marks an empty place ([`Tag::Other`] is never stored).
const TABLE: [u8; TABLE_SIZE] = {
    let mut table = [0u8; TABLE_SIZE];
    let mut i = 0;
    while i < NAMES.len() {
        let mut at = place(pack(NAMES[i].0.as_bytes()));
        while table[at] != 0 {
            at = (at + 1) % TABLE_SIZE;
        }
        table[at] = i as u8 + 1;
        i += 1;
    }
    table
};
/// The packed names, parallel to `NAMES`.
const KEYS: [u128; NAMES.len()] = {
    let mut keys = [0; NAMES.len()];
    let mut i = 0;
    while i < NAMES.len() {
        keys[i] = pack(NAMES[i].0.as_bytes());
        i += 1;
    }
    keys
};

/// Up to 16 bytes, lower-cased, as one number.
const fn pack(name: &[u8]) -> u128 {
    let mut key = 0u128;
    let mut i = 0;
    while i < name.len() {
        key = (key << 8) | name[i].to_ascii_lowercase() as u128;
        i += 1;
    }
    key
}

const fn place(key: u128) -> usize {
    let folded = (key as u64) ^ ((key >> 64) as u64).rotate_left(17);
    (folded.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 55) as usize % TABLE_SIZE
}

impl Name {
    /// The name as it stands in the tag, in any case.
    #[inline]
    pub(crate) fn new(bytes: &[u8]) -> Self {
        if bytes.len() > 16 {
            return Self::long(bytes);
        }
        // The same as `pack`, all at once.
        let mut key = [0; 16];
        key[16 - bytes.len()..].copy_from_slice(bytes);
        key.make_ascii_lowercase();
        let key = u128::from_be_bytes(key);
        let mut at = place(key);
        loop {
            match TABLE[at] {
                0 => return Self { tag: Tag::Other, key },
                i if KEYS[i as usize - 1] == key => {
                    return Self { tag: NAMES[i as usize - 1].1, key };
                }
                _ => at = (at + 1) % TABLE_SIZE,
            }
        }
    }

    /// No known tag is that long; 128 bits of hash stand for the name.
    #[cold]
    fn long(bytes: &[u8]) -> Self {
        let lower = bytes.to_ascii_lowercase();
        let hash = BuildHasherDefault::<DefaultHasher>::default();
        let (low, high) = (hash.hash_one(&lower), hash.hash_one((&lower, 1u8)));
        Self { tag: Tag::Other, key: u128::from(high) << 64 | u128::from(low) | 1 << 127 }
    }

    /// A number below 512 that differs from name to name, by and large.
    pub(crate) fn place(self) -> usize {
        place(self.key)
    }

    /// The known tag `tag`, as if it had been written out.
    pub(crate) fn of(tag: Tag) -> Self {
        debug_assert_ne!(tag, Tag::Other);
        Self { tag, key: KEYS[tag as usize - 1] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_name_is_found_in_any_case() {
        for (name, tag, _) in NAMES {
            assert_eq!(Name::new(name.as_bytes()), Name::of(*tag), "{name}");
            assert_eq!(Name::new(name.to_uppercase().as_bytes()).tag, *tag, "{name}");
        }
    }

    #[test]
    fn unknown_names_differ_by_their_letters_only() {
        assert_eq!(Name::new(b"my-card"), Name::new(b"MY-Card"));
        assert_ne!(Name::new(b"my-card"), Name::new(b"my-cart"));
        assert_eq!(Name::new(b"a-very-long-element-name"), Name::new(b"A-very-long-element-NAME"));
        assert_ne!(Name::new(b"a-very-long-element-name"), Name::new(b"a-very-long-element-nam3"));
        assert_eq!(Name::new(b"my-card").tag, Tag::Other);
    }
}
