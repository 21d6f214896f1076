//! `dechaff rules`: built-in rules to look at, one's own to try.

#[path = "fixtures/tool.rs"]
mod tool;

use std::collections::BTreeSet;

use dechaff::{Category, RuleFile};
use serde_json::Value;
use tool::{Dir, FOLLOW, page};

fn run(args: &[&str]) -> String {
    Dir::new().run(&[&["rules"], args].concat()).document()
}

#[test]
fn all_rules_are_listed() {
    let list = run(&["list"]);
    let ids: Vec<_> = list.lines().map(|line| line.split_whitespace().next().unwrap().to_owned()).collect();
    let want: Vec<_> = RuleFile::built_in()
        .flat_map(|file| file.rules().map(|rule| rule.id.to_string()).collect::<Vec<_>>())
        .collect();
    assert_eq!(ids, want);
    let row = list.lines().find(|line| line.starts_with("onetrust/dialog ")).unwrap();
    let columns: Vec<_> = row.split("  ").filter(|cell| !cell.is_empty()).map(str::trim).collect();
    assert_eq!(columns, ["onetrust/dialog", "cookie-notice", "certain", "OneTrust / CookiePro"]);
    // All columns stand one below the other.
    assert_eq!(list.lines().map(|line| line.find("  ").is_some()).collect::<BTreeSet<_>>(), BTreeSet::from([true]));
}

#[test]
fn a_category_is_listed_by_itself() {
    let all = run(&["list"]).lines().count();
    let counts = Category::ALL.map(|category| {
        let list = run(&["list", "--category", category.name()]);
        assert!(list.lines().all(|line| line.contains(category.name())), "{list}");
        list.lines().count()
    });
    assert_eq!(counts.iter().sum::<usize>(), all);
    assert_eq!(run(&["list", "--category", "source-credit,follow-links"]).lines().count(), counts[5] + counts[6]);
    assert!(Dir::new().run(&["rules", "list", "--category", "ads"]).refusal(2).contains("'ads'"));
}

#[test]
fn the_list_comes_as_json_too() {
    let list = run(&["list", "--json", "--category", "cookie-notice"]);
    let rows: Vec<Value> = list.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let row = rows.iter().find(|row| row["id"] == "onetrust/dialog").unwrap();
    assert_eq!(
        *row,
        serde_json::json!({
            "id": "onetrust/dialog", "category": "cookie-notice", "strength": "certain", "vendor": "OneTrust / CookiePro"
        })
    );
    let strengths: BTreeSet<_> = rows.iter().map(|row| row["strength"].as_str().unwrap()).collect();
    assert_eq!(strengths, BTreeSet::from(["certain", "keep", "likely"]));
}

#[test]
fn a_rule_is_shown_and_can_be_used() {
    let one = run(&["show", "onetrust/dialog"]);
    assert!(one.contains("vendor   = \"OneTrust") && one.contains("source   = \"https://"), "{one}");
    assert!(one.contains("\"onetrust-consent-sdk\"") && one.contains("[[example]]"), "{one}");
    let file = RuleFile::parse("onetrust", &one).unwrap();
    assert_eq!(file.rules().map(|rule| rule.id.to_string()).collect::<Vec<_>>(), ["onetrust/dialog"]);
    let whole = RuleFile::parse("onetrust", &run(&["show", "onetrust"])).unwrap();
    assert!(whole.rules().count() > 1);
    let dir = Dir::with_page();
    dir.write("mine.toml", &run(&["show", "cookie-words"]));
    assert!(dir.run(&["rules", "test", "mine.toml"]).document().ends_with(", all as they say\n"));
}

#[test]
fn what_is_not_there_can_not_be_shown() {
    let show = |id: &str| Dir::new().run(&["rules", "show", id]).refusal(2);
    assert_eq!(
        show("onetrus/dialog"),
        "dechaff: onetrus/dialog: no file of rules is called 'onetrus'\nhint: 'dechaff rules list' has all ids\n"
    );
    assert!(show("onetrust/x").starts_with("dechaff: onetrust/x: 'onetrust' has no rule 'x'; there are: dialog, "));
    assert!(show("text/block").contains("\nhint: text is judged by the words of its language"));
}

