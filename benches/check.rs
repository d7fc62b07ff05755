//! Loading and checking the demo: recipe, tables, scripts and schemas. What `rollbook check` does before it prints.

use std::path::Path;

use divan::Bencher;
use rollbook::problem::Problems;
use rollbook::run::load::load;

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 50, sample_size = 1)]
fn demo(bencher: Bencher<'_, '_>) {
    let recipe = Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes/demo.yaml");
    bencher.bench_local(|| {
        let mut problems = Problems::default();
        load(&recipe, &mut problems).expect("the demo has no mistakes")
    });
}
