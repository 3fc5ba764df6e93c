//! Sizes in bytes, for people.

/// What `pg_size_pretty` says (utils/adt/dbsize.c): the smallest unit in which the number stays
/// below ten thousand and some, rounded half up.
pub fn pretty_size(bytes: u64) -> String {
    if bytes < 10 * 1024 {
        return format!("{bytes} bytes");
    }
    // One bit more than the unit is kept up to the end, for the rounding.
    let mut halves = bytes >> 9;
    for unit in ["kB", "MB", "GB", "TB"] {
        if halves < 20 * 1024 - 1 {
            return format!("{} {unit}", halves.div_ceil(2));
        }
        halves >>= 10;
    }
    format!("{} PB", halves.div_ceil(2))
}
