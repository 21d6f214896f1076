//! I6 total: time per byte stays that of an ordinary page, whatever the page does. Absurd pages, each at two sizes: eight times
//! the input should take eight times as long; quadratic work would take 64 times.

use std::fs;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use dechaff::Cleaner;

const MARK: &str = " id=\"onetrust-consent-sdk\"";

/// The pages: a start, a part that is repeated, and an end that is repeated as often.
fn pages() -> Vec<(&'static str, String, String)> {
    let page = |name, part: &str| (name, part.to_owned(), String::new());
    vec![
        page("ordinary", "<div class=\"card\"><p>Some <b>words</b> of <a href=\"/x\">text</a>.</p></div>\n"),
        ("nested div", "<div>".into(), "</div>".into()),
        ("nested rule-named div", format!("<div{MARK}>"), "</div>".into()),
        page("nested rule-named div, unclosed", &format!("<div{MARK}>")),
        page("rule-named elements in a row", &format!("<i{MARK}>x</i>")),
        page("unclosed b", "<b>x"),
        page("unclosed p", "<p>x"),
        page("unclosed a", "<a href=x>x"),
        page("unclosed p and b", "<p><b>x"),
        page("stray end tags", "</div></p></b></li></x-y>"),
        page("rows", "<tr><td>a<td>b"),
        page("items", "<li>x"),
        page("nested tables", "<table><tr><td>"),
        page("foreign content", "<svg><g>"),
        page("misnested formatting", "<a><b><i><p>x</a></b>"),
        page("buttons", "<button>x"),
        page("selects", "<select><option>x"),
        page("forms", "<form><div></form>"),
        page("noscript", "<noscript><p></noscript>"),
        page("templates", "<template><p>"),
        page("open angle brackets", "< "),
        page("comments", "<!-- x --><!-->"),
        page("nested data tables", "<table><tr><th>x<div>Newsletter"),
        page("text that is chaff", "<p>Subscribe to our newsletter</p>"),
        page("headings that wait", "<h3>Share this:</h3>"),
        page("links that wait", "<div><a href=/x>Newsletter</a>"),
        page("words that are cues", "get subscribe newsletter free "),
        page("lines in one block", "<ul><li>Stay in the loop<li><a href=/x>x</a>"),
        page("one long class", "newsletter-form cookie-bar a2a_kit "),
    ]
}

/// CPU time of this thread where the system tells it (Linux), time on the clock elsewhere: other work on the machine should
/// not count.
fn now() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let on_cpu = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = on_cpu.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// Time of one run, from as many as the clock's coarse ticks ask for.
fn time(cleaner: &Cleaner, page: &str) -> Duration {
    const ENOUGH: Duration = Duration::from_millis(60);
    let start = now();
    let mut runs = 0;
    while now() - start < ENOUGH {
        cleaner.clean(page.as_bytes()).unwrap();
        runs += 1;
    }
    (now() - start) / runs
}

#[test]
fn time_grows_with_the_input_and_no_faster() {
    let cleaner = Cleaner::new();
    let mut failures = Vec::new();
    for (name, part, end) in pages() {
        let build = |times: usize| {
            let body = match name {
                "rows" => format!("<table>{}", part.repeat(times)),
                "one long class" => format!("<p class=\"{}\">", part.repeat(times)),
                _ => format!("{}{}", part.repeat(times), end.repeat(times)),
            };
            format!("<!doctype html><body><p>text</p>{body}")
        };
        let (small, large) = (build(8_000), build(64_000));
        let (short, long) = (time(&cleaner, &small), time(&cleaner, &large));
        let growth = long.as_secs_f64() / short.as_secs_f64();
        let rate = large.len() as f64 / 1e6 / long.as_secs_f64();
        println!(
            "{name:34} {:6.2} MB {rate:7.1} MB/s, eight times the input takes {growth:.1} times as long",
            large.len() as f64 / 1e6
        );
        if growth > 24.0 {
            failures.push(format!("{name}: eight times the input takes {growth:.1} times as long"));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}
