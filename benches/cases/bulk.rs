//! What most bytes of a real page are, made up: scripts, style sheets, data, addresses of pictures, classes, drawings.
//!
//! The shapes are those of minified scripts, of style sheets from a build, and of data that a page brings for its scripts; all
//! names in them are ours. Nothing here is chaff or speaks of it.

use std::fmt::Write;

use crate::random::Random;

const NOUNS: [&str; 16] = [
    "harbor", "orchard", "lantern", "meadow", "quarry", "ferry", "mill", "garden", "bridge", "tower", "cellar",
    "valley", "station", "market", "island", "granary",
];
const PARTS: [&str; 12] =
    ["card", "media", "title", "body", "grid", "item", "header", "link", "image", "meta", "list", "teaser"];
const UTILITIES: [&str; 16] = [
    "flex",
    "items-center",
    "justify-between",
    "px-4",
    "py-2",
    "md:w-1/2",
    "lg:mt-8",
    "text-sm",
    "font-semibold",
    "leading-6",
    "rounded-lg",
    "hover:underline",
    "bg-white",
    "dark:bg-slate-900",
    "col-span-2",
    "overflow-hidden",
];

/// Appends a class list such as sites have: a name by some convention, then maybe one that says how it looks. A site has few
/// kinds of boxes, and many of each: on pages of the web four of five class lists, and five of six classes, have been there
/// before, and a list has two.
fn class(text: &mut String, part: &str, random: &mut Random) {
    let kind = match random.below(6) {
        0 => random.below(usize::MAX),
        _ => random.below(4),
    };
    let random = &mut Random::new((kind as u64).wrapping_mul(0x9E37_79B9) ^ part.len() as u64 ^ 0x5DEE_CE66);
    let noun = random.pick(&NOUNS);
    let _ = match random.below(4) {
        0 => write!(text, "class=\"c-{noun}__{part} c-{noun}__{part}--{}", random.below(9)),
        1 => write!(text, "class=\"{noun}-{part} css-{:x}{:x}", random.below(0xf_ffff), random.below(0xfff)),
        2 => write!(text, "class=\"{part} elementor-element-{:x}", random.below(0xfff_ffff)),
        _ => write!(text, "class=\"{part}-{noun}"),
    };
    if random.below(3) == 0 {
        let _ = write!(text, " {}", random.pick(&UTILITIES));
    }
    text.push('"');
}

/// Appends a line break, and the indentation that templates leave behind.
fn indent(text: &mut String, depth: usize) {
    let _ = write!(text, "\n{:1$}", "", 4 * depth);
}

/// Appends what a page notes for its scripts at an element.
fn tracking(text: &mut String, random: &mut Random) {
    let (noun, part) = (random.pick(&NOUNS), random.pick(&PARTS));
    let _ = write!(
        text,
        " data-track='{{\"list\":\"{noun}\",\"slot\":\"{part}-{}\",\"item\":\"{:08x}\",\"view\":\"default\"}}' data-position=\"{}\"",
        random.below(40),
        random.below(0xffff_ffff),
        random.below(40)
    );
}

/// Appends an address within the site.
fn address(text: &mut String, random: &mut Random) {
    let (section, slug, other) = (random.pick(&NOUNS), random.pick(&NOUNS), random.pick(&NOUNS));
    let _ = write!(
        text,
        "/{section}/2024/{:02}/the-{slug}-and-the-{other}-{}/",
        1 + random.below(12),
        random.below(99_999)
    );
}

/// Appends a few words.
fn headline(text: &mut String, random: &mut Random) {
    let (one, two, three) = (random.pick(&NOUNS), random.pick(&NOUNS), random.pick(&NOUNS));
    let _ = match random.below(3) {
        0 => write!(text, "Old {one} near the {two} opens its {three}"),
        1 => write!(text, "What the {one} keepers found under the {two}"),
        _ => write!(text, "A {one}, a {two} and {} winters at the {three}", 2 + random.below(40)),
    };
}

