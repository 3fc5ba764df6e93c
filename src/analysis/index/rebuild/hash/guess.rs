//! How many items a bucket has if that is known by and large, and how many overflow pages then.
use super::layout::Layout;

/// A number of items, normally distributed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guess {
    mean: f64,
    deviation: f64,
}

impl Guess {
    /// A bucket gets a share of `items`, and `part` of them are there yet: each is by chance, or, as
    /// far as the share goes, `spread` are together.
    pub(super) fn of(items: f64, part: f64, share: f64, spread: f64) -> Self {
        let mean = items * part * share;
        let variance = mean * ((1.0 - part) + spread * part * (1.0 - share));
        // More than all of it would be looked at page by page, however odd the hash codes are.
        Self { mean, deviation: variance.max(0.0).sqrt().min(mean) }
    }

    /// The same with more items.
    pub(super) fn and(self, more: f64) -> Self {
        Self { mean: self.mean + more, ..self }
    }

    /// Overflow pages to be expected: the sum over all pages of how likely each is needed.
    pub(super) fn overflow(self, layout: &Layout) -> f64 {
        let page = float(layout.per_page);
        // Below, pages are certain; above, there are none.
        let (sure, never) = (self.mean - 6.0 * self.deviation, self.mean + 6.0 * self.deviation);
        let mut pages = ((sure - 0.5) / page).floor().max(0.0);
        let mut needed = pages;
        pages += 1.0;
        while pages * page + 0.5 < never {
            needed += above((pages * page + 0.5 - self.mean) / self.deviation);
            pages += 1.0;
        }
        needed
    }
}

/// How likely a normally distributed number is that many deviations above its mean: the logistic
/// approximation of Bowling, Khasawneh, Kaewkuekool and Cho (2009), right to 0.00014.
fn above(deviations: f64) -> f64 {
    let x = deviations;
    1.0 / (1.0 + (0.07056 * x * x * x + 1.5976 * x).exp())
}

/// A count as a number to calculate with.
#[expect(clippy::cast_precision_loss, reason = "what is that large is an estimate anyway")]
pub(super) const fn float(count: u64) -> f64 {
    count as f64
}
