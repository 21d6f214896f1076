//! Copies a page from standard input to standard output without blocking, and cleans it on the way.
//!
//! ```sh
//! curl -s https://example.org/ | cargo run --release -p dechaff-examples --features net --example tokio_copy > page.html
//! ```

use std::error::Error;

use dechaff::Cleaner;
use tokio::io::{self, AsyncWriteExt};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut page = Cleaner::new().async_reader(io::stdin());
    let mut output = io::stdout();
    io::copy_buf(&mut page, &mut output).await?;
    output.flush().await?;
    // An error, if the page was not read to its end.
    let (_, report) = page.finish()?;
    eprintln!("{} of {} bytes cut", report.bytes_cut(), report.bytes_in);
    Ok(())
}
