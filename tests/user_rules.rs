//! The user's own rules: selectors, rule files, filter lists.

mod fixtures;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use dechaff::{Category, Cleaner, CleanerBuilder, Decline, DeclineReason, ErrorKind, FilterList, RuleFile, Selector};
use fixtures::{clean_in_chunks, markup};
use proptest::prelude::*;
use scraper::Html;

fn selector(text: &str) -> Selector {
    text.parse().unwrap()
}

/// Nothing but what the user says is cut.
fn bare() -> CleanerBuilder {
    Cleaner::builder().categories([]).text_evidence(false)
}

fn clean(builder: CleanerBuilder, page: &str) -> String {
    String::from_utf8(builder.build().clean(page.as_bytes()).unwrap().0).unwrap()
}

fn declines(builder: CleanerBuilder, page: &str) -> Vec<Decline> {
    builder.build().clean(page.as_bytes()).unwrap().1.declines
}

#[test]
fn what_a_selector_picks_goes() {
    let page =
        "<main><p class=a id=x>1</p><ul><li class='b a'>2<li data-k=V>3</ul><a href='/go?a=1&amp;b=2'>4</a></main>";
    for (text, without) in [
        (".a", &["<p class=a id=x>1</p>", "<li class='b a'>2"][..]),
        ("p.a", &["<p class=a id=x>1</p>"]),
        ("#x", &["<p class=a id=x>1</p>"]),
        ("p", &["<p class=a id=x>1</p>"]),
        ("li.a.b", &["<li class='b a'>2"]),
        ("[data-k]", &["<li data-k=V>3"]),
        ("[data-k=v]", &[]),
        ("[data-k=v i]", &["<li data-k=V>3"]),
        ("[class~=a]", &["<p class=a id=x>1</p>", "<li class='b a'>2"]),
        ("[class^='b ']", &["<li class='b a'>2"]),
        ("[class$=a]", &["<p class=a id=x>1</p>", "<li class='b a'>2"]),
        ("[class*=' ']", &["<li class='b a'>2"]),
        ("a[href$='?a=1&b=2']", &["<a href='/go?a=1&amp;b=2'>4</a>"]),
        ("ul li.a", &["<li class='b a'>2"]),
        ("main > li", &[]),
        ("main li:not(.a)", &["<li data-k=V>3"]),
        ("li:nth-child(2)", &["<li data-k=V>3"]),
        ("li:first-of-type", &["<li class='b a'>2"]),
        ("main > :nth-child(2n+1)", &["<p class=a id=x>1</p>", "<a href='/go?a=1&amp;b=2'>4</a>"]),
        ("a, #x", &["<p class=a id=x>1</p>", "<a href='/go?a=1&amp;b=2'>4</a>"]),
        ("main", &[page]),
        ("b", &[]),
    ] {
        let want = without.iter().fold(page.to_owned(), |page, part| page.replace(part, ""));
        assert_eq!(clean(bare().remove(selector(text)), page), want, "{text}");
    }
}

#[test]
fn a_selector_asks_nobody_for_leave() {
    // A section of the page, with more words than any rule allows.
    let article = format!("<article class=x><h1>a</h1><pre>{}</pre></article>", "word ".repeat(3_000));
    let page = format!("<p>a</p>{article}<p>b</p>");
    assert_eq!(clean(bare().remove(selector(".x")), &page), "<p>a</p><p>b</p>");
    // But these are there whatever the page says, and the tree is what it is.
    let roots = declines(bare().remove(selector("body, .y")), "<body><p>a</p><table><tr class=y>b<td>c</tr></table>");
    let reasons: Vec<_> = roots.iter().map(|d| d.reason).collect();
    assert_eq!(reasons, [DeclineReason::Root, DeclineReason::MovedNodes]);
}

