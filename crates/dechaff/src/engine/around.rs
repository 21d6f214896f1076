//! What the start tag alone can't tell: whether selectors are met that ask for what is around the element, and whether the
//! user wants to keep what it is in.

use std::sync::Arc;

use super::{Engine, MOST_PICKED};
use crate::element::Element;
use crate::report::DeclineReason;
use crate::rules::index::Picks;
use crate::tokens;
use crate::tree::StartTag;
use crate::tree::tag::Tag;
use crate::verdict::{Facts, is_root};

impl Engine {
    /// Why an element stays that rules picked, whatever it holds.
    pub(super) fn fault(&self, picks: &Picks, tag: Tag, limited: bool, role_main: bool) -> Option<DeclineReason> {
        let index = &self.setup.index;
        // Who names an element by a selector means it; but these are there whatever the page says.
        let by_user = index.has_selector(picks);
        let root = if by_user { matches!(tag, Tag::Html | Tag::Head | Tag::Body) } else { is_root(tag, role_main) };
        if picks.is_empty() {
            None
        } else if limited {
            Some(DeclineReason::AttributeLimit)
        } else if root {
            Some(DeclineReason::Root)
        } else if self.tree.in_quotation() && !index.has_certain(picks) {
            Some(DeclineReason::Quotation)
        } else if self.picked >= MOST_PICKED {
            Some(DeclineReason::TooDeep)
        } else {
            None
        }
    }

    /// The tree has taken the start tag `tag`, and the candidate that may have begun with it is the last one.
    pub(super) fn ask_around(&mut self, event: &tokens::StartTag, tag: &mut StartTag, facts: &mut Facts) {
        let setup = Arc::clone(&self.setup);
        let (view, longest) = (self.hold.view(), setup.limits.attribute_bytes);
        let element = Element::new(view, event, self.scanner.attributes(), longest);
        let (limited, role_main) = (element.limited, element.role_main());
        let mut met = Vec::new();
        if let Some(paths) = self.paths.as_mut().filter(|_| self.lookup.follows) {
            let tree = self.tree.with_scripts();
            paths.note(tree, &element);
            for &at in &self.lookup.unsure {
                let rule = setup.index.rule(at);
                let meets = rule.further.as_ref().is_some_and(|f| paths.matches(tree, element.name, &f.selector));
                if meets && rule.keep {
                    facts.protected = true;
                } else if meets {
                    met.push(at);
                }
            }
        }
        let tree = self.tree.with_scripts();
        let Some((id, depth)) = tree.inserted() else { return };
        let protected = &mut self.protected;
        let inside =
            !protected.is_empty() && tree.open_elements().take(depth).any(|(open, _)| protected.contains(&open));
        if facts.protected && !inside {
            protected.retain(|protected| tree.open_elements().any(|(open, _)| open == *protected));
            protected.push(id);
        }
        if tag.watch.is_none() {
            return;
        }
        let Some(candidate) = self.candidates.last_mut() else { return };
        candidate.facts.protected = facts.protected;
        let picked_before = !candidate.picks.is_empty();
        met.iter().for_each(|&at| candidate.picks.add(at));
        let picks = candidate.picks;
        let reason = match inside {
            true => Some(DeclineReason::Protected),
            false if picked_before => None,
            false => self.fault(&picks, tag.name.tag, limited, role_main),
        };
        let Some(candidate) = self.candidates.last_mut() else { return };
        if reason.is_some() {
            candidate.picks = Picks::default();
        }
        let picked = !candidate.picks.is_empty();
        let judged = candidate.judged && !inside;
        let (name, watch) = (candidate.tag.clone(), candidate.watch);
        self.picked = self.picked + u32::from(picked) - u32::from(picked_before);
        if !picked && !judged {
            let candidate = self.candidates.pop();
            self.judged -= u32::from(candidate.is_some_and(|c| c.judged));
            self.tree.forget(watch);
            tag.watch = None;
        }
        // What a rule picks has another bound than what only its text speaks for.
        self.note_bounds();
        if let Some(reason) = reason {
            self.decline(&picks, name, tag.start..tag.end, reason);
        }
    }
}
