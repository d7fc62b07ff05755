//! The Rhai engine: what scripts can call, and how much of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use foldhash::HashMap;
use jiff::civil::Date;
use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicIteratorPackage, BasicMapPackage, BasicMathPackage, BasicStringPackage,
    LogicPackage, MoreStringPackage, Package,
};
use rhai::{Engine, Module, OptimizationLevel};

use crate::model::Cell;
use crate::table::ValueTables;

use super::lookups::MissCounts;
use super::patterns::Patterns;
use super::{convert, dates, employee, helpers, lookups, patterns};

pub(super) const MAX_OPERATIONS: u64 = 200_000;
pub(super) const MAX_CALL_DEPTH: usize = 32;
pub(super) const MAX_TEXT: usize = 16 * 1024;
pub(super) const MAX_LIST: usize = 1_000;
pub(super) const MAX_MAP: usize = 200;
pub(super) const MAX_FUNCTIONS: usize = 500;
const MAX_VARIABLES: usize = 100;
const MAX_DEPTH_OF_CELL: usize = 64;
const MAX_DEPTH_OF_FUNCTION: usize = 32;

/// What the helpers of one session share.
pub(super) struct Shared {
    pub(super) tables: Arc<ValueTables>,
    /// Where each field stands in [`State::cells`].
    pub(super) index: HashMap<Arc<str>, usize>,
    /// The running script has read a field that was not delivered.
    pub(super) not_delivered: AtomicBool,
    state: Mutex<State>,
}

/// The part of it that changes.
#[derive(Default)]
pub(super) struct State {
    pub(super) today: Date,
    /// The fields of the person.
    pub(super) cells: Vec<Cell>,
    pub(super) misses: MissCounts,
    pub(super) patterns: Patterns,
}

/// What runs leave behind, beside their results.
pub(super) struct Marks {
    /// How often a table did not know a key.
    pub(super) misses: u64,
    /// What the person's patterns went through.
    pub(super) spent: usize,
    /// Whether that was more than they may.
    pub(super) overspent: bool,
}

impl State {
    /// Whoever's turn it is now; missing cells were not delivered.
    pub(super) fn next_person<'c>(&mut self, today: Date, cells: impl IntoIterator<Item = &'c Cell>) {
        self.today = today;
        self.misses.next_person();
        self.patterns.next_person();
        let mut cells = cells.into_iter();
        self.cells.fill_with(|| cells.next().cloned().unwrap_or_default());
    }

    pub(super) fn marks(&self) -> Marks {
        let (spent, overspent) = self.patterns.spent();
        Marks { misses: self.misses.noted(), spent, overspent }
    }
}

impl Shared {
    pub(super) fn new(tables: &Arc<ValueTables>, fields: &[Arc<str>]) -> Arc<Self> {
        let tables = Arc::clone(tables);
        let index = fields.iter().enumerate().map(|(at, field)| (Arc::clone(field), at)).collect();
        let state = Mutex::new(State { cells: vec![Cell::NotDelivered; fields.len()], ..State::default() });
        Arc::new(Self { tables, index, not_delivered: AtomicBool::new(false), state })
    }

    /// A session runs on one thread, so nobody ever waits for this.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn take_not_delivered(&self) -> bool {
        self.not_delivered.load(Ordering::Relaxed) && self.not_delivered.swap(false, Ordering::Relaxed)
    }
}

/// What scripts have of Rhai itself, made once. Not among them: LanguageCore (`sleep`, `exit`), BasicFn (function pointers
/// by name), BasicBlob, BitField, BasicTime.
static PACKAGES: LazyLock<[Arc<Module>; 8]> = LazyLock::new(|| {
    [
        ArithmeticPackage::new().as_shared_module(),
        BasicStringPackage::new().as_shared_module(),
        BasicIteratorPackage::new().as_shared_module(),
        LogicPackage::new().as_shared_module(),
        BasicMathPackage::new().as_shared_module(),
        BasicArrayPackage::new().as_shared_module(),
        BasicMapPackage::new().as_shared_module(),
        MoreStringPackage::new().as_shared_module(),
    ]
});

/// An engine with every helper. Rhai's own limits differ between debug and release, so each is set.
pub(super) fn engine(shared: &Arc<Shared>) -> Engine {
    let mut engine = Engine::new_raw();
    for package in PACKAGES.iter() {
        engine.register_global_module(Arc::clone(package));
    }
    engine
        .set_optimization_level(OptimizationLevel::None)
        .set_max_operations(MAX_OPERATIONS)
        .set_max_call_levels(MAX_CALL_DEPTH)
        .set_max_expr_depths(MAX_DEPTH_OF_CELL, MAX_DEPTH_OF_FUNCTION)
        .set_max_string_size(MAX_TEXT)
        .set_max_array_size(MAX_LIST)
        .set_max_map_size(MAX_MAP)
        .set_max_functions(MAX_FUNCTIONS)
        .set_max_variables(MAX_VARIABLES);
    convert::register(&mut engine);
    dates::register(&mut engine, shared);
    employee::register(&mut engine, shared);
    helpers::register(&mut engine);
    lookups::register(&mut engine, shared);
    patterns::register(&mut engine, shared);
    engine
}

/// Names of functions, each with the numbers of arguments it takes.
pub(super) type Arities = BTreeMap<String, BTreeSet<usize>>;

/// Every function that is not the author's.
pub(super) fn natives(engine: &Engine) -> Arities {
    let mut names = Arities::new();
    // Rhai answers this one itself, without a registered function.
    names.entry("type_of".to_owned()).or_default().insert(1);
    for (name, count) in
        engine.collect_fn_metadata(None, |info| Some((info.metadata.name.to_string(), info.metadata.num_params)), true)
    {
        if rhai::is_valid_identifier(&name) {
            names.entry(name).or_default().insert(count);
        }
    }
    names
}
