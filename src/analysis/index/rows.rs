//! The rows that the items of a page lead to, whatever the access method.
use super::role::{Method, Role};
use crate::format::index::{IndexTuple, bloom, btree, gin, spgist};
use crate::format::page::{ItemId, LpFlags, Page};
use crate::types::{OffsetNumber, Tid};

/// Gets each row with the line pointer of its item, 0 where items have none, and whether that is
/// `LP_DEAD`.
pub(super) type Each<'a> = dyn FnMut(OffsetNumber, bool, Tid) + 'a;

/// Shows the rows of a page to `each`. What cannot be decoded leads to none.
pub(super) fn rows(method: Method, role: Role, page: &Page<'_>, each: &mut Each<'_>) {
    match (method, role) {
        (Method::Btree, Role::Leaf) => btree_rows(page, each),
        (Method::Hash | Method::Gist, _) | (Method::Gin, Role::Pending) => {
            for (number, item, tuple) in tuples(page) {
                each(number, item.lp_flags() == LpFlags::Dead, tuple.t_tid);
            }
        }
        (Method::Spgist, _) => spgist_rows(page, each),
        (Method::Bloom, _) => {
            if let Ok(opaque) = bloom::Opaque::of(page) {
                for row in bloom::rows(page, &opaque) {
                    each(OffsetNumber(0), false, row.heap_ptr);
                }
            }
        }
        (Method::Gin, Role::EntryLeaf) => {
            for (number, item, tuple) in tuples(page) {
                if let Ok(gin::Rows::List(rows)) = gin::Rows::of(&tuple) {
                    let dead = item.lp_flags() == LpFlags::Dead;
                    for row in rows {
                        each(number, dead, row);
                    }
                }
            }
        }
        (Method::Gin, Role::DataLeaf) => {
            for list in gin::leaf_lists(page).map_while(Result::ok) {
                for row in list.rows().unwrap_or_default() {
                    each(OffsetNumber(0), false, row);
                }
            }
        }
        _ => {}
    }
}

/// The index tuples of a page with their line pointers; those that cannot be decoded are left out.
pub(super) fn tuples<'a>(
    page: &Page<'a>,
) -> impl Iterator<Item = (OffsetNumber, ItemId, IndexTuple<'a>)> {
    let of = *page;
    page.items().filter_map(move |(number, item)| {
        let bytes = of.slice(item.storage()).filter(|_| item.lp_len() > 0)?;
        Some((number, item, IndexTuple::parse(bytes).ok()?.1))
    })
}

/// The tuples of a B-tree page without its high key.
pub(super) fn data_tuples<'a>(
    page: &Page<'a>,
) -> impl Iterator<Item = (OffsetNumber, ItemId, IndexTuple<'a>)> {
    let first = first_data_key(page);
    tuples(page).filter(move |(number, ..)| number.0 >= first)
}

/// `P_FIRSTDATAKEY`.
pub(super) fn first_data_key(page: &Page<'_>) -> u16 {
    let high_key = btree::Opaque::of(page).is_ok_and(|opaque| !opaque.is_rightmost());
    if high_key { btree::HIGH_KEY.0 + 1 } else { btree::HIGH_KEY.0 }
}

fn btree_rows(page: &Page<'_>, each: &mut Each<'_>) {
    for (number, item, tuple) in data_tuples(page) {
        let dead = item.lp_flags() == LpFlags::Dead;
        match btree::Points::of(&tuple) {
            Some(btree::Points::One(row)) => each(number, dead, row),
            Some(points) => {
                points.posting().into_iter().flatten().for_each(|row| each(number, dead, row));
            }
            None => {}
        }
    }
}

fn spgist_rows(page: &Page<'_>, each: &mut Each<'_>) {
    for (number, item) in page.items() {
        let leaf = page.slice(item.storage()).and_then(|bytes| spgist::Leaf::parse(bytes).ok());
        if let Some((_, leaf)) = leaf
            && leaf.state == spgist::State::Live
        {
            each(number, false, leaf.pointer);
        }
    }
}