/// Appends a picture in several sizes.
fn picture(text: &mut String, random: &mut Random) {
    let (noun, number) = (random.pick(&NOUNS), random.below(99_999));
    text.push_str("<img ");
    class(text, "image", random);
    let _ = write!(text, " src=\"https://media.example/uploads/2024/05/{noun}-{number}-640x360.jpg\" srcset=\"");
    for width in [320, 640, 1024] {
        let _ = write!(text, "https://media.example/uploads/2024/05/{noun}-{number}-{width}.webp {width}w, ");
    }
    let _ = write!(
        text,
        "\" sizes=\"(max-width: 640px) 100vw, 640px\" width=\"640\" height=\"360\" alt=\"The {noun} in spring\" loading=\"lazy\">"
    );
}

/// Appends a small drawing, as sites have for icons.
fn drawing(text: &mut String, random: &mut Random) {
    text.push_str("<svg viewBox=\"0 0 24 24\" width=\"24\" height=\"24\" aria-hidden=\"true\"><path d=\"M12");
    for _ in 0..18 + random.below(30) {
        let _ = write!(text, " {}.{}c{}", random.below(24), random.below(99), random.below(9));
    }
    text.push_str("z\"/></svg>");
}

/// A box that leads to another page of the site: picture, headline, date.
#[must_use]
pub fn teaser(random: &mut Random) -> String {
    let mut text = String::from("<div ");
    class(&mut text, "teaser", random);
    tracking(&mut text, random);
    text.push('>');
    indent(&mut text, 6);
    text.push_str("<a ");
    class(&mut text, "link", random);
    tracking(&mut text, random);
    text.push_str(" href=\"");
    address(&mut text, random);
    text.push_str("\">");
    indent(&mut text, 7);
    picture(&mut text, random);
    indent(&mut text, 6);
    text.push_str("</a>");
    indent(&mut text, 6);
    text.push_str("<h3 ");
    class(&mut text, "title", random);
    text.push('>');
    headline(&mut text, random);
    text.push_str("</h3>");
    indent(&mut text, 6);
    if random.below(2) == 0 {
        drawing(&mut text, random);
        indent(&mut text, 6);
    }
    let _ = writeln!(text, "<time datetime=\"2024-05-{:02}\">{0} May</time></div>", 1 + random.below(28));
    text
}

/// A list of links within the site, as in a menu.
#[must_use]
pub fn menu(entries: usize, random: &mut Random) -> String {
    let mut text = String::from("<ul ");
    class(&mut text, "list", random);
    text.push_str(">\n");
    for _ in 0..entries {
        let (number, one, two) = (random.below(99_999), random.pick(&NOUNS), random.pick(&NOUNS));
        indent(&mut text, 4);
        match random.below(3) {
            0 => {
                let _ = write!(text, "<li class=\"menu-item menu-item-{number}\"><a ");
            }
            _ => text.push_str("<li class=\"menu-item\"><a "),
        }
        if random.below(2) == 0 {
            class(&mut text, "link", random);
            tracking(&mut text, random);
            text.push(' ');
        }
        let _ = writeln!(text, "href=\"/{one}/{two}-{number}/\">The {one} and the {two}</a></li>");
    }
    text.push_str("</ul>\n");
    text
}

/// A heading of second rank.
#[must_use]
pub fn heading(random: &mut Random) -> String {
    let mut text = String::from("<h2 ");
    class(&mut text, "header", random);
    let _ = write!(text, " id=\"section-{}\">", random.below(99_999));
    headline(&mut text, random);
    text.push_str("</h2>\n");
    text
}

/// The start of a block of the page.
#[must_use]
pub fn section(random: &mut Random) -> String {
    let mut text = String::from("<section ");
    class(&mut text, "body", random);
    let _ = writeln!(text, " data-block=\"{}\">", random.below(999));
    text
}

