//! What comes out of a page.

/// The form of the output.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    /// The page as it was, without the chaff.
    Html,
    /// Its text.
    Text {
        /// With the addresses of links.
        links: bool,
        /// With what the page hides.
        hidden: bool,
    },
    /// Its text with its structure in Markdown.
    Markdown {
        /// With what the page hides.
        hidden: bool,
    },
}

impl Form {
    /// What names of files in this form end in, if it is another one than that of the page.
    pub(crate) const fn ending(self) -> Option<&'static str> {
        match self {
            Self::Html => None,
            Self::Text { .. } => Some("txt"),
            Self::Markdown { .. } => Some("md"),
        }
    }

    /// The command that asks for it, if one does.
    pub(crate) const fn command(self) -> Option<&'static str> {
        match self {
            Self::Html => None,
            Self::Text { .. } => Some("text"),
            Self::Markdown { .. } => Some("markdown"),
        }
    }
}