const HOUSE: &str = "vendor = 'Our own'\nstrength = 'certain'\n\
    [[rule]]\nname = 'promo'\nclass = ['promo']\n\
    [[example]]\nname = 'a promotion goes'\nhtml = '<p>a</p><div class=promo>b</div>'\nwant = '<p>a</p>'\n\
    [[example]]\nname = 'a shop stays'\nhtml = '<div class=shop>b</div>'\nkeep = true\n";

#[test]
fn the_examples_of_a_file_are_tried() {
    let dir = Dir::new();
    dir.write("house.toml", HOUSE);
    assert_eq!(dir.run(&["rules", "test", "house.toml"]).document(), "house.toml: 2 examples, all as they say\n");

    dir.write(
        "bad.toml",
        &HOUSE.replace("class=shop>b", "class=promo><h1>b</h1>").replace("class=promo>b", "id=promo>b"),
    );
    let done = dir.run(&["rules", "test", "house.toml", "bad.toml"]);
    assert_eq!((done.code, &*done.err), (Some(1), ""));
    assert_eq!(
        String::from_utf8(done.out).unwrap(),
        "house.toml: 2 examples, all as they say\n\
         bad.toml: a promotion goes: it does not come out as it says\n\
         bad.toml:   want: <p>a</p>\n\
         bad.toml:   got:  <p>a</p><div id=promo>b</div>\n\
         bad.toml: no example is cut by rule 'promo'\n\
         bad.toml: 2 examples, 1 failed\n"
    );
    dir.write("none.toml", HOUSE.split("[[example]]").next().unwrap());
    let done = dir.run(&["rules", "test", "none.toml"]).document();
    assert_eq!(done, "none.toml: no example is cut by rule 'promo'\nnone.toml: no examples\n");
}

#[test]
fn an_example_that_fails_shows_why() {
    let dir = Dir::new();
    dir.write("house.toml", &HOUSE.replace("want = '<p>a</p>'", "keep = true"));
    let done = dir.run(&["rules", "test", "house.toml"]);
    assert_eq!(done.code, Some(1));
    assert_eq!(
        String::from_utf8(done.out).unwrap(),
        "house.toml: a promotion goes: it does not come out as it says\n\
         house.toml:   want: <p>a</p><div class=promo>b</div>\n\
         house.toml:   got:  <p>a</p>\n\
         house.toml:   cut:  <div> by house/promo\n\
         house.toml: 2 examples, 1 failed\n"
    );
    dir.write("house.toml", &HOUSE.replace("name = 'promo'", "name = 'promo'\nholds-any = ['email-input']"));
    let done = dir.run(&["rules", "test", "house.toml"]);
    let out = String::from_utf8(done.out).unwrap();
    assert!(out.contains("house.toml:   kept: <div> that house/promo picked: no-evidence\n"), "{out}");
}

#[test]
fn a_file_in_the_folder_of_a_category_is_of_that_one() {
    let dir = Dir::new();
    let thread = "vendor = 'x'\nstrength = 'certain'\n\
        [[rule]]\nname = 'list'\nclass = ['x-comments']\narticle-inside = true\n\
        [[example]]\nname = 'too little prose stands before it'\nhtml = '<div class=x-comments>So it is.</div>'\nkeep = true\n\
        [[example]]\nname = 'it goes'\nprose = true\nhtml = '<div class=x-comments>So it is.</div>'\nwant = ''\n";
    dir.mkdir("comment-thread");
    dir.write("comment-thread/x.toml", thread);
    assert!(dir.run(&["rules", "test", "comment-thread/x.toml"]).document().ends_with("2 examples, all as they say\n"));
    // Elsewhere it is of no category, and nobody asks for prose.
    dir.write("x.toml", thread);
    let done = dir.run(&["rules", "test", "x.toml"]);
    assert_eq!(done.code, Some(1));
    // The project's own.
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../dechaff/rules");
    let file = root.join("comment-thread/wordpress-comments.toml");
    let done = dir.run(&["rules", "test", file.to_str().unwrap()]).document();
    assert!(done.ends_with(", all as they say\n"), "{done}");
}

