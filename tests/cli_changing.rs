//! The user's own rules in the command-line tool: selectors, rule files, filter lists, and a file of arguments.

#[path = "fixtures/tool.rs"]
mod tool;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use tool::{CLEAN, Dir, Done, FOLLOW, lines, page};

/// A page with nothing in it that a rule knows.
const PLAIN: &str = "<p>Rye is up.</p><aside class=promo><a href=/shop>Mugs</a></aside><p id=end>So is spelt.</p>";
/// The same without the promotion.
const BARE: &str = "<p>Rye is up.</p><p id=end>So is spelt.</p>";
/// A rule that cuts it.
const HOUSE: &str = "vendor = 'Our own'\nstrength = 'certain'\n[[rule]]\nname = 'promo'\nclass = ['promo']\n";

/// A directory that holds `page.html` and `plain.html`.
fn dir() -> Dir {
    let dir = Dir::with_page();
    dir.write("plain.html", PLAIN);
    dir
}

// Selectors

#[test]
fn what_a_selector_picks_goes_or_stays() {
    let dir = dir();
    assert_eq!(dir.run(&["plain.html"]).document(), PLAIN);
    assert_eq!(dir.run(&["--remove", "aside.promo", "plain.html"]).document(), BARE);
    assert_eq!(dir.run(&["--remove", ".promo", "--remove=#end", "plain.html"]).document(), "<p>Rye is up.</p>");
    // What is removed goes whatever the categories are.
    let args = ["--remove", "h1", "--category", "source-credit", "page.html"];
    assert_eq!(dir.run(&args).document(), page().replace("<h1>News</h1>", ""));
    assert_eq!(dir.run(&["--keep", ".sharedaddy, #onetrust-consent-sdk", "page.html"]).document(), page());
    assert_eq!(dir.run(&["--remove", ".promo", "--keep", "aside > a", "plain.html"]).document(), PLAIN);
}

#[test]
fn the_report_names_the_selector() {
    let dir = dir();
    let done = dir.run(&["--remove", ".promo", "--report", "-", "plain.html"]);
    let (kind, cut) = lines(&done.err).swap_remove(0);
    assert_eq!((&*kind, &cut["rule"], &cut["category"]), ("cut", &"remove/.promo".into(), &"custom".into()));
}

#[test]
fn a_selector_that_is_none_is_refused() {
    let dir = dir();
    for (option, selector, what) in [
        ("--remove", "p:hover", "':hover' is not supported"),
        ("--keep", "p:has(b)", "':has()' is not supported"),
        ("--remove", "a + b", "the combinator '+' is not supported"),
        ("--keep", "", "it ends too early"),
    ] {
        let err = dir.run(&[option, selector, "plain.html", "-o", "out.html"]).refusal(2);
        let (first, hint) = err.split_once('\n').unwrap();
        assert_eq!(first, format!("dechaff: {option}: selector '{selector}': {what}"));
        assert!(hint.starts_with("hint: ") && hint.lines().count() == 1, "{err}");
    }
    assert_eq!(dir.names(), ["page.html", "plain.html"]);
}

// Rule files

#[test]
fn a_rule_file_is_in_force() {
    let dir = dir();
    dir.write("house.toml", HOUSE);
    assert_eq!(dir.run(&["--rules", "house.toml", "plain.html"]).document(), BARE);
    // Without a category of its own it is, whatever is chosen.
    assert_eq!(dir.run(&["--rules", "house.toml", "--category", "follow-links", "plain.html"]).document(), BARE);
    dir.write("share.toml", &HOUSE.replace("'certain'", "'certain'\ncategory = 'share-widget'"));
    assert_eq!(dir.run(&["--rules", "share.toml", "plain.html"]).document(), BARE);
    assert_eq!(dir.run(&["--rules", "share.toml", "--category", "follow-links", "plain.html"]).document(), PLAIN);
    dir.write("end.toml", &HOUSE.replace("class = ['promo']", "id = ['end']"));
    let args = ["--rules", "share.toml", "--rules", "end.toml", "--report", "-", "plain.html"];
    let done = dir.run(&args);
    assert_eq!(String::from_utf8(done.out).unwrap(), "<p>Rye is up.</p>");
    let rules: Vec<_> = lines(&done.err).iter().map(|(_, data)| data["rule"].clone()).collect();
    assert_eq!(rules[..2], ["share/promo", "end/promo"]);
}

