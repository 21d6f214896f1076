//! The examples that ask for a network, against a server on this machine: each prints what it should.

#[path = "fixtures/example.rs"]
mod example;
#[path = "fixtures/site.rs"]
mod site;

use std::net::SocketAddr;
use std::sync::Arc;

use example::run;
use site::{Resource, serve};

const PAGE: &str = "<h1>Rye</h1><p>Rye is up.</p><div class=\"sharedaddy\">Share this</div>\
    <div id=\"onetrust-consent-sdk\">We value your privacy</div>\n";
const CLEAN: &str = "<h1>Rye</h1><p>Rye is up.</p>\n";

/// Runs `act` beside a server that has these resources.
fn with_site(site: Vec<Resource>, act: impl FnOnce(SocketAddr)) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let address = runtime.block_on(serve(Arc::new(site)));
    act(address);
}

#[test]
fn tokio_copy_is_a_pipe() {
    let (out, err) = run("tokio_copy", &[], PAGE.as_bytes());
    assert_eq!((&*out, &*err), (CLEAN, "98 of 128 bytes cut\n"));
}

#[test]
fn reqwest_stream_gets_a_clean_page() {
    let latin = encoding_rs::WINDOWS_1252.encode("<p>caf\u{E9}</p><p>Abonnez-vous \u{E0} notre newsletter</p>").0;
    let packed = Resource::new("/packed", "text/html", &b"PK\x03\x04"[..]);
    let site = vec![
        Resource { chunk: 7, ..Resource::new("/rye", "text/html", PAGE) },
        Resource::new("/latin", "text/html; charset=latin1", latin.into_owned()),
        packed,
    ];
    with_site(site, |address| {
        let get = |path: &str| run("reqwest_stream", &[&format!("http://{address}{path}")], b"");
        assert_eq!(get("/rye"), (CLEAN.to_owned(), "98 of 128 bytes cut, read as UTF-8\n".to_owned()));
        assert_eq!(
            get("/packed"),
            ("PK\x03\x04".to_owned(), "not cleaned: compressed (zip); unpack it first\n".to_owned())
        );
    });
}

#[test]
fn crawler_follows_links_that_are_not_cut() {
    let page = |path: &str, links: &[&str]| {
        let links: String = links.iter().map(|link| format!("<a href='{link}'>more</a>")).collect();
        let share = "<div class=sharedaddy><a href=/share>Share</a></div>";
        Resource::new(path, "text/html", format!("<h1>{path}</h1><p>Rye is up. {links}</p>{share}"))
    };
    let site = vec![
        page("/", &["a", "/b#top", "a?", "https://other.example/"]),
        page("/a", &["/", "c"]),
        page("/b", &["missing", "rye.gif"]),
        page("/c", &[]),
        page("/share", &[]),
        Resource::new("/rye.gif", "image/gif", "GIF89a"),
    ];
    with_site(site, |address| {
        let start = format!("http://{address}/");
        let (out, _) = run("crawler", &[&start], b"");
        let paths: Vec<_> = out.lines().map(|line| line.split(" cuts").next().unwrap()).collect();
        let missing = format!("failed: HTTP status client error (404 Not Found) for url ({start}missing)");
        assert_eq!(
            paths,
            ["/: 1", "/a: 1", "/b: 1", "/a: 1", "/c: 1", &missing, "failed: /rye.gif: no page, but image/gif"],
            "{out}"
        );
        let (out, _) = run("crawler", &[&start, "2"], b"");
        assert_eq!(out.lines().count(), 2, "{out}");
    });
}
