//! Names that the user may have meant.
use std::collections::BTreeSet;

/// How many are offered.
const OFFERED: usize = 3;

/// Of `names`, those that differ from `wanted` in few letters or hold it, nearest first. Each is
/// a bare name and how to write it in full.
pub(super) fn nearest(wanted: &str, names: impl Iterator<Item = (String, String)>) -> Vec<String> {
    let wanted = wanted.to_lowercase();
    let limit = wanted.chars().count() / 3 + 1;
    let mut near = BTreeSet::new();
    for (name, full) in names {
        let name = name.to_lowercase();
        let distance = if wanted.len() > 2 && name.contains(&wanted) {
            Some(1)
        } else {
            distance(&wanted, &name, limit)
        };
        if let Some(distance) = distance {
            near.insert((distance, full));
            if near.len() > OFFERED {
                near.pop_last();
            }
        }
    }
    near.into_iter().map(|(_, full)| full).collect()
}

/// How many letters have to be changed, left out or added (Levenshtein); `None` if more than
/// `limit`.
fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let (a, b): (Vec<_>, Vec<_>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (y, above) in b.iter().zip(row.iter_mut().skip(1)) {
            let changed = diagonal + usize::from(x != y);
            diagonal = *above;
            left = changed.min(left + 1).min(*above + 1);
            *above = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().filter(|&distance| distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn letters_are_changed_left_out_or_added() {
        assert_eq!(distance("kitten", "sitting", 3), Some(3));
        assert_eq!(distance("kitten", "sitting", 2), None);
        assert_eq!((distance("", "ab", 2), distance("ab", "ab", 0)), (Some(2), Some(0)));
    }

    #[test]
    fn the_nearest_come_first() {
        let names = ["orders", "order", "customers", "orders_2024"];
        let names = names.iter().map(|name| ((*name).to_owned(), format!("db.{name}")));
        assert_eq!(nearest("ordes", names), ["db.order", "db.orders"]);
    }
}
