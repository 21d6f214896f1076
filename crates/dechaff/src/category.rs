//! What kinds of chaff there are.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};

/// A kind of boilerplate. Rules belong to one category each; a [`Cleaner`](crate::Cleaner) cuts a set of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Category {
    /// Consent banners, dialogs, their overlays and the buttons that open their settings. Cut by default.
    CookieNotice,
    /// Newsletter and e-mail sign-ups: forms and boxes. Cut by default.
    Subscription,
    /// Forms and prompts to comment, and the empty mounts of comment systems. Cut by default.
    CommentForm,
    /// Share buttons, bars and rows. Cut by default.
    ShareWidget,
    /// What readers wrote in comments. Opt-in.
    CommentThread,
    /// Rows of links to the site's own profiles ("Follow us on"). Opt-in.
    FollowLinks,
    /// "Source link" lines of republished pages. Opt-in.
    SourceCredit,
    /// What the user's own rules and selectors remove. No built-in rule is of this category, and it is not among
    /// [`Category::ALL`]: such rules are in force whenever they are given.
    Custom,
}

impl Category {
    /// All categories of the built-in rules, those cut by default first.
    pub const ALL: [Self; 7] = [
        Self::CookieNotice,
        Self::Subscription,
        Self::CommentForm,
        Self::ShareWidget,
        Self::CommentThread,
        Self::FollowLinks,
        Self::SourceCredit,
    ];

    /// The name that the command line, reports and rule folders use, e.g. `cookie-notice`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CookieNotice => "cookie-notice",
            Self::Subscription => "subscription",
            Self::CommentForm => "comment-form",
            Self::ShareWidget => "share-widget",
            Self::CommentThread => "comment-thread",
            Self::FollowLinks => "follow-links",
            Self::SourceCredit => "source-credit",
            Self::Custom => "custom",
        }
    }

    /// Whether a cleaner cuts it when nothing else is asked for.
    #[must_use]
    pub const fn is_default(self) -> bool {
        matches!(self, Self::CookieNotice | Self::Subscription | Self::CommentForm | Self::ShareWidget)
    }

    /// Its place in [`Category::ALL`], or the one after that.
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Category {
    type Err = Error;

    /// Takes the [name](Category::name) of one of [`Category::ALL`]; anything else is an [`ErrorKind::UnknownCategory`], `custom`
    /// as well: no built-in rule is of that one.
    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|c| c.name() == name)
            .ok_or_else(|| ErrorKind::UnknownCategory { name: name.to_owned() }.into())
    }
}
