//! Short programs to copy. There is nothing in this module but text.
//!
//! Many of them stand as whole programs in the folder `examples` of this crate's sources, under the name that is given with each. What
//! they rest on is told in the [`guide`](crate::guide).
//!
//! | to | see |
//! |---|---|
//! | clean what is in memory | [a string](#a-string), [a file](#a-file), [chunks from the network](#chunks-from-the-network) |
//! | clean what passes by | [standard input to standard output](#standard-input-to-standard-output), [a stream of an HTTP client](#a-stream-of-an-http-client), [a copy with tokio](#a-copy-with-tokio), [responses of a service](#responses-of-a-service) |
//! | clean many pages | [several threads](#several-threads), [a crawler](#a-crawler), [before a parser](#before-a-parser), [web archives](#web-archives) |
//! | say what goes | [rules of your own](#rules-of-your-own), [something that stays](#something-that-stays) |
//! | know what went | [statistics](#statistics), [pages that were given up](#pages-that-were-given-up), [other encodings](#other-encodings) |
//!
//! Those that need a feature of this crate say so. What else they use, with the versions that they are tested with:
//!
//! ```toml
//! [dependencies]
//! dechaff = { version = "0.1", features = ["futures", "rules", "tokio", "tower"] }
//! bytes = "1"
//! futures-util = "0.3"
//! http = "1"
//! http-body-util = "0.1"
//! scraper = "0.29"
//! tokio = { version = "1", features = ["io-util", "rt"] }
//! tower = { version = "0.5", features = ["util"] }
//! tower-http = { version = "0.7", features = ["decompression-gzip"] }
//! ```
//!
//! # A string
//!
//! [`clean_str`](crate::clean_str) compiles the rules each time. For more than one page, keep a [`Cleaner`](crate::Cleaner). Text is
//! UTF-8: what a page says of its encoding, or a label says that was given, does not count.
//!
//! ```
//! let (clean, report) = dechaff::clean_str("<p>Größe</p><div class=sharedaddy>Share this</div>")?;
//! assert_eq!(clean, "<p>Größe</p>");
//! assert_eq!(report.cuts.len(), 1);
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! # A file
//!
//! Read it as bytes: it need not be UTF-8. As a program: `file.rs`, and `categories.rs` with other categories.
//!
//! ```no_run
//! use std::fs;
//!
//! let (clean, report) = dechaff::clean(&fs::read("page.html")?)?;
//! fs::write("clean.html", clean)?;
//! for cut in &report.cuts {
//!     println!("{:?} {} by {}", cut.range, cut.category, cut.rule);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Standard input to standard output
//!
//! What is decided comes out at once. As a program: `stdin.rs`.
//!
//! ```no_run
//! use std::io;
//!
//! let mut writer = dechaff::Cleaner::new().writer(io::stdout().lock());
//! io::copy(&mut io::stdin().lock(), &mut writer)?;
//! // Without this the end of the page is missing.
//! let (_, report) = writer.finish()?;
//! eprintln!("{} of {} bytes cut", report.bytes_cut(), report.bytes_in);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Chunks from the network
//!
//! What has come out so far can be taken out of the writer's [inner one](crate::CleanWriter::get_mut) after each chunk.
//!
//! ```
//! use std::io::Write;
//!
//! let chunks = ["<p>Rye is up.</p><div class=sharedaddy>Sh", "are this</div>", "<p>So is spelt.</p>"];
//! let mut sent = Vec::new();
//!
//! let mut writer = dechaff::Cleaner::new().writer(Vec::new());
//! for chunk in chunks {
//!     writer.write_all(chunk.as_bytes())?;
//!     sent.push(std::mem::take(writer.get_mut()));
//! }
//! let (rest, _) = writer.finish()?;
//! sent.push(rest);
//!
//! assert_eq!(sent[0], b"<p>Rye is up.</p>");
//! assert_eq!(sent.concat(), b"<p>Rye is up.</p><p>So is spelt.</p>");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A stream of an HTTP client
//!
//! With the feature `futures`. `reqwest`'s `bytes_stream()` goes in the place of `body` here, and errors keep its type. As a program:
//! `reqwest_stream.rs`.
//!
//! ```
//! # #[cfg(feature = "futures")] {
//! use dechaff::Cleaner;
//! use futures_util::{StreamExt, TryStreamExt, stream};
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let body = stream::iter(["<p>Rye is up.</p><div class=sh", "aredaddy>Share</div>"]).map(Ok::<_, std::io::Error>);
//!
//! let cleaner = Cleaner::new();
//! let page = cleaner.page().content_type("text/html; charset=utf-8").url("https://news.example/rye");
//! let mut clean = page.stream(body);
//! let mut out = Vec::new();
//! while let Some(piece) = clean.try_next().await? {
//!     out.extend_from_slice(&piece);
//! }
//! let report = clean.outcome().await?;
//! assert_eq!((&*out, report.cuts.len()), (&b"<p>Rye is up.</p>"[..], 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The outcome's error is this crate's, the stream's is the client's. A type of your own takes both:
//!
//! ```
//! # #[cfg(feature = "futures")] {
//! use dechaff::{Cleaner, ErrorKind};
//! use futures_util::{TryStreamExt, stream};
//!
//! #[derive(Debug)]
//! enum Failure {
//!     Fetch(std::io::Error),
//!     Packed(&'static str),
//!     Page(dechaff::Error),
//! }
//!
//! impl From<std::io::Error> for Failure {
//!     fn from(error: std::io::Error) -> Self {
//!         Self::Fetch(error)
//!     }
//! }
//!
//! impl From<dechaff::Error> for Failure {
//!     fn from(error: dechaff::Error) -> Self {
//!         match *error.kind() {
//!             ErrorKind::Compressed { format } => Self::Packed(format),
//!             _ => Self::Page(error),
//!         }
//!     }
//! }
//!
//! async fn clean(cleaner: &Cleaner, chunks: Vec<&'static [u8]>) -> Result<Vec<u8>, Failure> {
//!     let body = stream::iter(chunks.into_iter().map(Ok::<_, std::io::Error>));
//!     let mut clean = cleaner.stream(body);
//!     let mut out = Vec::new();
//!     while let Some(piece) = clean.try_next().await? {
//!         out.extend_from_slice(&piece);
//!     }
//!     // What can't be read came through as it is; only here it is an error.
//!     clean.outcome().await?;
//!     Ok(out)
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let cleaner = Cleaner::new();
//! assert_eq!(clean(&cleaner, vec![b"<p>Rye is up.</p>"]).await.unwrap(), b"<p>Rye is up.</p>");
//! let packed = clean(&cleaner, vec![b"\x1F\x8B\x08\0", b" packed"]).await;
//! assert!(matches!(packed, Err(Failure::Packed("gzip"))), "{packed:?}");
//! # });
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A copy with tokio
//!
//! With the feature `tokio`. As a program: `tokio_copy.rs`.
//!
//! ```
//! # #[cfg(feature = "tokio")] {
//! use tokio::io;
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let (source, mut target) = (&b"<p>Rye is up.</p><div class=sharedaddy>Share</div>"[..], Vec::new());
//!
//! let mut page = dechaff::Cleaner::new().async_reader(source);
//! io::copy_buf(&mut page, &mut target).await?;
//! // An error, if the page was not read to its end.
//! let (_, report) = page.finish()?;
//! assert_eq!((&*target, report.cuts.len()), (&b"<p>Rye is up.</p>"[..], 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Responses of a service
//!
//! With the feature `tower`. In axum, `Router::layer` takes the `CleanLayer`. What is no page passes as it is. Pages go out in pieces,
//! as they are decided: have the server set `TCP_NODELAY` on its connections, or each piece may wait 40 ms until the one before is
//! acknowledged. As a program that does so, and forwards requests: `proxy.rs`.
//!
//! ```
//! # #[cfg(feature = "tower")] {
//! use bytes::Bytes;
//! use dechaff::{CleanLayer, Cleaner};
//! use http::{Request, Response};
//! use http_body_util::{BodyExt, Full};
//! use tower::{ServiceBuilder, ServiceExt};
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let service = ServiceBuilder::new().layer(CleanLayer::new(Cleaner::new())).service_fn(|_| async {
//!     let page = Full::<Bytes>::from("<p>Rye is up.</p><div class=sharedaddy>Share</div>");
//!     Response::builder().header("content-type", "text/html").header("content-length", "50").body(page)
//! });
//! let response = service.oneshot(Request::new(())).await?;
//! assert!(!response.headers().contains_key("content-length"));
//! assert_eq!(response.into_body().collect().await?.to_bytes(), "<p>Rye is up.</p>");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages that come packed are not cleaned: unpack them inside of the layer, with `tower-http`, say. In a `ServiceBuilder` the
//! outermost layer is the first one; in axum, where each is put around those before it, it is the last one, and the two lines change
//! places.
//!
//! ```
//! # #[cfg(feature = "tower")] {
//! use bytes::Bytes;
//! use dechaff::{CleanLayer, Cleaner};
//! use http::{Request, Response};
//! use http_body_util::{BodyExt, Full};
//! use tower::{ServiceBuilder, ServiceExt};
//! use tower_http::decompression::DecompressionLayer;
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! # let page = |_| async {
//! #     let page = Full::<Bytes>::from("<p>Rye is up.</p><div class=sharedaddy>Share</div>");
//! #     Response::builder().header("content-type", "text/html").body(page)
//! # };
//! # let packs = tower_http::compression::predicate::SizeAbove::new(0);
//! # let client = tower_http::compression::Compression::new(tower::service_fn(page)).compress_when(packs);
//! # let head = client.clone().oneshot(Request::builder().header("accept-encoding", "gzip").body(Full::<Bytes>::default())?).await?;
//! # assert_eq!(head.headers()["content-encoding"], "gzip");
//! // `client` responds in gzip to who accepts that, as the layer around it does.
//! let service = ServiceBuilder::new()
//!     .layer(CleanLayer::new(Cleaner::new()))
//!     .layer(DecompressionLayer::new())
//!     .service(client);
//! let response = service.oneshot(Request::new(Full::<Bytes>::default())).await?;
//! assert_eq!(response.into_body().collect().await?.to_bytes(), "<p>Rye is up.</p>");
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! # }).map_err(|error| error.to_string())?;
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Several threads
//!
//! A [`Cleaner`](crate::Cleaner) is shared by reference, or cloned at the price of a counter: the rules are there once.
//!
//! ```
//! use std::thread;
//!
//! let cleaner = dechaff::Cleaner::new();
//! let pages = ["<p>Rye</p><div class=sharedaddy>Share</div>", "<p>Spelt</p><div class=sharedaddy>Share</div>"];
//! let clean: Vec<String> = thread::scope(|scope| {
//!     let threads = pages.map(|page| scope.spawn(|| cleaner.clean_str(page).map(|(clean, _)| clean)));
//!     threads.into_iter().map(|thread| thread.join().expect("it does not panic")).collect::<Result<_, _>>()
//! })?;
//! assert_eq!(clean, ["<p>Rye</p>", "<p>Spelt</p>"]);
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! # A crawler
//!
//! Clean a page before links are looked for in it, and those of share bars are not followed. As a program: `crawler.rs`.
//!
//! ```
//! let (clean, _) = dechaff::clean_str(
//!     "<p><a href=/spelt>So is spelt</a></p>
//!      <div class=sharedaddy><a href='https://twitter.com/intent/tweet?url=rye'>Tweet</a></div>",
//! )?;
//! assert_eq!(clean.matches("href=").count(), 1);
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! # Before a parser
//!
//! What is cut need not be parsed, and is not found by selectors. As a program, with `scraper`, that says how long it takes either
//! way: `before_scraper.rs`.
//!
//! ```
//! use scraper::{Html, Selector};
//!
//! let page = "<p>Rye is up.</p><p>Get our newsletter. Subscribe now!</p>";
//! let (clean, _) = dechaff::clean_str(page)?;
//! let paragraphs = Selector::parse("p").unwrap();
//! assert_eq!(Html::parse_document(page).select(&paragraphs).count(), 2);
//! assert_eq!(Html::parse_document(&clean).select(&paragraphs).count(), 1);
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! # Web archives
//!
//! The block of a WARC record of a response has the head of the message before the page. The `Content-Type` in it says the encoding, and
//! the record the address. As a program that reads plain archives: `warc_text.rs`. The command-line tool reads and writes all kinds.
//!
//! ```
//! let block = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Rye is up.</p><div class=sharedaddy>Share</div>";
//! let (head, page) = block.split_once("\r\n\r\n").expect("an empty line ends the head");
//! let content_type = head.lines().find_map(|line| line.strip_prefix("Content-Type:")).unwrap_or_default().trim();
//!
//! let cleaner = dechaff::Cleaner::new();
//! let (clean, _) = cleaner.page().content_type(content_type).url("https://news.example/rye").clean(page.as_bytes())?;
//! assert_eq!(clean, b"<p>Rye is up.</p>");
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! # Rules of your own
//!
//! With the feature `rules`. `Selector`s, `RuleFile`s and `FilterList`s can be used together. As a program: `custom_rules.rs`.
//!
//! ```
//! # #[cfg(feature = "rules")] {
//! use dechaff::{Cleaner, FilterList, RuleFile};
//!
//! let house = RuleFile::parse(
//!     "house",
//!     r#"
//!     vendor   = "Our own widgets"
//!     strength = "likely"
//!     [[rule]]
//!     name      = "teaser"
//!     class     = ["teaser"]
//!     holds-any = ["text:subscribe"]
//!     "#,
//! )?;
//! let cleaner = Cleaner::builder()
//!     .remove("aside[data-kind=related]".parse()?)
//!     .rules(house)
//!     .filter_list(FilterList::parse("ours", "news.example##.promo")?)
//!     .build();
//!
//! let page = "<aside data-kind=related>More</aside><p class=promo>Mugs</p><p class=teaser>Subscribe to Rye Today</p><p>Rye is up.</p>";
//! let (clean, report) = cleaner.page().url("https://news.example/rye").clean_str(page)?;
//! assert_eq!(clean, "<p>Rye is up.</p>");
//! let rules: Vec<_> = report.cuts.iter().map(|cut| cut.rule.to_string()).collect();
//! assert_eq!(rules, ["remove/aside[data-kind=related]", "ours/##.promo", "house/teaser"]);
//! # }
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! # Something that stays
//!
//! With the feature `rules`. What a `Selector` keeps stays with all that is in it and around it.
//!
//! ```
//! # #[cfg(feature = "rules")] {
//! let page = "<div class=sharedaddy>Share <a id=permalink href=/rye>this address</a></div>";
//! assert_eq!(dechaff::clean_str(page)?.0, "");
//! let careful = dechaff::Cleaner::builder().keep("#permalink".parse()?).build();
//! assert_eq!(careful.clean_str(page)?.0, page);
//! # }
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! # Statistics
//!
//! An observer hears of all pages of a cleaner, from whatever threads they are cleaned in. As a program: `statistics.rs`.
//!
//! ```
//! use std::collections::BTreeMap;
//! use std::sync::{Arc, Mutex};
//!
//! use dechaff::{Cleaner, Decision};
//!
//! let bytes = Arc::<Mutex<BTreeMap<_, u64>>>::default();
//! let counted = Arc::clone(&bytes);
//! let cleaner = Cleaner::builder()
//!     .observer(move |decision| {
//!         if let Decision::Cut(cut) = decision {
//!             *counted.lock().unwrap().entry(cut.category).or_default() += cut.range.end - cut.range.start;
//!         }
//!     })
//!     .build();
//!
//! for page in ["<div class=sharedaddy>Share</div>", "<p>Rye</p>", "<div class=sharedaddy>Share this</div>"] {
//!     cleaner.clean_str(page)?;
//! }
//! assert_eq!(bytes.lock().unwrap()[&dechaff::Category::ShareWidget], 71);
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! # Pages that were given up
//!
//! What can't be read as a page is an error with [`is_page`](crate::Error::is_page); the other pages are not concerned. A page that was
//! read and in which cutting stopped midway has a [`stop`](crate::Report::stop) in its report.
//!
//! ```
//! use dechaff::{Cleaner, DeclineReason};
//!
//! let cleaner = Cleaner::builder().max_depth(100).build();
//! let deep = "<div>".repeat(200);
//! for (page, want) in [(&b"<p>Rye"[..], "clean"), (b"\x1F\x8B\x08\0 packed", "as it was"), (deep.as_bytes(), "clean in part")] {
//!     let got = match cleaner.clean(page) {
//!         Ok((_, report)) => match &report.stop {
//!             None => "clean",
//!             Some(stop) => {
//!                 assert_eq!(stop.reason, DeclineReason::TooDeep);
//!                 "clean in part"
//!             }
//!         },
//!         // Here: compressed. Unpack it first, or pass it on.
//!         Err(error) if error.is_page() => "as it was",
//!         Err(error) => return Err(error),
//!     };
//!     assert_eq!(got, want);
//! }
//! # Ok::<(), dechaff::Error>(())
//! ```
//!
//! # Other encodings
//!
//! Clean the bytes, not what they were decoded to: what comes out is in the page's own encoding. What the server said can be
//! passed on, and what you know is stronger than what a page says.
//!
//! ```
//! use dechaff::Cleaner;
//!
//! let cleaner = Cleaner::new();
//! let page = b"<p>caf\xE9</p><p>Abonnez-vous \xE0 notre newsletter</p>";
//! let (clean, report) = cleaner.page().content_type("text/html; charset=iso-8859-1").clean(page)?;
//! assert_eq!(clean, b"<p>caf\xE9</p>");
//! assert_eq!(report.encoding.name, "windows-1252");
//!
//! assert_eq!(cleaner.page().encoding("latin1")?.clean(page)?.0, clean);
//! assert!(cleaner.page().encoding("latin-nine").unwrap_err().is_setting());
//! # Ok::<(), dechaff::Error>(())
//! ```
