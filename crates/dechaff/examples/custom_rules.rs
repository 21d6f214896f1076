//! Cleans a page from standard input with rules of one's own: a file of rules, selectors, and a list for ad blockers.
//!
//! ```sh
//! cargo run --release -p dechaff --features rules --example custom_rules -- https://news.example/ < page.html
//! ```

use std::error::Error;
use std::io::{self, Read, Write};

use dechaff::{Category, Cleaner, FilterList, RuleFile};

/// In the format of the built-in rules. The text has to say that it is one: the class alone is not enough.
const HOUSE: &str = r#"
vendor   = "The house style"
category = "subscription"
strength = "likely"

[[rule]]
name      = "teaser"
class     = ["teaser"]
holds-any = ["text:subscribe", "text:newsletter"]
"#;

/// As they are downloaded. The first rule is for one site.
const LIST: &str = "
! Title: Ours
news.example##.promo
##.ad-slot
";

fn main() -> Result<(), Box<dyn Error>> {
    let cleaner = Cleaner::builder()
        .categories([Category::CookieNotice, Category::Subscription])
        .rules(RuleFile::parse("house", HOUSE)?)
        .filter_list(FilterList::parse("ours", LIST)?)
        .remove("aside[data-kind=related]".parse()?)
        .keep("#cookie-policy".parse()?)
        .build();

    let url = std::env::args().nth(1).ok_or("name the page's address")?;
    let mut page = Vec::new();
    io::stdin().read_to_end(&mut page)?;
    let (clean, report) = cleaner.page().url(&url).clean(&page)?;

    io::stdout().write_all(&clean)?;
    for cut in &report.cuts {
        eprintln!("{} by {}", cut.category, cut.rule);
    }
    Ok(())
}