#[test]
fn what_it_leaves_empty_stays() {
    let page = "<p>a</p><aside><p class=x>b</p></aside>";
    assert_eq!(clean(Cleaner::builder().remove(selector(".x")), page), "<p>a</p><aside></aside>");
}

#[test]
fn what_is_to_be_kept_stays_with_all_that_is_in_it_and_around_it() {
    let share = "<div class=sharedaddy>Share this</div>";
    let page = format!("{share}<div class=sharedaddy><p class=k>{share}<b>Subscribe here.</b></p></div><p>{share}");
    let keep = || Cleaner::builder().keep(selector("p.k"));
    let kept = format!("<div class=sharedaddy><p class=k>{share}<b>Subscribe here.</b></p></div><p>{share}");
    // The paragraph ends where the box in it begins: that one is not in it.
    assert_eq!(clean(keep(), &page), kept.replacen(&format!("<p>{share}"), "<p>", 1));
    let nested = format!("<div class=sharedaddy><section class=k>{share}<p>Subscribe here.</p></section></div>");
    assert_eq!(clean(Cleaner::builder().keep(selector("div > .k")), &nested), nested);
    let declines = declines(Cleaner::builder().keep(selector("div > .k")), &nested);
    assert!(declines.iter().all(|d| d.reason == DeclineReason::Protected), "{declines:?}");
    assert_eq!(declines.len(), 2);
    // Keeping beats removing.
    assert_eq!(clean(bare().keep(selector(".k")).remove(selector(".k, section p, div")), &nested), nested);
}

#[test]
fn a_rule_file_works_like_a_built_in_one() {
    let toml = r#"
        vendor = "x"
        strength = "likely"
        category = "subscription"

        [[rule]]
        name = "box"
        word = ["zeitung"]
        holds-any = ["email-input"]

        [[keep]]
        name = "about"
        id = ["zeitung-about"]

        [[example]]
        name = "goes"
        html = "<div class=zeitung><input type=email></div>"
        want = ""
    "#;
    let file = RuleFile::parse("mine", toml).unwrap();
    assert_eq!(file.category(), Category::Subscription);
    let page = "<p>a</p><div class=zeitung-box><input type=email></div><div class=zeitung>b</div>\
                <div class=zeitung><i id=zeitung-about></i><input type=email></div>";
    let with = |categories: &[Category]| {
        Cleaner::builder().categories(categories.iter().copied()).text_evidence(false).rules(file.clone())
    };
    let cleaned = clean(with(&[Category::Subscription]), page);
    assert_eq!(cleaned, page.replacen("<div class=zeitung-box><input type=email></div>", "", 1));
    assert_eq!(clean(with(&[]), page), page);
    let example = file.examples().next().unwrap();
    assert_eq!(clean(with(&[Category::Subscription]), example.html), example.want);
}

#[test]
fn a_rule_may_name_any_element() {
    let rules = "vendor = 'x'\nstrength = 'certain'\n[[rule]]\nname = 'y'\ntag = ['aside', 'object', 'x-promo']";
    let file = RuleFile::parse("house", rules).unwrap();
    let page = "a<ASIDE>b</ASIDE><object>c</object><x-promo>d</x-promo><section>e</section>";
    assert_eq!(clean(bare().rules(file), page), "a<section>e</section>");
}

