//! tmp
use std::io::{Read, Write};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let mut b = dechaff::Cleaner::builder();
    if args.iter().any(|a| a == "all") { b = b.categories(dechaff::Category::ALL); }
    let mut w = b.build().writer(std::io::stdout().lock());
    let mut buf = vec![0; 65536];
    let mut i = std::io::stdin().lock();
    loop { let n = i.read(&mut buf).unwrap(); if n == 0 { break; } w.write_all(&buf[..n]).unwrap(); }
    let (_, r) = w.finish().unwrap();
    if args.iter().any(|a| a == "-r") {
        if let Some(s) = &r.stop { eprintln!("stop {} {}", s.offset, s.reason); }
        for c in &r.cuts { eprintln!("cut {} {} {} {:?}", c.category, c.rule, c.tag, c.range); }
        for c in &r.declines { eprintln!("decline {} {} {} {:?} {}", c.category, c.rule, c.tag, c.range, c.reason); }
    }
}
