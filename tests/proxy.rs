//! The proxy under load: no request fails, no byte differs from what one call gives, and the proxy does not grow.

#[path = "fixtures/example.rs"]
mod example;
#[path = "fixtures/site.rs"]
mod site;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::response::Html;
use axum::routing::get;
use dechaff::{CleanLayer, Cleaner};
use example::example;
use reqwest::Client;
use site::{mixed, serve};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

/// Requests at a time.
const CLIENTS: usize = 16;

/// A proxy that runs until it is dropped.
struct Proxy {
    child: Child,
    address: String,
}

impl Proxy {
    fn to(origin: &str) -> Self {
        let mut child = example("proxy").arg(origin).stdout(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { child, address: format!("http://{}", address.trim()) }
    }

    /// How much memory it has, in KiB, where the system tells.
    fn memory(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().trim_end_matches(" kB").parse().ok()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).unwrap();
    }
}

/// Asks for `count` resources in turns, several at a time, and compares each.
async fn load(proxy: &Proxy, client: &Client, wanted: &Arc<Vec<(String, Bytes)>>, count: usize) {
    let turn = Arc::new(AtomicUsize::new(0));
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let (turn, wanted, client, address) = (turn.clone(), wanted.clone(), client.clone(), proxy.address.clone());
        clients.spawn(async move {
            loop {
                let number = turn.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return;
                }
                let (path, want) = &wanted[number % wanted.len()];
                let response = client.get(format!("{address}{path}")).send().await.unwrap();
                assert_eq!(response.status(), 200, "{path}");
                let got = response.bytes().await.unwrap();
                assert!(got == want, "{path}: {} bytes, not {}", got.len(), want.len());
            }
        });
    }
    while let Some(done) = clients.join_next().await {
        done.unwrap();
    }
}

#[test]
fn ten_thousand_requests_go_through_the_proxy_without_a_difference_or_a_leak() {
    let runtime = Runtime::new().unwrap();
    let site = Arc::new(mixed());
    let cleaner = Cleaner::new();
    let wanted = Arc::new(site.iter().map(|r| (r.path.clone(), r.cleaned(&cleaner))).collect::<Vec<_>>());
    let changed = site.iter().zip(&*wanted).filter(|(resource, (_, want))| resource.body != want).count();
    assert!(changed > 40, "only {changed} pages have something to cut");

    runtime.block_on(async {
        let proxy = Proxy::to(&format!("http://{}", serve(Arc::clone(&site)).await));
        let client = Client::new();
        let start = Instant::now();
        load(&proxy, &client, &wanted, 2_000).await;
        let early = proxy.memory();
        load(&proxy, &client, &wanted, 8_000).await;
        let late = proxy.memory();
        let seconds = start.elapsed().as_secs_f64();
        println!("{:.0} requests a second; {early:?} KiB after 2,000 requests, {late:?} after 10,000", 1e4 / seconds);
        if let (Some(early), Some(late)) = (early, late) {
            // What an allocator keeps goes up and down by some megabytes; a page that is kept of each request would be a hundred.
            assert!(late < early + early / 4 + 8 * 1024, "{early} KiB have become {late}");
        }
    });
}

/// The same under wrk, which keeps its connections busy however slow the answers are. It compares nothing.
#[test]
fn wrk_meets_no_error() {
    if Command::new("wrk").arg("-v").output().is_err() {
        eprintln!("skipped: there is no wrk here");
        return;
    }
    let runtime = Runtime::new().unwrap();
    let site = Arc::new(mixed());
    runtime.block_on(async {
        let proxy = Proxy::to(&format!("http://{}", serve(Arc::clone(&site)).await));
        let mut wrk = Command::new("wrk");
        wrk.args(["-t1", "-c64", "-d5s", "--timeout", "30s", "-s"]);
        wrk.arg(example::root().join("tests/fixtures/turns.lua")).arg(&proxy.address).arg("--");
        wrk.args(site.iter().map(|resource| &resource.path));
        let done = tokio::task::spawn_blocking(move || wrk.output().unwrap()).await.unwrap();
        let told = String::from_utf8_lossy(&done.stdout);
        println!("{told}");
        assert!(done.status.success() && told.contains("Requests/sec"), "{told}");
        // Lines that are there only if such a thing happened.
        assert!(!told.contains("Socket errors") && !told.contains("Non-2xx"), "{told}");
    });
}

/// What a client does not read to its end is not read from the origin either, and the next ones are served.
#[test]
fn a_client_that_stops_reading_harms_nobody() {
    let runtime = Runtime::new().unwrap();
    let site = Arc::new(mixed());
    let cleaner = Cleaner::new();
    runtime.block_on(async {
        let proxy = Proxy::to(&format!("http://{}", serve(Arc::clone(&site)).await));
        let large = format!("{}/large", proxy.address);
        for _ in 0..50 {
            let mut response = Client::new().get(&large).send().await.unwrap();
            assert!(!response.chunk().await.unwrap().unwrap().is_empty());
        }
        let want = site.iter().find(|resource| resource.path == "/large").unwrap().cleaned(&cleaner);
        let got = Client::new().get(&large).send().await.unwrap().bytes().await.unwrap();
        assert!(got == want);
    });
}

/// Servers give a `HEAD` the length that a body says it has, and that is not the one of the clean page (RFC 9110, 8.6).
#[test]
fn a_head_has_no_length_that_the_page_has_not() {
    const PAGE: &str = "<p>Rye</p><div class=sharedaddy>Share</div>";
    let pages = Router::new().route("/page", get(|| async { Html(PAGE) })).route("/text", get(|| async { PAGE }));
    Runtime::new().unwrap().block_on(async {
        let serve = async |router: Router| {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            tokio::spawn(async { axum::serve(listener, router).await });
            format!("http://{address}")
        };
        let behind = Proxy::to(&serve(pages.clone()).await);
        let layered = serve(pages.layer(CleanLayer::new(Cleaner::new()))).await;
        for address in [&behind.address, &layered] {
            let head = async |path| Client::new().head(format!("{address}{path}")).send().await.unwrap();
            assert!(head("/page").await.headers().get("content-length").is_none());
            assert_eq!(head("/text").await.headers()["content-length"], PAGE.len().to_string());
            let page = Client::new().get(format!("{address}/page")).send().await.unwrap();
            assert_eq!(page.text().await.unwrap(), "<p>Rye</p>");
        }
    });
}

/// It ends a page by closing the connection; the proxy keeps its own.
#[test]
fn an_origin_may_speak_http_1_0() {
    let origin = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = origin.local_addr().unwrap();
    let origin = std::thread::spawn(move || {
        let (mut connection, _) = origin.accept().unwrap();
        let asked = BufReader::new(&connection).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
        assert_eq!(asked.filter(|line| line.to_ascii_lowercase().starts_with("accept-encoding")).count(), 0);
        let page = "<p>Rye</p><div class=sharedaddy>Share</div>";
        write!(connection, "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n{page}").unwrap();
    });
    Runtime::new().unwrap().block_on(async {
        let proxy = Proxy::to(&format!("http://{address}"));
        let response = Client::new().get(&proxy.address).header("accept-encoding", "gzip").send().await.unwrap();
        assert_eq!(response.version(), reqwest::Version::HTTP_11);
        assert!(!response.headers().contains_key("connection"));
        assert_eq!(response.bytes().await.unwrap(), "<p>Rye</p>");
    });
    origin.join().unwrap();
}
