//! Numbers that look random and are the same for ever: `same seed, same people` must outlive every library.

/// The SplitMix64 sequence.
pub(crate) struct Numbers(u64);

impl Numbers {
    /// A sequence of its own for each person.
    pub(crate) fn of(seed: u64, person: usize) -> Self {
        let mut numbers = Self(seed ^ (person as u64).wrapping_mul(0xd134_2543_de82_ef95));
        numbers.next();
        numbers
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a limit.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % (limit.max(1) as u64)).unwrap_or(0)
    }
}