#[test]
fn a_bad_rule_file_says_where() {
    for (toml, want) in [
        ("vendor = 'x'\nstrength = 'certain'\n[[rule]]\nname = 'a'\nclas = ['b']", "unknown field `clas`"),
        ("vendor = 'x'\nstrength = 'sure'", "line 2"),
        ("vendor = 'x'\nstrength = 'certain'", "no [[rule]]"),
        (
            "vendor = 'x'\nstrength = 'certain'\ncategory = 'ads'\n[[rule]]\nname = 'a'\nid = ['b']",
            "line 3: category: unknown category 'ads'",
        ),
        ("vendor = 'x'\nstrength = 'certain'\n[[rule]]\nname = 'a'", "line 4: rule 'a': no matcher"),
        (
            "vendor = 'x'\nstrength = 'certain'\n[[rule]]\nname = 'a'\nid = ['b']\n[[keep]]\nname = 'a'\nid = ['c']",
            "line 7: two rules are named 'a'",
        ),
        (
            "vendor = 'x'\nstrength = 'certain'\n[[rule]]\nname = 'a'\nid = ['b']\n[[example]]\nname = 'e'\nhtml = ''",
            "line 7: example 'e': either want or keep = true",
        ),
        ("vendor = 'x'\nstrength = 'certain'\n\n[[rule]\nname = 'a'", "line 4: "),
    ] {
        let error = RuleFile::parse("mine", toml).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Rules { name, .. } if name == "mine"));
        assert!(error.to_string().contains(want), "{error}");
        assert_eq!(error.to_string().lines().count(), 1, "{error}");
    }
}

#[test]
fn the_built_in_files_can_be_looked_at() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut count = 0;
    for file in RuleFile::built_in() {
        let path = root.join(file.category().name()).join(format!("{}.toml", file.name()));
        assert_eq!(file.text(), std::fs::read_to_string(path).unwrap());
        // What is shown can be read again.
        let again = RuleFile::parse(file.name(), file.text()).unwrap();
        assert!(again.rules().eq(file.rules()) && again.examples().eq(file.examples()));
        assert!(!file.vendor().is_empty() && file.source().starts_with("http"));
        assert!(file.rules().all(|rule| rule.id == *format!("{}/{}", file.name(), rule.name)));
        count += 1;
    }
    let folders = Category::ALL.map(|category| std::fs::read_dir(root.join(category.name())).unwrap().count());
    assert_eq!(count, folders.iter().sum::<usize>());
    // A cut by one of them names it.
    let (_, report) = dechaff::clean(b"<p>a</p><div id='onetrust-consent-sdk'>b</div>").unwrap();
    let named = |file: &RuleFile| file.rules().any(|rule| rule.id == report.cuts[0].rule && !rule.keeps);
    let file = RuleFile::built_in().find(named).unwrap();
    assert!(file.is_certain() && file.vendor().contains("OneTrust"), "{file:?}");
}

#[test]
fn a_filter_list_is_in_force_on_its_sites() {
    let list = FilterList::parse("list", "##.a\nnews.example##.b\n~news.example##.c\nnews.example#@#.a").unwrap();
    let cleaner = bare().filter_list(list).build();
    let page = b"<p class=a>1</p><p class=b>2</p><p class=c>3</p>";
    for (url, want) in [
        (None, "<p class=b>2</p>"),
        (Some("https://www.news.example/x"), "<p class=a>1</p><p class=c>3</p>"),
        (Some("https://other.example/x"), "<p class=b>2</p>"),
    ] {
        let page_cleaner = url.map_or_else(|| cleaner.page(), |url| cleaner.page().url(url));
        let (clean, report) = page_cleaner.clean(page).unwrap();
        assert_eq!(String::from_utf8(clean).unwrap(), want, "{url:?}");
        assert!(report.cuts.iter().all(|c| c.category == Category::Custom && c.rule.starts_with("list/##.")));
    }
}

static ALL: LazyLock<scraper::Selector> = LazyLock::new(|| scraper::Selector::parse("*").unwrap());

/// Gives each element a number as an attribute: the page, and where the tags begin.
fn number(page: &str) -> (String, Vec<usize>) {
    let (mut numbered, mut starts) = (String::new(), Vec::new());
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        numbered += before;
        let name = tag[1..].bytes().take_while(u8::is_ascii_alphanumeric).count();
        if name > 0 {
            let start = numbered.len();
            numbered += &format!("{} data-n={}", &tag[..=name], starts.len());
            starts.push(start);
        } else {
            numbered.push('<');
        }
        rest = &tag[1 + name..];
    }
    (numbered + rest, starts)
}