/// About `size` bytes of a script or of data for one, without its tags.
#[must_use]
pub fn script(size: usize, random: &mut Random) -> String {
    if random.below(3) == 0 { data(size, random) } else { statements(size, random) }
}

/// A minified script. Comparisons and markup in strings have `<` in them, as they have in practice.
fn statements(size: usize, random: &mut Random) -> String {
    let letter = |random: &mut Random| char::from(b'a' + random.below(26) as u8);
    let mut text = String::from("!function(){\"use strict\";");
    while text.len() < size {
        let (a, b, c) = (letter(random), letter(random), letter(random));
        let (noun, part, number) = (random.pick(&NOUNS), random.pick(&PARTS), random.below(9_999));
        let _ = match random.below(8) {
            0 => write!(text, "function {a}{b}({c}){{return {c}&&{c}.{noun}?{c}.{noun}.{part}({number}):void 0}}"),
            1 => write!(text, "for(var {a}=0,{b}={c}.length;{a}<{b};{a}++){c}[{a}].{part}=\"{noun}\"+{a};"),
            2 => write!(
                text,
                "var {a}{number}={{{noun}:{number},{part}:!0,get:function({b}){{return this[{b}]||null}}}};"
            ),
            3 => write!(text, "window.{noun}=window.{noun}||[];window.{noun}.push([\"{part}\",{number},\"{a}{b}\"]);"),
            4 => write!(
                text,
                "{a}.addEventListener(\"scroll\",(function({b}){{{c}.{part}({b},{number})}}),{{passive:!0}});"
            ),
            5 => write!(text, "{a}.innerHTML='<span class=\"{noun}-{part}\">'+{b}+\"</span>\";"),
            6 => write!(
                text,
                "if(\"undefined\"!=typeof {noun}&&{number}>={noun}.{part}){{throw new Error(\"{noun} {part}\")}}"
            ),
            _ => write!(text, "Object.defineProperty({a},\"{noun}{number}\",{{enumerable:!0,get:()=>{b}.{part}}}),"),
        };
    }
    text.push_str("}();");
    text
}

/// The state of a page, for its scripts.
fn data(size: usize, random: &mut Random) -> String {
    let mut text = String::from("window.__STATE__={\"items\":[");
    while text.len() < size {
        let (noun, part) = (random.pick(&NOUNS), random.pick(&PARTS));
        let _ = write!(
            text,
            "{{\"id\":{},\"type\":\"{part}\",\"slug\":\"the-{noun}\",\"image\":{{\"url\":\"https:\\/\\/media.example\\/{noun}.jpg\",\"width\":{}}},\"tags\":[\"{}\",\"{}\"],\"hash\":\"{:016x}\"}},",
            random.below(999_999),
            random.below(2_000),
            random.pick(&NOUNS),
            random.pick(&NOUNS),
            random.below(usize::MAX),
        );
    }
    text.push_str("null]};");
    text
}

/// About `size` bytes of a style sheet, without its tags.
#[must_use]
pub fn style(size: usize, random: &mut Random) -> String {
    let mut text = String::new();
    while text.len() < size {
        let (noun, part, number) = (random.pick(&NOUNS), random.pick(&PARTS), random.below(48));
        let _ = match random.below(4) {
            0 => write!(
                text,
                ".c-{noun}__{part}{{display:flex;margin:{number}px 0;padding:0 {number}px;line-height:1.5}}"
            ),
            1 => {
                write!(text, ".{noun}-{part}>a:hover,.{noun}-{part}>a:focus{{color:#{:06x}}}", random.below(0xff_ffff))
            }
            2 => write!(
                text,
                "@media (min-width:{}px){{.{part}-{noun}{{grid-column:span {number}}}}}",
                320 + number * 16
            ),
            _ => {
                write!(text, "--{noun}-{part}-{number}:{number}rem;.{noun}:not(.{part})::before{{content:\"\\201C\"}}")
            }
        };
    }
    text
}
