//! Whether an element meets a selector.

use std::borrow::Cow;

use super::{Combinator, Complex, Compound, Operator, Simple, ValueTest};
use crate::tree::tag::Name;

/// An element, as far as selectors look at it.
pub(crate) trait Subject {
    fn name(&self) -> Name;

    /// The value of the attribute `name`, as it is written; names are lower case.
    fn attribute(&self, name: &[u8]) -> Option<&[u8]>;

    /// Its place among the elements in its parent, or among those of its name; the first has 1. None if nobody counted.
    fn place(&self, of_type: bool) -> Option<u32>;
}

impl Complex {
    /// Whether `subject` meets it, with `around` it these elements, from the inside out.
    ///
    /// Of each compound all places are found at which it may stand, given those of the one before: as many tests as there are
    /// compounds and elements, however they are nested. To try one place after the other would take exponentially many.
    pub(crate) fn matches<S: Subject, A: Subject>(&self, subject: &S, around: &[A]) -> bool {
        if !self.subject.matches(subject) {
            return false;
        }
        // How far out the elements are that the compound before may be; the subject itself is 0.
        let mut places = vec![0];
        for (combinator, compound) in &self.around {
            let meets = |place: &usize| around.get(place - 1).is_some_and(|element| compound.matches(element));
            places = match combinator {
                Combinator::Child => places.iter().map(|place| place + 1).filter(meets).collect(),
                Combinator::Descendant => {
                    let first = places.first().map_or(usize::MAX, |place| place + 1);
                    (first..=around.len()).filter(meets).collect()
                }
            };
            if places.is_empty() {
                return false;
            }
        }
        true
    }
}

impl Compound {
    pub(crate) fn matches(&self, subject: &impl Subject) -> bool {
        self.tests.iter().all(|test| test.matches(subject))
    }
}

impl Simple {
    fn matches(&self, subject: &impl Subject) -> bool {
        match self {
            Self::Tag(name) => subject.name() == *name,
            Self::Id(id) => subject.attribute(b"id").is_some_and(|value| *decode(value) == **id),
            Self::Class(class) => {
                subject.attribute(b"class").is_some_and(|value| words(&decode(value)).any(|w| w == &**class))
            }
            Self::Attribute(name, test) => subject.attribute(name).is_some_and(|value| test.allows(&decode(value))),
            Self::Not(list) => !list.iter().any(|compound| compound.matches(subject)),
            Self::Nth { step, offset, of_type } => subject
                .place(*of_type)
                .is_some_and(|place| is_nth(i64::from(*step), i64::from(place) - i64::from(*offset))),
        }
    }
}

/// Whether there is an n >= 0 so that `step * n == distance`.
fn is_nth(step: i64, distance: i64) -> bool {
    if step == 0 { distance == 0 } else { distance % step == 0 && distance / step >= 0 }
}

impl ValueTest {
    fn allows(&self, value: &[u8]) -> bool {
        let wanted = &*self.value;
        let same = |part: &[u8]| if self.ignore_case { part.eq_ignore_ascii_case(wanted) } else { part == wanted };
        // What is empty is in no value (Selectors Level 4, 6.2).
        let begins = |value: &[u8]| !wanted.is_empty() && value.get(..wanted.len()).is_some_and(same);
        match self.operator {
            Operator::Present => true,
            Operator::Equals => same(value),
            Operator::Includes => words(value).any(same),
            Operator::Dash => {
                same(value) || (value.get(wanted.len()) == Some(&b'-') && value.get(..wanted.len()).is_some_and(same))
            }
            Operator::Prefix => begins(value),
            Operator::Suffix => {
                let start = value.len().checked_sub(wanted.len());
                !wanted.is_empty() && start.is_some_and(|start| same(&value[start..]))
            }
            Operator::Substring => (0..value.len()).any(|start| begins(&value[start..])),
        }
    }
}

fn words(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty())
}

/// The value without character references.
pub(crate) fn decode(value: &[u8]) -> Cow<'_, [u8]> {
    if !value.contains(&b'&') {
        return Cow::Borrowed(value);
    }
    match std::str::from_utf8(value).map(html_escape::decode_html_entities) {
        Ok(Cow::Owned(text)) => Cow::Owned(text.into_bytes()),
        _ => Cow::Borrowed(value),
    }
}
