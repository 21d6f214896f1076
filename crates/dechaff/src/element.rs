//! A start tag with its bytes: what the tree, the rules and the verdict ask of it.

use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::LazyLock;

use hashbrown::DefaultHashBuilder;

use crate::rules::links::LinkKind;
use crate::rules::selector::matching::Subject;
use crate::tokens::{AttributeSpan, StartTag, View};
use crate::tree::Trait;
use crate::tree::tag::{Name, Tag};
use crate::verdict::Facts;

/// The seed is another one in each process: nobody can make a page in which two elements have the same hash.
static HASHES: LazyLock<DefaultHashBuilder> = LazyLock::new(DefaultHashBuilder::default);

/// A start tag with its bytes.
pub(crate) struct Element<'a> {
    view: View<'a>,
    pub(crate) name: Name,
    /// The name as it is written.
    pub(crate) raw_name: &'a [u8],
    spans: &'a [AttributeSpan],
    /// The [shapes](shape) of the names of its attributes: most questions are for one that is not there.
    shapes: u64,
    /// Longer values are not looked at.
    longest: u32,
    /// Something that rules ask for was not looked at.
    pub(crate) limited: bool,
}

/// A bit that names share by chance only: of the first letter, in any case, and the length.
#[inline]
fn shape(first: u8, length: usize) -> u64 {
    1 << ((usize::from(first & 31) + 7 * length) % 64)
}

impl<'a> Element<'a> {
    /// The tag `tag`, whose attributes lie at `spans`; values of more than `longest` bytes are not looked at.
    pub(crate) fn new(view: View<'a>, tag: &StartTag, spans: &'a [AttributeSpan], longest: u32) -> Self {
        let raw_name = view.slice(&(tag.start + 1..tag.name_end));
        let shapes = spans.iter().fold(0, |all, s| all | shape(view.byte(s.name.0), s.name.1 as usize));
        let mut element = Self { view, name: tag.name, raw_name, spans, shapes, longest, limited: tag.more_attributes };
        element.limited |= spans.iter().filter(|s| s.value.1 > longest).any(|s| {
            let name = element.part(s.name);
            [&b"id"[..], b"class", b"role"].iter().any(|known| name.eq_ignore_ascii_case(known))
        });
        element
    }

