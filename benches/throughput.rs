//! How many megabytes of HTML per second dechaff cleans, next to what bounds it: a scan for `<` and the bare tokenizer, on the
//! same bytes. And how long it takes to compile the rules.
//!
//! `cargo bench -p dechaff --bench throughput`, with a part of a name (`-- large/dechaff`) for some of it. One MB is 10^6
//! bytes. Criterion measures one case after another, so on a busy machine they are not comparable: for ratios see `ratios.rs`.

mod cases;

use std::time::Duration;

use criterion::{Criterion, Throughput};

fn main() -> cases::Result<()> {
    let mut criterion = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    clean(&mut criterion)?;
    compile(&mut criterion);
    criterion.final_summary();
    Ok(())
}

/// Each case on each page.
fn clean(criterion: &mut Criterion) -> cases::Result<()> {
    let cases = cases::cases();
    for page in cases::pages()? {
        let mut group = criterion.benchmark_group(page.name);
        group.throughput(Throughput::BytesDecimal(page.bytes.len() as u64));
        for case in &cases {
            // Once before it counts: an error would only make it look fast.
            case.run(&page.bytes)?;
            group.bench_function(case.name, |b| b.iter(|| case.run(&page.bytes)));
        }
        group.finish();
    }
    Ok(())
}

/// The time until a cleaner is ready, once per process.
fn compile(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compile");
    group.bench_function("dechaff", |b| b.iter(cases::default_categories));
    group.bench_function("dechaff-all", |b| b.iter(cases::all_categories));
    group.finish();
}
