//! How many items there are by the lower bits of their hash codes, and what that tells of buckets.
use super::guess::{Guess, float};
use super::layout::{Layout, bucket_of, half};

/// Counters, a power of two.
const COUNTERS: u32 = 1 << 14;
/// How often the growth of an index is looked at while its buckets double.
const LOOKS: u64 = 128;

/// Items by the lower bits of their hash codes.
#[derive(Debug, Clone)]
pub(super) struct Counters(Box<[u32]>);

impl Counters {
    pub(super) fn new() -> Self {
        Self(vec![0; COUNTERS as usize].into_boxed_slice())
    }

    pub(super) fn add(&mut self, hash: u32) {
        if let Some(count) = self.0.get_mut((hash % COUNTERS) as usize) {
            *count = count.saturating_add(1);
        }
    }

    pub(super) fn merge(&mut self, others: &Self) {
        for (count, more) in self.0.iter_mut().zip(&others.0) {
            *count = count.saturating_add(*more);
        }
    }

    /// Buckets and overflow pages once `rows` of `all` these items are there. Rows are taken to come in
    /// no order: whenever a bucket is split off, each counter has the same part of its items.
    pub(super) fn built(&self, layout: &Layout, all: u64, rows: u64) -> (u64, u64) {
        let buckets = layout.buckets(rows);
        let usual = Usual::of(&self.0);
        let part = |items: u64| float(items) / float(all.max(1));
        let mut most = self.overflow(layout, buckets, part(rows), usual);
        // There were more at some time before only if buckets have doubled since once or twice.
        let mut at = layout.laid_out.max(buckets / 4);
        while at < buckets {
            let next = at + (half(at + 1) / LOOKS).max(1);
            // Just before the next bucket is split off, which begins as a copy.
            let items = |at: u64| layout.per_bucket.saturating_mul(at).saturating_add(1).min(rows);
            let copies = (at..next).map(|new| self.copied(layout, new, part(items(new))));
            let copy = copies.fold(0.0, f64::max);
            most = most.max(self.overflow(layout, at, part(items(at)), usual) + copy);
            at = next;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a sum of what is not negative; what is too large saturates"
        )]
        (buckets, most.round() as u64)
    }

    fn overflow(&self, layout: &Layout, buckets: u64, part: f64, usual: Usual) -> f64 {
        if half(buckets) < u64::from(COUNTERS) {
            self.by_bucket(layout, buckets, part)
        } else {
            self.shared(layout, buckets, part, usual)
        }
    }

    /// Overflow pages of bucket `new` when it is split off, and `part` of the items are there.
    fn copied(&self, layout: &Layout, new: u64, part: f64) -> f64 {
        let step = 2 * half(new + 1);
        if step > u64::from(COUNTERS) {
            return 0.0;
        }
        let hashes =
            (new..u64::from(COUNTERS)).step_by(usize::try_from(step).unwrap_or(usize::MAX));
        let counts = hashes.filter_map(|hash| self.0.get(usize::try_from(hash).ok()?));
        let items = counts.map(|count| u64::from(*count)).sum();
        Guess::of(float(items), part, 1.0, 1.0).overflow(layout)
    }

    /// Overflow pages when `part` of the items are there, in so few buckets that each has counters of
    /// its own.
    fn by_bucket(&self, layout: &Layout, buckets: u64, part: f64) -> f64 {
        let mut items = vec![0_u64; usize::try_from(buckets).unwrap_or(0)];
        for (hash, count) in (0_u64..).zip(&self.0) {
            let bucket = bucket_of(hash, buckets);
            if let Some(items) = usize::try_from(bucket).ok().and_then(|at| items.get_mut(at)) {
                *items += u64::from(*count);
            }
        }
        items
            .into_iter()
            .map(|items| Guess::of(float(items), part, 1.0, 1.0).overflow(layout))
            .sum()
    }

    /// Overflow pages when `part` of the items are there, in so many buckets that they share counters:
    /// evenly, but for what is above the usual, which is in one of them.
    fn shared(&self, layout: &Layout, buckets: u64, part: f64, usual: Usual) -> f64 {
        let (half, counters) = (half(buckets), u64::from(COUNTERS));
        let share = float(counters) / float(half);
        let pages = |(hash, count): (u64, &u32)| {
            let (even, excess) = usual.apart(f64::from(*count));
            // Of the buckets that share the counter, those that were split, into halves.
            let split = (buckets - half).saturating_sub(hash).div_ceil(counters);
            let whole = half / counters - split;
            let guess = |share: f64| Guess::of(even, part, share, usual.spread);
            let (of_whole, of_half) = (guess(share), guess(share / 2.0));
            let mut pages = float(whole) * of_whole.overflow(layout);
            pages += float(2 * split) * of_half.overflow(layout);
            if excess > 0.0 {
                let one = if whole > split { of_whole } else { of_half };
                pages += one.and(excess * part).overflow(layout) - one.overflow(layout);
            }
            pages
        };
        (0..).zip(&self.0).map(pages).sum()
    }
}

/// What most counters are like.
#[derive(Debug, Clone, Copy)]
struct Usual {
    count: f64,
    /// Variance in units of the mean: 1 if no two items have the same hash code, n if n have.
    spread: f64,
}

impl Usual {
    fn of(counters: &[u32]) -> Self {
        let mut sorted = counters.to_vec();
        sorted.sort_unstable();
        let at = |part: usize| sorted.get(sorted.len() * part / 4).copied().map_or(0.0, f64::from);
        let count = at(2);
        // As far apart the quartiles of a normal distribution are.
        let deviation = (at(3) - at(1)) / 1.349;
        Self { count, spread: (deviation * deviation / count.max(1.0)).max(1.0) }
    }

    /// What is even among the buckets of a counter, and what is above.
    fn apart(&self, count: f64) -> (f64, f64) {
        let most = self.count + 6.0 * (self.spread * self.count).sqrt();
        if count > most { (self.count, count - self.count) } else { (count, 0.0) }
    }
}
