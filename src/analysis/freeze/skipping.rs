//! Which pages VACUUM leaves out: runs of skippable ones, if they are long enough to be worth it
//! (`SKIP_PAGES_THRESHOLD`, `find_next_unskippable_block`, access/heap/vacuumlazy.c).

/// Shorter runs of skippable pages are read all the same.
const SKIP_PAGES_THRESHOLD: u64 = 32;

/// Consecutive pages, seen in order. Merging neighbours joins the runs at their border.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Skipping {
    /// Skippable pages before the first other one; all pages if there is no other.
    head: u64,
    /// Skippable pages after the last other one.
    tail: u64,
    /// Whether there is any page that cannot be skipped.
    any: bool,
    /// Pages to be read between head and tail.
    read: u64,
}

impl Skipping {
    /// Adds the next page.
    #[inline]
    pub(super) fn page(&mut self, skippable: bool) {
        match (skippable, self.any) {
            (true, false) => self.head += 1,
            (true, true) => self.tail += 1,
            (false, any) => {
                self.read += 1 + if any { worth_reading(self.tail) } else { 0 };
                (self.any, self.tail) = (true, 0);
            }
        }
    }

    /// Adds the pages that follow.
    pub(super) fn merge(&mut self, later: Self) {
        match (self.any, later.any) {
            (false, _) => *self = Self { head: self.head + later.head, ..later },
            (true, false) => self.tail += later.head,
            (true, true) => {
                self.read += later.read + worth_reading(self.tail + later.head);
                self.tail = later.tail;
            }
        }
    }

    /// Pages that are read; the last one always is, to see whether the table can be truncated.
    pub(super) fn pages_read(mut self) -> u64 {
        let last = if self.any { &mut self.tail } else { &mut self.head };
        let skippable_end = *last > 0;
        *last = last.saturating_sub(1);
        self.read + worth_reading(self.head) + worth_reading(self.tail) + u64::from(skippable_end)
    }
}

fn worth_reading(run: u64) -> u64 {
    if run < SKIP_PAGES_THRESHOLD { run } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::Skipping;

    fn of(pages: &[bool]) -> Skipping {
        let mut skipping = Skipping::default();
        for &page in pages {
            skipping.page(page);
        }
        skipping
    }

    #[test]
    fn long_runs_are_skipped_short_ones_and_the_last_page_are_read() {
        let pages = |runs: &[(bool, usize)]| {
            runs.iter().flat_map(|&(skip, n)| vec![skip; n]).collect::<Vec<_>>()
        };
        assert_eq!(of(&[]).pages_read(), 0);
        assert_eq!(of(&pages(&[(true, 33)])).pages_read(), 1);
        assert_eq!(of(&pages(&[(true, 32)])).pages_read(), 32, "31 and the last");
        assert_eq!(of(&pages(&[(true, 40), (false, 1), (true, 31), (false, 2)])).pages_read(), 34);
        assert_eq!(of(&pages(&[(false, 1), (true, 32), (false, 1), (true, 50)])).pages_read(), 3);
    }

    #[test]
    fn any_split_reads_the_same_pages() {
        let pages: Vec<bool> = (0..500_u32).map(|n| n % 97 != 0 && n % 89 != 3).collect();
        let whole = of(&pages);
        for at in [0, 1, 30, 97, 98, 250, 499, 500] {
            let mut split = of(&pages[..at]);
            split.merge(of(&pages[at..]));
            assert_eq!(split, whole, "split at {at}");
        }
    }
}
