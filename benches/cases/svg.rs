//! A picture of the speeds on one set of pages: a bar for each case, the fastest first.
//!
//! The scale is logarithmic: a copy of the page is a thousand times as fast as a parser. The colors fit a light page and a dark
//! one, as the reader's system asks for.

use std::fmt::Write;

use crate::Case;
use crate::results::{Machine, SetFigures};
use crate::table::{grouped, size};

/// Pixels.
const WIDTH: f64 = 800.0;
/// Where bars begin.
const LEFT: f64 = 286.0;
/// Room to the right of the longest bar, for its figure.
const RIGHT: f64 = 72.0;
const TOP: f64 = 68.0;
const ROW: f64 = 26.0;
const BAR: f64 = 16.0;

const STYLE: &str = "\
text { font: 13px system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1f2328 }
.title { font-size: 16px; font-weight: 600 }
.small { font-size: 11px; fill: #59636e }
.grid { stroke: #d1d9e0 }
.other { fill: #818b98 }
.ours { fill: #1a7f37 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .small { fill: #9198a1 }
  .grid { stroke: #3d444d }
  .other { fill: #656c76 }
  .ours { fill: #3fb950 }
}
";

/// Draws it. Cases of dechaff have a color of their own.
#[must_use]
pub fn draw(machine: &Machine, set: &SetFigures) -> String {
    let mut bars: Vec<_> = set.cases.iter().map(|figure| (&*figure.name, figure.megabytes_per_second)).collect();
    bars.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let speeds = || bars.iter().map(|(_, speed)| speed.max(1.0).log10());
    // From the power of ten below the slowest, so that it has a bar as well.
    let low = (speeds().fold(f64::INFINITY, f64::min) - 0.1).floor().max(0.0);
    let high = speeds().fold(low + 1.0, f64::max);
    let x = |speed: f64| LEFT + (speed.max(1.0).log10() - low).max(0.0) / (high - low) * (WIDTH - LEFT - RIGHT);
    let bottom = TOP + ROW * bars.len() as f64;
    let height = bottom + 74.0;

    let mut svg = String::new();
    let mut add = |line: std::fmt::Arguments<'_>| {
        let _ = writeln!(svg, "{line}");
    };
    let pages = if set.pages == 1 { "a page".to_owned() } else { format!("{} pages", set.pages) };
    add(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\">"
    ));
    add(format_args!("<title>Megabytes of HTML in a second, by case</title>"));
    add(format_args!("<style>\n{STYLE}</style>"));
    add(format_args!("<text class=\"title\" x=\"16\" y=\"26\">How fast HTML goes through</text>"));
    add(format_args!(
        "<text class=\"small\" x=\"16\" y=\"46\">MB (10^6 bytes) of input in a second, on one thread, logarithmic; {pages}, {} ({})</text>",
        size(set.bytes as f64),
        escape(&set.name)
    ));
    for power in low as i32..=high as i32 {
        let (at, end) = (x(10_f64.powi(power)), bottom + 4.0);
        add(format_args!("<line class=\"grid\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{}\" y2=\"{end}\"/>", TOP - 6.0));
        let label = grouped(10_f64.powi(power));
        add(format_args!(
            "<text class=\"small\" text-anchor=\"middle\" x=\"{at:.1}\" y=\"{}\">{label}</text>",
            end + 14.0
        ));
    }
    let axis = (LEFT + WIDTH - RIGHT) / 2.0;
    add(format_args!("<text class=\"small\" text-anchor=\"middle\" x=\"{axis}\" y=\"{}\">MB/s</text>", bottom + 34.0));
    for (row, (name, speed)) in bars.iter().enumerate() {
        let y = TOP + ROW * row as f64;
        let (base, width) = (y + BAR - 3.0, (x(*speed) - LEFT).max(1.0));
        let class = if name.starts_with("dechaff") { "ours" } else { "other" };
        let label = escape(Case::label(name));
        add(format_args!("<text text-anchor=\"end\" x=\"{}\" y=\"{base}\">{label}</text>", LEFT - 10.0));
        add(format_args!(
            "<rect class=\"{class}\" x=\"{LEFT}\" y=\"{y}\" width=\"{width:.1}\" height=\"{BAR}\" rx=\"2\"/>"
        ));
        add(format_args!("<text x=\"{:.1}\" y=\"{base}\">{}</text>", LEFT + width + 6.0, grouped(*speed)));
    }
    add(format_args!("<text class=\"small\" x=\"16\" y=\"{}\">{}</text>", height - 10.0, escape(&machine.describe())));
    add(format_args!("</svg>"));
    svg
}

/// Text as it stands in XML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