#[test]
fn a_rule_file_with_a_fault_is_named_with_its_line() {
    let dir = dir();
    for (text, what) in [
        (HOUSE.replace("class =", "clas ="), "line 5: unknown field `clas`, expected one of "),
        (HOUSE.replace("'certain'", "'sure'"), "line 2: unknown variant `sure`, expected `certain` or `likely`"),
        (HOUSE.replace("class = ['promo']\n", ""), "line 4: rule 'promo': no matcher"),
        (HOUSE.replace("name = 'promo'", "name = 'promo"), "line 4: "),
        (format!("category = 'ads'\n{HOUSE}"), "line 1: category: unknown category 'ads'; there are: "),
        ("vendor = 'x'\nstrength = 'likely'\n".to_owned(), "no [[rule]]"),
    ] {
        dir.write("house.toml", &text);
        let err = dir.run(&["--rules", "house.toml", "plain.html", "-o", "out.html"]).refusal(2);
        assert!(err.starts_with(&format!("dechaff: house.toml: {what}")), "{err}");
        assert_eq!(err.lines().count(), 2, "{err}");
        assert!(err.lines().nth(1).unwrap().starts_with("hint: "), "{err}");
    }
    assert_eq!(dir.names(), ["house.toml", "page.html", "plain.html"]);
}

#[test]
fn a_file_that_can_not_be_read_is_refused_before_anything_is_done() {
    let dir = dir();
    dir.mkdir("folder");
    dir.write_bytes("latin.txt", b"##.a\n##.caf\xe9\n");
    for option in ["--rules", "--filter-list", "--config"] {
        let run = |name: &str| dir.run(&[option, name, "plain.html"]).refusal(2);
        assert_eq!(run("no.txt"), "dechaff: no.txt: no such file or directory\nhint: check the path\n");
        assert!(run("folder").starts_with("dechaff: folder: is a directory\n"));
        assert!(run("latin.txt").starts_with("dechaff: latin.txt: line 2: not UTF-8\nhint: "));
    }
}

// Filter lists

#[test]
fn a_filter_list_is_summed_up_once() {
    let dir = dir();
    dir.write("list.txt", "! Title: mine\n##.promo\n##.other\n||ads.example^\n##p:has-text(x)\n##p:hover\n");
    let done = dir.run(&["--filter-list", "list.txt", "plain.html", "plain.html"]);
    assert_eq!((done.code, String::from_utf8(done.out).unwrap()), (Some(0), BARE.repeat(2)));
    let summary = "dechaff: list.txt: 2 rules; 1 network, 1 procedural and 1 unsupported ones passed over \
                   (first: 'p:hover': ':hover' is not supported)\n";
    assert_eq!(done.err, summary);
    assert_eq!(dir.run(&["-q", "--filter-list", "list.txt", "plain.html"]).document(), BARE);
    dir.write("other.txt", "##h1\n");
    let done = dir.run(&["--filter-list", "list.txt", "--filter-list", "other.txt", "page.html"]);
    assert_eq!(done.err, format!("{summary}dechaff: other.txt: 1 rule\n"));
    assert_eq!(String::from_utf8(done.out).unwrap(), CLEAN.replace("<h1>News</h1>", ""));
}

#[test]
fn a_page_in_place_of_a_list_is_refused() {
    let dir = dir();
    let err = dir.run(&["--filter-list", "page.html", "plain.html"]).refusal(2);
    assert_eq!(
        err,
        "dechaff: page.html: it is HTML, and no filter list\nhint: get the list itself, not the page that links to it\n"
    );
}

