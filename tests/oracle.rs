//! I2 tree: the output parses to the input's tree minus exactly the subtrees of the reported elements.

mod fixtures;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use dechaff::{Category, Cleaner};
use fixtures::{clean_in_chunks, corpus, markup, oracle};
use memchr::{memchr, memmem};
use proptest::prelude::*;

/// Compiled once: there are many pages.
static CLEANER: LazyLock<Cleaner> = LazyLock::new(Cleaner::new);
/// Where the marked elements and no others are to be cut.
static BY_TAG: LazyLock<Cleaner> = LazyLock::new(|| Cleaner::builder().text_evidence(false).build());
/// With bounds that small pages outgrow: of an element and of a block, or of all that is held.
static SMALL: LazyLock<[Cleaner; 8]> = LazyLock::new(|| {
    let all = || Cleaner::builder().categories(Category::ALL);
    let elements = [20, 40, 60, 100, 150].map(|size| all().max_element_bytes(size).max_block_bytes(size / 2).build());
    let [a, b, c, d, e] = elements;
    let [f, g, h] = [30, 60, 120].map(|size| all().max_held_bytes(size).build());
    [a, b, c, d, e, f, g, h]
});

fn check(cleaner: &Cleaner, page: &[u8]) -> Result<usize, String> {
    let (clean, report) = cleaner.clean(page).map_err(|e| e.to_string())?;
    for size in [1, 7] {
        if clean_in_chunks(cleaner, page, size) != (clean.clone(), report.clone()) {
            return Err(format!("chunks of {size} bytes give something else for {:?}", show(page)));
        }
    }
    for scripting in [true, false] {
        oracle::check(page, &clean, &report, scripting).map_err(|e| {
            let cuts: Vec<_> = report.cuts.iter().map(|c| format!("{} {:?}", c.tag, c.range)).collect();
            let (page, clean) = (show(page), show(&clean));
            format!("scripting {scripting}: {e}\n  page {page:?}\n  clean {clean:?}\n  cuts {cuts:?}")
        })?;
    }
    Ok(report.cuts.len())
}

fn show(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]).into_owned()
}

#[test]
fn corpus_pages_keep_their_tree() {
    let all = Cleaner::builder().categories(Category::ALL).build();
    let mut cuts = 0;
    for page in corpus() {
        for cleaner in [&*CLEANER, &all] {
            cuts += check(cleaner, &page.source).unwrap_or_else(|e| panic!("{}: {e}", page.name));
        }
    }
    assert!(cuts > 100, "the oracle saw only {cuts} cuts");
}

/// Each element of each page as the one to cut, not only those that rules name. What the mark can't move (roots, what holds an
/// `h1`) shows as a decline; everything else must go, and go cleanly: these pages are well-formed, by and large.
#[test]
fn every_element_of_the_corpus_in_turn() {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut cut, mut declined) = (0, 0);
    for page in corpus() {
        for at in start_tags(&page.source) {
            let marked = [&page.source[..at], markup::MARK.as_bytes(), &page.source[at..]].concat();
            let (clean, report) = BY_TAG.clean(&marked).unwrap();
            let start = page.source[..at].iter().rposition(|&b| b == b'<').unwrap() as u64;
            let outer = |c: &dechaff::Cut| c.range.start < start && start < c.range.end;
            if let Some(decline) = report.declines.iter().find(|d| d.range.start == start) {
                *reasons.entry(decline.reason.name()).or_default() += 1;
                declined += 1;
            } else if report.cuts.iter().any(|c| c.range.start == start) {
                cut += 1;
            } else {
                assert!(report.cuts.iter().any(outer), "{}: nothing became of the mark at {at}", page.name);
                continue;
            }
            for scripting in [true, false] {
                oracle::check(&marked, &clean, &report, scripting)
                    .unwrap_or_else(|e| panic!("{}: the element at {start}, scripting {scripting}: {e}", page.name));
            }
        }
    }
    println!("{cut} elements cut, {declined} declined: {reasons:?}");
    assert!(cut > 4_000, "only {cut} elements were cut");
    let structural = declined - reasons["root"] - reasons["holds-content"];
    assert!(structural <= 5, "{structural} declines for the structure of well-formed pages: {reasons:?}");
}

