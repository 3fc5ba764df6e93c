//! Against servers. There an operator class whose hash function gives back its argument made the hash
//! codes known: `CREATE INDEX … USING hash (k same) WITH (fillfactor = …)` on a table of which pg_class
//! was told how many rows it has, its column k being `code` of 0, 1, 2, … or of what is said.
use super::super::Build;
use super::Items;
use crate::analysis::index::Method;

/// `(z # (z >> 13))::bit(32)::int`, z being `(y # (y >> 15)) * 668265263 & 4294967295`, and y being
/// `$1 * 2654435769 & 4294967295`.
const fn code(number: u32) -> u32 {
    let y = number.wrapping_mul(2_654_435_769);
    let z = (y ^ (y >> 15)).wrapping_mul(668_265_263);
    z ^ (z >> 13)
}

const fn build(fillfactor: u32) -> Build {
    Build {
        method: Method::Hash,
        block_size: 8192,
        table_blocks: 0,
        table_rows: None,
        fillfactor,
        deduplicate: false,
        sorted: false,
        maintenance_work_mem: 0,
    }
}

fn pages(rows: u32, of: fn(u32) -> u32, fillfactor: u32, table_rows: u64) -> u64 {
    let mut items = Items::default();
    (0..rows).for_each(|row| items.add(code(of(row))));
    items.pages(&build(fillfactor), table_rows, None)
}

fn near(found: u64, real: u64) {
    assert!(found.abs_diff(real) <= real / 50 + 1, "{found}, not {real}");
}

/// Of 18.4 and of 12.22.
#[test]
fn few_items_take_the_pages_that_the_server_gives_them() {
    assert_eq!(pages(0, |row| row, 75, 0), 4);
    assert_eq!(pages(1, |row| row, 75, 200_000), 770);
    assert_eq!(pages(5000, |row| row, 100, 5000), 18);
}

/// Of 18.4 and of 12.22: pg_class tells of too few rows, and buckets are split off meanwhile.
#[test]
fn what_splits_leave_behind_stays_in_the_file() {
    near(pages(5000, |row| row, 75, 100), 39);
    near(pages(5000, |row| row % 7, 75, 100), 43);
    near(pages(5000, |row| row % 2, 90, 3000), 30);
    near(pages(5400, |row| row / 600, 50, 500), 43);
}

/// Of 18.4 and of 12.22.
#[test]
fn many_items_take_the_pages_that_the_server_gives_them() {
    assert_eq!(pages(10_000, |row| row % 3, 75, 10_000), 90);
    assert_eq!(pages(100_000, |row| row % 500, 100, 100_000), 352);
    // More buckets than counters.
    assert_eq!(pages(1_000_000, |row| row, 10, 1_000_000), 28_674);
    let a_tenth_is_5 = |row| if row % 10 == 0 { 5 } else { row };
    assert_eq!(pages(1_000_000, a_tenth_is_5, 10, 1_000_000), 28_919);
}

/// Of 18.4 and of 12.22. In which order items came is not kept: one page in fifty, and one, is allowed for.
#[test]
fn what_splits_leave_behind_of_many_items_is_met_by_and_large() {
    assert_eq!(pages(18_000, |row| row % 2, 90, 3000), 110);
    assert_eq!(pages(900_000, |row| row, 10, 700_000), 24_578);
    near(pages(20_000, |row| row, 75, 9000), 147);
    near(pages(100_000, |row| row, 75, 3000), 586);
    near(pages(150_000, |row| row, 100, 60_000), 744);
    near(pages(100_000, |row| row % 500, 100, 20_000), 377);
    near(pages(150_000, |row| row % 2000, 75, 50_000), 652);
    near(pages(60_000, |row| row / 1000, 75, 20_000), 379);
}
