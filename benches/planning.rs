//! Planning a company of 100,000 by the demo's recipe, on one core: the first plan, and one in which nothing changes.

use divan::Bencher;
use divan::counter::ItemsCount;
use rollbook::recipe::Recipe;
use rollbook::run::gather::Gathered;
use tokio::runtime::Runtime;

use crate::company::{Company, Names, plan_on_one_core};

mod company;

const PEOPLE: usize = 100_000;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

/// Everybody is new.
#[divan::bench(args = [Names::Repeated, Names::Distinct], sample_count = 8, sample_size = 1)]
fn first(bencher: Bencher<'_, '_>, names: Names) {
    let (recipe, gathered) = first_inputs(names);
    bencher.counter(ItemsCount::new(PEOPLE)).bench_local(|| plan_on_one_core(&recipe, &gathered));
}

/// Everybody is as they should be.
#[divan::bench(args = [Names::Repeated, Names::Distinct], sample_count = 8, sample_size = 1)]
fn unchanged(bencher: Bencher<'_, '_>, names: Names) {
    let (recipe, gathered) = second_inputs(names);
    bencher.counter(ItemsCount::new(PEOPLE)).bench_local(|| plan_on_one_core(&recipe, &gathered));
}

fn first_inputs(names: Names) -> (Recipe, Gathered) {
    let company = Company::new(PEOPLE, names);
    let recipe = company.load();
    let gathered = Runtime::new().expect("a runtime can be made").block_on(async {
        let store = company.store().await;
        company.gather(&recipe, &store).await
    });
    (recipe, gathered)
}

fn second_inputs(names: Names) -> (Recipe, Gathered) {
    let company = Company::new(PEOPLE, names);
    let recipe = company.load();
    let gathered = Runtime::new().expect("a runtime can be made").block_on(async {
        let store = company.store().await;
        company.sync(&recipe, &store).await;
        company.gather(&recipe, &store).await
    });
    (recipe, gathered)
}
