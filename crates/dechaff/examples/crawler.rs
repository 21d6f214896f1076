//! Crawls a site from one of its pages on, a level of links at a time, and cleans each page as it comes. For each it prints a
//! line; links in what was cut are not followed.
//!
//! ```sh
//! cargo run --release -p dechaff-examples --features net --example crawler -- http://127.0.0.1:8000/ 100
//! ```

use std::collections::BTreeSet;
use std::error::Error;

use dechaff::{Cleaner, Report};
use futures_util::{StreamExt, TryStreamExt, stream};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Url};
use scraper::{Html, Selector};

/// How many pages are got at a time.
const AT_A_TIME: usize = 8;

/// A page, cleaned.
struct Page {
    url: Url,
    html: String,
    report: Report,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let start: Url = arguments.next().ok_or("name a page to start at")?.parse()?;
    let most: usize = arguments.next().map_or(Ok(100), |most| most.parse())?;

    let (client, cleaner) = (Client::new(), Cleaner::new());
    let mut seen = BTreeSet::from([start.clone()]);
    let mut level = vec![start];
    while !level.is_empty() {
        let pages = stream::iter(level).map(|url| get(&client, &cleaner, url)).buffered(AT_A_TIME);
        let mut next = Vec::new();
        for page in pages.collect::<Vec<_>>().await {
            let page = match page {
                Ok(page) => page,
                Err(error) => {
                    println!("failed: {error}");
                    continue;
                }
            };
            let Report { cuts, bytes_in, bytes_out, .. } = &page.report;
            println!("{}: {} cuts, {bytes_out} of {bytes_in} bytes left", page.url.path(), cuts.len());
            next.extend(links(&page).into_iter().filter(|link| seen.len() < most && seen.insert(link.clone())));
        }
        level = next;
    }
    Ok(())
}

async fn get(client: &Client, cleaner: &Cleaner, url: Url) -> Result<Page, Box<dyn Error>> {
    let response = client.get(url.clone()).send().await?.error_for_status()?;
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.starts_with("text/html") {
        return Err(format!("{}: no page, but {content_type}", url.path()).into());
    }
    let page = cleaner.page().content_type(content_type).url(url.as_str()).stream(response.bytes_stream());
    let outcome = page.outcome();
    let bytes = page.try_collect::<Vec<_>>().await?.concat();
    Ok(Page { url, html: String::from_utf8_lossy(&bytes).into_owned(), report: outcome.await? })
}

/// The links of a page to others of its site, in order.
fn links(page: &Page) -> Vec<Url> {
    let selector = Selector::parse("a[href]").expect("this is a selector");
    let html = Html::parse_document(&page.html);
    let links = html.select(&selector).filter_map(|link| page.url.join(link.attr("href")?).ok());
    let links = links.map(|mut link| {
        link.set_fragment(None);
        link
    });
    links.filter(|link| link.origin() == page.url.origin()).collect()
}