#[test]
fn a_file_that_is_none_is_refused() {
    let dir = Dir::new();
    dir.write("house.toml", HOUSE);
    dir.write("bad.toml", &HOUSE.replace("class =", "clas ="));
    let err = dir.run(&["rules", "test", "house.toml", "bad.toml"]).refusal(2);
    assert!(err.starts_with("dechaff: bad.toml: line 5: unknown field `clas`"), "{err}");
    let err = dir.run(&["rules", "test", "no.toml"]).refusal(2);
    assert_eq!(err, "dechaff: no.toml: no such file or directory\nhint: check the path\n");
}

#[test]
fn a_selector_is_tried_and_nothing_is_cut() {
    let dir = Dir::with_page();
    let page = page();
    let (at, end) = (page.find("<h1>").unwrap(), page.find("</h1>").unwrap() + 5);
    let follow = page.find(FOLLOW).unwrap();
    let out = dir.run(&["rules", "try", "h1, [class^=et_] a", "page.html"]).document();
    let link = follow + FOLLOW.find("<a").unwrap();
    let link_end = follow + FOLLOW.find("</div>").unwrap();
    assert_eq!(out, format!("{at}..{end}  h1  News\n{link}..{link_end}  a  Mill\n"));
    assert_eq!(dir.run(&["rules", "try", ".none", "page.html"]).document(), "");
    assert_eq!(
        dir.pipe(&["rules", "try", "tr", "-"], b"a<table><tr><td>b</table>").document(),
        "8..  tr  b  (would stay: changed-start)\n"
    );
    assert_eq!((dir.read("page.html"), dir.names()), (page, vec!["page.html".to_owned()]));
}

#[test]
fn a_page_is_tried_in_its_encoding_and_unpacked() {
    let dir = Dir::new();
    let page = b"<meta charset=windows-1252><p class=a>caf\xe9</p>x";
    dir.write_bytes("page.html", page);
    assert_eq!(dir.run(&["rules", "try", ".a", "page.html"]).document(), "27..46  p  caf\u{e9}\n");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, page).unwrap();
    dir.write_bytes("page.html.gz", &packed.finish().unwrap());
    assert_eq!(dir.run(&["rules", "try", ".a", "page.html.gz"]).document(), "27..46  p  caf\u{e9}\n");
}

#[test]
fn what_can_not_be_tried_is_refused() {
    let dir = Dir::with_page();
    dir.write("a.pdf", "%PDF-1.7\n");
    let err = dir.run(&["rules", "try", "p:hover", "page.html"]).refusal(2);
    assert!(err.starts_with("dechaff: SELECTOR: selector 'p:hover': ':hover' is not supported\nhint: "), "{err}");
    let err = dir.run(&["rules", "try", "p", "no.html"]).refusal(1);
    assert_eq!(err, "dechaff: no.html: no such file or directory\nhint: check the path\n");
    assert_eq!(
        dir.run(&["rules", "try", "p", "a.pdf"]).refusal(1),
        "dechaff: a.pdf: not HTML (PDF)\nhint: name a page\n"
    );
}

#[test]
fn files_called_as_commands_can_be_cleaned() {
    let dir = Dir::with_page();
    for name in ["rules", "bench", "completions", "man"] {
        dir.write(name, &page());
        assert_eq!(dir.run(&[&format!("./{name}")]).document(), tool::CLEAN);
        // After anything else it is a file.
        assert_eq!(dir.run(&["-q", name]).document(), tool::CLEAN);
        assert_eq!(dir.run(&["page.html", name]).document(), tool::CLEAN.repeat(2));
        assert_eq!(dir.run(&["--", name]).document(), tool::CLEAN);
    }
}