#[test]
fn rules_for_a_site_ask_for_the_address() {
    let dir = dir();
    dir.write("list.txt", "news.example##.promo\n");
    let run = |args: &[&str]| dir.run(&[&["-q", "--filter-list", "list.txt"], args].concat()).document();
    assert_eq!(run(&["plain.html"]), PLAIN);
    assert_eq!(run(&["--url", "https://other.example/", "plain.html"]), PLAIN);
    assert_eq!(run(&["--url", "https://www.news.example/a", "plain.html"]), BARE);

    let line = |url: &str, page: &str| serde_json::json!({ "html": page, "url": url }).to_string() + "\n";
    let (here, there) = ("https://news.example/a", "https://other.example/a");
    dir.write("pages.jsonl", &(line(here, PLAIN) + &line(there, PLAIN)));
    assert_eq!(run(&["--jsonl", "html", "pages.jsonl"]), line(here, BARE) + &line(there, PLAIN));
    // A line that has no address is from where all are said to be.
    dir.write("pages.jsonl", &serde_json::json!({ "html": PLAIN }).to_string());
    let cleaned = run(&["--jsonl", "html", "--url", here, "pages.jsonl"]);
    assert_eq!(cleaned, serde_json::json!({ "html": BARE }).to_string());

    let record = |url: &str, page: &str| {
        let block = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}");
        let length = block.len();
        format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nContent-Length: {length}\r\n\r\n{block}\r\n\r\n"
        )
    };
    dir.write("crawl.warc", &(record(here, PLAIN) + &record(there, PLAIN)));
    assert_eq!(run(&["crawl.warc"]), record(here, BARE) + &record(there, PLAIN));
}

/// The list comes from nowhere else: thirty thousand rules of the kinds that public ones have, and as many lines that do not
/// count. In a test build the bound only shows that nothing grows out of hand; `cargo test --release` holds the real one.
#[test]
fn a_large_list_is_soon_there() {
    let dir = dir();
    let mut list = String::new();
    for n in 0..30_000 {
        let _ = match n % 10 {
            0..=4 => writeln!(list, "##.banner-{n}"),
            5 => writeln!(list, "###overlay-{n}"),
            6 => writeln!(list, "site-{n}.example,~www.site-{n}.example##.box > div.ad-{n}"),
            7 => writeln!(list, "##div[class^=\"promo-{n}-\"]"),
            8 => writeln!(list, "shop-{n}.*##a[href*=\"/go/{n}?\"]"),
            _ => writeln!(list, "##.teaser-{n}:not(.open) .cta-{n}"),
        };
        let _ = writeln!(list, "||ads-{n}.example^$third-party");
    }
    list.push_str("##.promo\n");
    dir.write("list.txt", &list);
    let time = |args: &[&str]| -> Duration {
        let run = || {
            let start = Instant::now();
            let done = dir.run(args);
            assert_eq!(done.code, Some(0), "{}", done.err);
            start.elapsed()
        };
        (0..3).map(|_| run()).min().unwrap()
    };
    let done = dir.run(&["--filter-list", "list.txt", "plain.html"]);
    assert_eq!(done.err, "dechaff: list.txt: 30,001 rules; 30,000 network ones passed over\n");
    assert_eq!(String::from_utf8(done.out).unwrap(), BARE);
    let without = time(&["plain.html"]);
    let took = time(&["-q", "--filter-list", "list.txt", "plain.html"]).saturating_sub(without);
    println!("30,001 rules are read and compiled in {} ms", took.as_millis());
    let bound = Duration::from_millis(if cfg!(debug_assertions) { 5_000 } else { 300 });
    assert!(took < bound, "{took:?}");
}

// A file of arguments

