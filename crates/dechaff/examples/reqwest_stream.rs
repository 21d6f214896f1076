//! Gets a page with `reqwest` and cleans it as it comes from the network.
//!
//! ```sh
//! cargo run --release -p dechaff-examples --features net --example reqwest_stream -- http://127.0.0.1:8000/ > page.html
//! ```

use std::error::Error;
use std::io::{self, Write};

use dechaff::Cleaner;
use futures_util::TryStreamExt;
use reqwest::header::CONTENT_TYPE;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let cleaner = Cleaner::new();
    let url = std::env::args().nth(1).ok_or("name an address")?;
    let response = reqwest::get(&url).await?.error_for_status()?;

    // The charset that the server names.
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let page = cleaner.page().content_type(content_type).url(&url);
    let mut pieces = page.stream(response.bytes_stream());
    // Its errors are those of reqwest.
    while let Some(piece) = pieces.try_next().await? {
        io::stdout().write_all(&piece)?;
    }
    match pieces.outcome().await {
        Ok(report) => {
            eprintln!("{} of {} bytes cut, read as {}", report.bytes_cut(), report.bytes_in, report.encoding.name);
        }
        // It has come through as it is.
        Err(error) => eprintln!("not cleaned: {error}"),
    }
    Ok(())
}
