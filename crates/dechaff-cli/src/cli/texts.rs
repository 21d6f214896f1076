//! The arguments of what makes text of pages.

use clap::Args;

use super::cleaning::Cleaning;

/// What the help of `dechaff text` ends with.
pub(super) const TEXT_EXAMPLES: &str = "\
Examples:
  The text of a page from the web:
      curl -s https://example.org/ | dechaff text

  The text of all pages of a folder, each in a file of its own:
      dechaff text -r site --output-dir texts

  With the addresses of links:
      dechaff text --links page.html

  Of a web archive, and of pages in JSON Lines:
      dechaff text crawl.warc.gz -o crawl.warc.wet.gz
      dechaff text --jsonl html pages.jsonl > texts.jsonl";

/// What the help of `dechaff markdown` ends with.
pub(super) const MARKDOWN_EXAMPLES: &str = "\
Examples:
  A page from the web:
      curl -s https://example.org/ | dechaff markdown

  All pages of a folder, each in a file of its own:
      dechaff markdown -r site --output-dir notes";

/// `dechaff text`.
#[derive(Debug, Args)]
pub(crate) struct Text {
    /// Write the address of each link after it
    ///
    /// In angle brackets, as the page has it. Links within the page have none.
    #[arg(long, help_heading = "Text")]
    pub(crate) links: bool,

    #[command(flatten)]
    pub(crate) hidden: Hidden,

    #[command(flatten)]
    pub(crate) cleaning: Cleaning,
}

/// `dechaff markdown`.
#[derive(Debug, Args)]
pub(crate) struct Markdown {
    #[command(flatten)]
    pub(crate) hidden: Hidden,

    #[command(flatten)]
    pub(crate) cleaning: Cleaning,
}

/// What of the page is text.
#[derive(Debug, Args)]
pub(crate) struct Hidden {
    /// Take what the page hides as well: tabs and folds that a click opens
    #[arg(long, help_heading = "Text")]
    pub(crate) hidden: bool,
}