    fn part(&self, (start, length): (u64, u32)) -> &'a [u8] {
        self.view.slice(&(start..start + u64::from(length)))
    }

    /// Names and values, raw.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + '_ {
        let seen = self.spans.iter().filter(|s| s.value.1 <= self.longest);
        seen.map(|s| (self.part(s.name), self.part(s.value)))
    }

    fn get(&self, name: impl AsRef<[u8]>) -> Option<&'a [u8]> {
        let name = name.as_ref();
        if self.shapes & shape(name[0], name.len()) == 0 {
            return None;
        }
        self.attributes().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v)
    }

    fn has(&self, name: &str, value: &str) -> bool {
        self.get(name).is_some_and(|v| v.trim_ascii().eq_ignore_ascii_case(value.as_bytes()))
    }

    /// Whether it is the main content by its role.
    pub(crate) fn role_main(&self) -> bool {
        self.has("role", "main")
    }

    /// What a button says that is an `input`.
    pub(crate) fn button_text(&self) -> Option<&'a [u8]> {
        let button = self.name.tag == Tag::Input && (self.has("type", "submit") || self.has("type", "button"));
        if button { self.get("value") } else { None }
    }

    /// Whether it names the software that made the page.
    pub(crate) fn generator(&self) -> bool {
        self.name.tag == Tag::Meta && self.has("name", "generator")
    }

    /// What the tree construction stage asks of its attributes.
    pub(crate) fn traits(&self) -> Trait {
        match self.name.tag {
            Tag::Input if self.has("type", "hidden") => Trait::Hidden,
            Tag::Font if ["color", "face", "size"].iter().any(|n| self.get(n).is_some()) => Trait::FontLook,
            Tag::AnnotationXml
                if self.has("encoding", "text/html") || self.has("encoding", "application/xhtml+xml") =>
            {
                Trait::HtmlEncoding
            }
            _ => Trait::None,
        }
    }

    /// Equal for equal attributes in equal order.
    pub(crate) fn attribute_hash(&self) -> u64 {
        if self.spans.is_empty() {
            return 0;
        }
        let mut hasher = HASHES.build_hasher();
        for part in self.attributes() {
            part.hash(&mut hasher);
        }
        hasher.finish()
    }

    /// What this tag alone says of the elements around it, and of itself; but for its role. `kind`: what its address tells.
    pub(crate) fn facts(&self, kind: LinkKind) -> Facts {
        let mut facts = Facts::default();
        match self.name.tag {
            Tag::H1 | Tag::Main => facts.main_content = true,
            Tag::Article => facts.article = true,
            Tag::Pre | Tag::Code | Tag::Blockquote => facts.quotation = true,
            Tag::Textarea => {
                facts.held.textarea = true;
                facts.things = true;
            }
            Tag::Select => {
                facts.inputs = 1;
                facts.things = true;
            }
            Tag::Img => {
                facts.images = 1;
                facts.things = true;
            }
            Tag::Iframe | Tag::Object | Tag::Embed => {
                facts.media = true;
                facts.things = true;
            }
            Tag::Table => {
                facts.table = true;
                facts.things = true;
            }
            Tag::Script | Tag::Style | Tag::Noscript | Tag::Link | Tag::Meta | Tag::Template => facts.things = true,
            // An element of the page's own has a hyphen in its name (4.13.3) and may show anything.
            Tag::Other => {
                let media = [&b"video"[..], b"audio", b"canvas"];
                facts.media = media.iter().any(|n| self.raw_name.eq_ignore_ascii_case(n));
                facts.things = facts.media || self.raw_name.contains(&b'-');
            }
            Tag::Button => {
                facts.held.control = true;
                facts.things = true;
            }
            Tag::Input => {
                let shown = !self.has("type", "hidden");
                facts.things = shown;
                facts.inputs = u32::from(shown);
                facts.held.control =
                    ["submit", "button", "checkbox", "radio", "image"].iter().any(|t| self.has("type", t));
                facts.inputs -= u32::from(facts.held.control);
                facts.held.password_input = self.has("type", "password");
                facts.held.email_input = self.has("type", "email") || self.named_email();
            }
            Tag::A => {
                let href = self.get("href").map(<[u8]>::trim_ascii);
                facts.held.share_link = kind.share;
                facts.held.control = self.has("role", "button")
                    || href.is_none_or(|h| {
                        h.is_empty()
                            || h[0] == b'#'
                            || h.get(..11).is_some_and(|s| s.eq_ignore_ascii_case(b"javascript:"))
                    });
                facts.things = true;
                facts.section_link = href.is_some_and(|h| h.len() > 1 && h[0] == b'#');
                // The page itself is one.
                facts.topic_link = self.get("aria-current").is_some() || self.has("rel", "tag") || kind.topic;
                let plain = !facts.held.control && !facts.held.share_link;
                facts.links = u32::from(plain);
                facts.profile_links = u32::from(plain && kind.network);
            }
            _ => {}
        }
        facts.kept = facts.held;
        facts
    }

    /// A text field whose name or placeholder says e-mail: many sign-up forms have no `type=email`.
    fn named_email(&self) -> bool {
        let text = self.get("type").is_none_or(|t| t.eq_ignore_ascii_case(b"text"));
        text && ["name", "id", "placeholder", "aria-label"].iter().any(|n| {
            self.get(n).is_some_and(|v| {
                v.windows(5).any(|w| w.eq_ignore_ascii_case(b"email"))
                    || v.windows(6).any(|w| w.eq_ignore_ascii_case(b"e-mail"))
            })
        })
    }
}

impl Subject for Element<'_> {
    fn name(&self) -> Name {
        self.name
    }

    fn attribute(&self, name: &[u8]) -> Option<&[u8]> {
        self.get(name)
    }

    /// Nobody counts before the tree has taken the tag.
    fn place(&self, _: bool) -> Option<u32> {
        None
    }
}
