//! Cleans a page on its way from standard input to standard output, as it comes.
//!
//! ```sh
//! curl -s https://example.org/ | cargo run --release -p dechaff --example stdin > page.html
//! ```

use std::error::Error;
use std::io;

use dechaff::Cleaner;

fn main() -> Result<(), Box<dyn Error>> {
    let mut writer = Cleaner::new().writer(io::stdout().lock());
    io::copy(&mut io::stdin().lock(), &mut writer)?;
    // Without this the end of the page is missing.
    let (_, report) = writer.finish()?;
    eprintln!("{} of {} bytes cut", report.bytes_cut(), report.bytes_in);
    Ok(())
}