#[test]
fn arguments_come_from_a_file() {
    let dir = dir();
    dir.mkdir("conf");
    dir.write("conf/list.txt", "news.example##.promo\n");
    dir.write("conf/house.toml", &HOUSE.replace("['promo']", "['et_pb_social_media_follow']"));
    dir.write(
        "conf/dechaff.toml",
        "# ours\ncategory = ['cookie-notice', 'share-widget']\nkeep = ['#end']\nremove = 'h1'\nrules = ['house.toml']\n\
         filter-list = 'list.txt'\nurl = 'https://news.example/'\nencoding = 'utf-8'\njobs = 2\nquiet = true\n",
    );
    let run = |args: &[&str]| dir.run(&[&["--config", "conf/dechaff.toml"], args].concat()).document();
    assert_eq!(run(&["plain.html"]), BARE);
    assert_eq!(run(&["page.html"]), CLEAN.replace("<h1>News</h1>", "").replace(FOLLOW, ""));
    // What can be given more than once adds up; the rest goes before the file.
    assert_eq!(run(&["--remove", "p", "plain.html"]), "<p id=end>So is spelt.</p>");
    assert_eq!(run(&["--url", "https://other.example/", "plain.html"]), PLAIN);
    let kept = page().replace("<h1>News</h1>", "").replace(FOLLOW, "");
    assert_eq!(run(&["--category", "source-credit", "page.html"]), kept);
}

#[test]
fn outputs_come_from_a_file_too() {
    let dir = dir();
    dir.mkdir("site");
    dir.write("site/a.html", &page());
    dir.write("dechaff.toml", "recursive = true\noutput-dir = 'clean'\nreport = 'report.jsonl'\n");
    assert_eq!(dir.run(&["--config", "dechaff.toml", "site"]).document(), "");
    assert_eq!((dir.read("clean/a.html"), lines(&dir.read("report.jsonl")).len()), (CLEAN.to_owned(), 3));
    // Another output goes before the one of the file.
    assert_eq!(dir.run(&["--config", "dechaff.toml", "-i", "site"]).document(), "");
    assert_eq!(dir.read("site/a.html"), CLEAN);
    dir.write("site/a.html", &page());
    dir.write("dechaff.toml", "in-place = '.orig'\n");
    assert_eq!(dir.run(&["--config", "dechaff.toml", "site/a.html"]).document(), "");
    assert_eq!((dir.read("site/a.html"), dir.read("site/a.html.orig")), (CLEAN.to_owned(), page()));
}

#[test]
fn a_file_of_arguments_with_a_fault_is_named_with_its_line() {
    let dir = dir();
    for (text, what) in [
        ("jobs = 2\ncategories = ['all']", "line 2: unknown key 'categories'"),
        ("\n\nconfig = 'x'", "line 3: unknown key 'config'"),
        ("file = 'x'", "line 1: unknown key 'file'"),
        ("category = ['all',\n 'ads']", "line 2: invalid value 'ads' for '--category <NAMES>'"),
        ("keep = '.a'\nremove = ['.b', '.c:hover']", "line 2: selector '.c:hover': ':hover' is not supported"),
        ("encoding = 'klingon'", "line 1: unknown encoding 'klingon'"),
        ("recursive = 1", "line 1: recursive: true or false is wanted"),
        ("jobs = 0", "line 1: invalid value '0' for '--jobs <N>': number would be zero for non-zero type"),
        ("keep = [", "line 1: "),
        ("output = 'a'\noutput-dir = 'b'", "the argument '--output <OUT>' cannot be used with '--output-dir <DIR>'"),
    ] {
        dir.write("dechaff.toml", text);
        let err = dir.run(&["--config", "dechaff.toml", "plain.html"]).refusal(2);
        assert!(err.starts_with(&format!("dechaff: dechaff.toml: {what}")), "{err}");
        assert!(err.lines().count() == 2 && err.contains("\nhint: "), "{err}");
    }
    // Of an unknown key, the known ones are told.
    dir.write("dechaff.toml", "x = 1");
    let err = dir.run(&["--config", "dechaff.toml", "plain.html"]).refusal(2);
    assert!(["category", "keep", "filter-list", "in-place"].iter().all(|key| err.contains(key)), "{err}");
    // A file that is not named counts for nothing.
    let Done { code, .. } = dir.run(&["plain.html"]);
    assert_eq!(code, Some(0));
}
