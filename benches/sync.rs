//! A whole sync from the file to the directory, without the report: the first, which makes everybody, and the second,
//! which has nothing to write. Beside it what the people's file costs a plain JSON parser, and what reading it costs us.

use std::fs;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use rollbook::connector::open::open_source;
use rollbook::connector::secrets::Secrets;
use tokio::runtime::Runtime;

use crate::company::{Company, Names};

mod company;

const PEOPLE: usize = 100_000;

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn parse_json(bencher: Bencher<'_, '_>) {
    let company = Company::new(PEOPLE, Names::Repeated);
    let text = fs::read(company.people()).expect("the people can be read");
    bencher
        .counter(BytesCount::of_slice(&text))
        .bench_local(|| serde_json::from_slice::<serde_json::Value>(&text).expect("the people are JSON"));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn read_people(bencher: Bencher<'_, '_>) {
    let company = Company::new(PEOPLE, Names::Repeated);
    let recipe = company.load();
    let runtime = Runtime::new().expect("a runtime can be made");
    let source = open_source(&recipe.source, &Secrets::default()).expect("the people can be opened");
    bencher
        .counter(ItemsCount::new(PEOPLE))
        .bench_local(|| runtime.block_on(source.roster(&recipe.layout)).expect("the people can be read"));
}

#[divan::bench(sample_count = 2, sample_size = 1)]
fn first(bencher: Bencher<'_, '_>) {
    let runtime = Runtime::new().expect("a runtime can be made");
    bencher.counter(ItemsCount::new(PEOPLE)).with_inputs(|| Company::new(PEOPLE, Names::Repeated)).bench_local_values(
        |company| {
            let recipe = company.load();
            runtime.block_on(async { company.sync(&recipe, &company.store().await).await });
            company
        },
    );
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn unchanged(bencher: Bencher<'_, '_>) {
    let runtime = Runtime::new().expect("a runtime can be made");
    let company = Company::new(PEOPLE, Names::Repeated);
    let recipe = company.load();
    let store = runtime.block_on(company.store());
    runtime.block_on(company.sync(&recipe, &store));
    bencher.counter(ItemsCount::new(PEOPLE)).bench_local(|| runtime.block_on(company.sync(&recipe, &store)));
}
