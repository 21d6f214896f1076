//! Cuts cookie notices and comments, and nothing else, out of each file that is named.
//!
//! ```sh
//! cargo run --release -p dechaff --example categories -- a.html b.html
//! ```

use std::error::Error;
use std::io::{self, Write};
use std::{env, fs};

use dechaff::{Category, Cleaner};

/// The form goes along with what readers wrote.
const CATEGORIES: [Category; 3] = [Category::CookieNotice, Category::CommentForm, Category::CommentThread];

fn main() -> Result<(), Box<dyn Error>> {
    // The rules are compiled once; the cleaner does for any number of pages.
    let cleaner = Cleaner::builder().categories(CATEGORIES).build();
    for path in env::args_os().skip(1) {
        let (clean, report) = cleaner.clean(&fs::read(&path)?)?;
        io::stdout().write_all(&clean)?;
        for category in CATEGORIES {
            eprintln!("{}: {} {category}", path.display(), report.count(category));
        }
    }
    Ok(())
}