/// Offsets after the names of all start tags, as far as a search for `<` and a letter finds them outside of scripts, styles
/// and comments.
fn start_tags(page: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    let after = |from: usize, end: &[u8]| memmem::find(&page[from..], end).map_or(page.len(), |i| from + i + end.len());
    while let Some(i) = memchr(b'<', &page[at..]) {
        let open = at + i;
        let name_end = page[open + 1..].iter().position(|c| !c.is_ascii_alphanumeric() && *c != b'-');
        let name_end = open + 1 + name_end.unwrap_or(0);
        let name = page[open + 1..name_end].to_ascii_lowercase();
        at = match &*name {
            _ if page[open..].starts_with(b"<!--") => after(open, b"-->"),
            b"script" | b"style" | b"noscript" | b"iframe" | b"textarea" | b"title" => {
                found.push(name_end);
                after(open, &[b"</", &*name].concat())
            }
            [first, ..] if first.is_ascii_alphabetic() => {
                found.push(name_end);
                name_end
            }
            _ => open + 1,
        };
    }
    found
}

/// Small pages with marked elements `@`, and how many of them can go.
#[test]
fn named_cases() {
    let cases = [
        // Optional end tags.
        ("<p>a</p><div@>b</div><p>c</p>", 1),
        ("<ul><li>a</li><li@>b</li><li>c</li></ul>", 1),
        ("<ul><li>a<li@>b<li>c</ul>", 1),
        ("<ul><li>a<li@>b</ul>", 1),
        ("<dl><dt>a<dd@>b<dt>c</dl>", 1),
        ("<div><p>a<p@>b<p>c</div>", 1),
        ("<div>a<p@>b<p>c</div>after", 1),
        ("<div>a<p@>b</div>after", 1),
        ("<table><tbody><tr><td>a<td@>b<td>c</table>", 1),
        ("<table><tbody><tr><td>a<tr@><td>b<tr><td>c</table>", 1),
        ("<table><tr@><td>a</td></tr><tr><td>b</td></tr></table>", 1),
        ("<p>a</p><select><option>a</option><option@>b</option></select>", 1),
        ("<div>a<span@>b</div>c", 1),
        ("<p>a</p><div@>b", 1),
        ("<p>a</p><select><option>a<option@>b<option>c</select>", 1),
        ("<p>a</p><select><option>a<option@>b</select>c", 1),
        // A line break that would move into the item before it.
        ("<ul><li>a<li@>b</li>\n<li>c</ul>", 0),
        // The start tag closes a paragraph: it depends on what follows.
        ("<p>a<div@>b</div><p>c", 1),
        ("<p>a<div@>b</div>c", 0),
        // The second one stays: it does what the first one did.
        ("<p>a<div@>b</div><div@>c</div>d", 1),
        // Formatting elements across an edge.
        ("<p>a</p><b>a<div@>b</b>c</div>", 0),
        ("<p>a</p><div@><b>b</div>c", 0),
        ("<p>a</p><div@><b>b</b></div>c", 1),
        ("<p>a</p><a href=x>b<a@>c</a>d", 0),
        ("<p>a</p><a href=x>b<div@><a href=y>c</a></div></a>d", 0),
        ("<p>a</p><nobr>b<nobr@>c</nobr>d", 0),
        ("<p>a</p><span@><nobr>b</nobr></span>c", 1),
        ("<p>a</p><b><b><b><div@><b>c</b></div></b></b></b>d", 0),
        ("<p>a</p><p><i>b<p@>c</p>d", 0),
        ("<p>a</p><em@>b</em>c", 1),
        // Scopes: what an end tag can reach, and what a start tag closes.
        ("<p>a</p><button><p>b<button@>c</button>d", 0),
        ("<p>a</p><p>b<button@><p>c</p></button>d", 1),
        ("<p>a</p><ul><li>b<ul@><li>c</ul></ul>", 1),
        ("<p>a</p><h2>b<h3@>c</h3>d</h2>", 0),
        ("<p>a</p><h2@>b</h3>c", 1),
        ("<p>a</p><div@><section>b</div>c</section>", 1),
        ("<p>a</p><section>b<div@>c</section>d", 1),
        ("<p>a</p><div@></div></div>b", 1),
        ("<p>a</p><x-y>b<span@>c</x-y>d", 1),
        // The form pointer.
        ("<p>a</p><form@><input></form>b", 1),
        ("<p>a</p><form><form@></form>b", 0),
        ("<p>a</p><div@><form></div>b", 0),
        ("<p>a</p><form><div@></form>b</div>", 0),
        // Foreign content.
        ("<p>a</p><svg@><g><path/></g></svg>b", 1),
        ("<p>a</p><svg><g@/><path/></svg>b", 1),
        ("<p>a</p><svg><foreignObject><div@>b</div></foreignObject></svg>c", 1),
        // It could go, but what the `div` closes besides would be decided anew.
        ("<p>a</p><svg@><g><div>b</div>c", 0),
        ("<p>a</p><math><mi><b@>x</b></mi></math>c", 1),
        ("<p>a</p><div@><svg/></div>b", 1),
        // Text in foreign content does not lead back into the body, wherever it is cut in two.
        ("<svg@></body>a&", 0),
        ("<p>a</p><svg><title@>b</title></svg>c", 1),
        // Select, as the standard reads it today.
        ("<p>a</p><select@><option>b</select>c", 1),
        ("<p>a</p><div@><select><option>b</div>c</select>", 1),
        ("<p>a</p><select><option>b<input@>c", 0),
        // Text elements.
        ("<p>a</p><textarea@></p></textarea>b", 1),
        ("<p>a</p><div@><script>'</div>'</script></div>b", 1),
        ("<p>a</p><iframe@><p></iframe>b", 1),
        ("<p>a</p><div@><xmp></div></xmp></div>b", 1),
        ("<p>a</p><noscript@><p>b</p></noscript>c", 1),
        // Without scripts the end tag does not get past the open paragraph.
        ("<p>a</p><noscript@><p>b</noscript>c", 0),
        ("<p>a</p><div@><noscript></div></noscript>b</div>c", 0),
        ("<p>a</p><div@><plaintext>b</div>c", 1),
        // Void and renamed tags, and those that become nothing.
        ("<p>a</p><image@>b", 1),
        ("<p>a</p><br@>b", 1),
        ("<p>a</p><isindex@>b</isindex>c", 1),
        ("<p>a</p><td@>b</td>c", 0),
        ("<p>a</p><body@>b", 0),
        ("<p>a</p><div@><body class=x>b</div>c", 0),
        ("<p>a</p><div@></p></br></div>b", 1),
        // A table closes a paragraph, but not in quirks mode.
        ("<!doctype html><p>a<table@><tr><td>b</table><p>c", 1),
        ("<!doctype html><p>a<table@><tr><td>b</table>c", 0),
        ("<p>a<table@><tr><td>b</table>c", 1),
        // Bytes that would join.
        ("<p>a</p>R&am<span@>b</span>p;", 0),
        ("<p>a</p>R&D<span@>b</span> c", 1),
        ("<p>a</p>a <<span@>b</span>b>", 0),
        ("<p>a</p>a <<span@>b</span> c", 1),
        ("<p>a</p>a\r<span@>b</span>\nc", 0),
        ("<p>a</p><pre><span@>b</span>\nc</pre>", 0),
        // Tables move what does not belong in them.
        ("<p>a</p><table><tr@>b<td>c</td></tr></table>", 0),
        ("<p>a</p><table> <tr@><td>b</td></tr>c</table>", 0),
        // After the body.
        ("<body>a</body><div@>b</div>", 1),
        ("<body>a</body><div@>b</div></html>", 1),
        ("<body>a</body><div@>b</div><!-- c -->", 0),
        // The page's own beginning.
        ("<div@>a</div><p>b", 1),
        ("<div@>a</div><meta name=b>", 0),
        ("<div@>a</div>", 1),
        // A frameset, which only what is cut had ruled out.
        ("<div@>a</div><p></p><frameset>", 0),
        ("<div@>a</div>b<frameset>", 1),
        ("<body><div@>a</div><frameset>", 1),
        // Script-like elements of SVG would get one text for two.
        ("<p>a</p><svg><style>a<g@></g>b</style></svg>", 0),
        // Without scripts there is a form already, if none that is open.
        ("<p>a<select><noscript><form></noscript><input><form@>b</form>c", 0),
        // The marked `p` leaves SVG; the `address` would stay in it.
        ("<p>a<svg><p@>b<address>c", 0),
        ("<p>a<svg><p@/><nav/>", 0),
        ("<ul><li>a<svg><li@>b<article>c", 0),
        // The `caption` leaves the cell by way of a text integration point; without that it would be one of MathML.
        ("<table><tr><td>a<math><g><math@><mtext>b</mtext><mi><caption>c", 0),
        ("<table><tr><td>a<math><g><math@><mi><caption>c", 0),
        // A table clears away a `p` with what stands in it; the `div` would not, since a `select` bounds its scope.
        ("<p>a</p><table><p>b<select><colgroup@><div>c", 0),
        // What goes with the `p` hides an item from the next one: that would close it.
        ("<!doctype html><p>a<li>b<p>c<p@>d<select>e<li>f", 1),
        ("<p>a</p><dt>b<p>c<p@><noscript>d<noscript>e</noscript><dt>f", 0),
        ("<p>a</p><li>b<p>c<p@>d<li>e", 1),
        // To who runs no scripts, the group is in a paragraph; it stays for that, and the rule ends it.
        ("<p>a</p><select><noscript><table></noscript><optgroup@/><hr@><noscript>", 0),
        // Whether an element's content is text is for the tree to say.
        ("<p>a</p><svg/><div@><title></div></title>b</div>c", 1),
        ("<p>a</p><svg><title><p@>b</p></title></svg>", 1),
        ("<p>a</p><template><col><title></template><p@>b</p></title>c", 1),
        ("<p>a</p><div@><script><!--<script></div></script></div>--></script>b</div>c", 1),
        ("<p>a</p><div@><svg><![CDATA[</div>]]></svg>b</div>c", 1),
        ("<p>a</p><div@><plaintext></div>b", 1),
        ("<p>a</p><div@><textarea></div></textarea x=y></div>b", 1),
        // Templates are read like anything else.
        ("<template><p>a</p><div@>b</div></template>", 1),
        ("<template><tr><td>a</tr><tr@><td>b</tr><tr><td>c</tr></template>", 1),
        ("<p>a</p><template@><a><table><td></template>b", 0),
        ("<template><thead><caption@><p>a", 0),
        ("<p>a</p><div@><template><p>b</template></div>c", 1),
    ];
    let cleaner = &CLEANER;
    let mut failures = Vec::new();
    for (case, want) in cases {
        let page = case.replace('@', markup::MARK);
        match check(cleaner, page.as_bytes()) {
            Err(e) => failures.push(format!("{case}: {e}")),
            Ok(cuts) if cuts != want => {
                let reasons: Vec<_> =
                    cleaner.clean(page.as_bytes()).unwrap().1.declines.iter().map(|d| d.reason).collect();
                failures.push(format!("{case}: {cuts} cuts, {reasons:?}"));
            }
            Ok(_) => {}
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

proptest! {
    #![proptest_config(fixtures::proptest_config(5_000))]

    #[test]
    fn soup_keeps_its_tree(page in markup::soup(30)) {
        check(&CLEANER, page.as_bytes()).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn trees_keep_their_tree(page in markup::trees()) {
        check(&CLEANER, page.as_bytes()).map_err(TestCaseError::fail)?;
    }

    /// What is let go because it is too large is still open when the next one begins.
    #[test]
    fn soup_keeps_its_tree_where_elements_outgrow_their_bounds(page in markup::soup(30), which in 0..SMALL.len()) {
        check(&SMALL[which], page.as_bytes()).map_err(TestCaseError::fail)?;
    }
}