/// Selectors of every kind that is supported, made of what the random pages have.
fn selectors() -> impl Strategy<Value = String> {
    let simple = prop::sample::select(vec![
        "div",
        "p",
        "li",
        "b",
        "td",
        "a",
        "span",
        "*",
        ".sharedaddy",
        "#onetrust-consent-sdk",
        "[class]",
        "[href^='/']",
        "[id$=sdk]",
        ":not(p)",
        ":not(.sharedaddy, b)",
        ":first-child",
        ":nth-child(2n)",
        ":first-of-type",
        ":nth-of-type(2)",
    ]);
    let compound = (simple.clone(), prop::option::of(simple)).prop_map(|(a, b)| match b {
        Some(b) if !b.starts_with(char::is_alphabetic) && b != "*" => format!("{a}{b}"),
        _ => a.to_owned(),
    });
    let combinator = prop::sample::select(vec![" ", " > "]);
    (compound.clone(), prop::collection::vec((combinator, compound), 0..3))
        .prop_map(|(first, rest)| rest.into_iter().fold(first, |all, (combinator, one)| all + combinator + &one))
}

proptest! {
    #![proptest_config(fixtures::proptest_config(1_500))]

    /// The elements that are picked are those that another crate selects in the tree of another parser.
    #[test]
    fn selectors_pick_what_others_select(page in markup::trees(), text in selectors()) {
        let (page, starts) = number(&page);
        let tree = Html::parse_document(&page);
        // A parser may make an element anew: only the first one is that of the tag. Then it moves others, too, and their places
        // are not those that they had when their tags came.
        let mut seen = BTreeSet::new();
        let all = tree.select(&ALL).filter_map(|e| Some((e, e.attr("data-n")?.parse::<usize>().ok()?)));
        let (first, again): (Vec<_>, Vec<_>) = all.partition(|(_, n)| seen.insert(*n));
        let places = [":first", ":nth"].iter().any(|place| text.contains(place));
        prop_assume!(again.is_empty() || !places);
        let wanted = scraper::Selector::parse(&text).unwrap();
        let wanted: BTreeSet<usize> = first.iter().filter(|(e, _)| wanted.matches(e)).map(|(_, n)| *n).collect();
        let (_, report) = bare().remove(selector(&text)).build().clean(page.as_bytes()).unwrap();
        let number_at = |start: u64| starts.binary_search(&(start as usize)).unwrap();
        let cut: BTreeSet<usize> = report.cuts.iter().map(|c| number_at(c.range.start)).collect();
        let declined = report.declines.iter().filter(|d| d.reason != DeclineReason::NoElement);
        let picked: BTreeSet<usize> = declined.map(|d| number_at(d.range.start)).chain(cut).collect();
        prop_assert!(picked.is_subset(&wanted), "{:?} are picked, and only {:?} wanted\n{}", picked, wanted, page);
        // Of what is in a cut nothing is told, nor of what comes after the page was given up.
        let told = |n: &usize| {
            let start = starts[*n] as u64;
            report.cuts.iter().all(|c| !c.range.contains(&start)) && report.stop.as_ref().is_none_or(|s| start < s.offset)
        };
        let missing: Vec<_> = wanted.difference(&picked).filter(|n| told(n)).collect();
        prop_assert!(missing.is_empty(), "{:?} are not picked, cuts {:?}\n{}", missing, report.cuts, page);
    }

    #[test]
    fn chunks_make_no_difference(page in markup::soup(30), one in selectors(), other in selectors()) {
        let cleaner = Cleaner::builder().remove(selector(&one)).keep(selector(&other)).build();
        let whole = cleaner.clean(page.as_bytes()).unwrap();
        for size in [1, 7] {
            prop_assert_eq!(clean_in_chunks(&cleaner, page.as_bytes(), size), whole.clone(), "chunks of {}", size);
        }
    }
}
