//! Pages of indexes, one file per access method.
pub mod bloom;
pub mod brin;
pub mod btree;
pub mod gin;
pub mod gist;
pub mod hash;
pub mod spgist;
mod tuple;

pub use tuple::IndexTuple;

/// The names of the flags that are set, from the lowest bit; those without a name as one number in
/// hexadecimal, at the end (contrib/pageinspect).
fn flag_names(flags: u16, names: &[&str]) -> Vec<String> {
    let mut unknown = flags;
    let mut set = Vec::new();
    for (bit, name) in names.iter().enumerate() {
        let mask = 1_u16.unbounded_shl(u32::try_from(bit).unwrap_or(u32::MAX));
        if flags & mask != 0 {
            set.push((*name).to_owned());
            unknown &= !mask;
        }
    }
    if unknown != 0 {
        set.push(format!("{unknown:x}"));
    }
    set
}

#[cfg(test)]
mod tests;
