//! I2 tree: the output parses to the input's tree minus exactly the subtrees of the reported elements.

mod fixtures;

use std::sync::LazyLock;

use dechaff::{Category, Cleaner};
use fixtures::{corpus, markup, oracle};
use proptest::prelude::*;

/// Compiled once: there are many pages.
static CLEANER: LazyLock<Cleaner> = LazyLock::new(Cleaner::new);

fn check(cleaner: &Cleaner, page: &[u8]) -> Result<usize, String> {
    let (clean, report) = cleaner.clean(page).map_err(|e| e.to_string())?;
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
        // The start tag closes a paragraph: it depends on what follows.
        ("<p>a<div@>b</div><p>c", 1),
        ("<p>a<div@>b</div>c", 0),
        // The second one stays: it does what the first one did.
        ("<p>a<div@>b</div><div@>c</div>d", 1),
        // Formatting elements across an edge.
        ("<p>a</p><b>a<div@>b</b>c</div>", 0),
        ("<p>a</p><div@><b>b</div>c", 0),
        ("<p>a</p><div@><b>b</b></div>c", 1),
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
        // Templates are not looked into.
        ("<p>a</p><template><div@>b</div></template>", 0),
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
}
