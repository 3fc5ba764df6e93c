//! Items of index pages, each by itself: where its line pointer leads, how long it is, and its rows
//! (`PageGetItemIdCareful`, contrib/amcheck/verify_nbtree.c and verify_gin.c).
use super::role::{Method, Role};
use crate::finding::{Finding, Place, rules};
use crate::format::index::btree::Points;
use crate::format::index::{IndexTuple, gin};
use crate::format::page::{ItemId, LpFlags, Page};
use crate::types::OffsetNumber;

/// Says what is wrong with the items of `page`; `rows` tells whether their rows are read as well.
pub(super) fn judge(
    (method, role): (Method, Role),
    page: &Page<'_>,
    rows: bool,
    found: &mut dyn FnMut(Option<OffsetNumber>, Finding),
) {
    let mut say = |offset, evidence: String| {
        found(offset, Finding::new(&rules::INDEX_ITEM, Place::default(), evidence));
    };
    if role == Role::DataLeaf && rows {
        if let Some(error) = data_error(page) {
            say(None, error);
        }
    } else if has_items(method, role) {
        for (number, item) in page.items() {
            if let Some(evidence) = wrong((method, role), page, item, rows) {
                say(Some(number), evidence);
            }
        }
    }
}

/// Whether what lies behind the header of such a page are line pointers.
const fn has_items(method: Method, role: Role) -> bool {
    match method {
        Method::Bloom | Method::Other => false,
        Method::Brin => matches!(role, Role::Regular),
        _ => matches!(
            role,
            Role::Root
                | Role::Internal
                | Role::Leaf
                | Role::InternalNulls
                | Role::LeafNulls
                | Role::EntryInternal
                | Role::EntryLeaf
                | Role::Pending
                | Role::Bucket
                | Role::Overflow
        ),
    }
}

/// What is wrong with an item.
fn wrong(
    (method, role): (Method, Role),
    page: &Page<'_>,
    item: ItemId,
    rows: bool,
) -> Option<String> {
    let (header, storage) = (page.header(), item.storage());
    let flags = item.lp_flags();
    // Of a BRIN index, summaries that moved leave theirs behind.
    if flags == LpFlags::Unused && method == Method::Brin {
        return None;
    }
    if matches!(flags, LpFlags::Unused | LpFlags::Redirect) || item.lp_len() == 0 {
        let evidence = format!("lp_flags {flags:?}, lp_len {}: no item", item.lp_len());
        return Some(evidence.to_lowercase());
    }
    let area = u32::from(header.pd_upper)..u32::from(header.pd_special);
    if storage.start < area.start || storage.end > area.end {
        return Some(format!("storage is {storage:?}, outside {area:?}"));
    }
    if matches!(method, Method::Brin | Method::Spgist) {
        return None;
    }
    let Ok((_, tuple)) = IndexTuple::parse(page.slice(storage)?) else {
        return Some("the tuple has another length than its line pointer says".to_owned());
    };
    if tuple.size() != item.lp_len() {
        let (size, len) = (tuple.size(), item.lp_len());
        return Some(format!("the tuple has {size} bytes, lp_len is {len}"));
    }
    match (method, role) {
        (Method::Btree, Role::Leaf) if rows => posting_error(&tuple),
        (Method::Gin, Role::EntryLeaf) if rows => {
            gin::Rows::of(&tuple).err().map(|error| error.to_string())
        }
        _ => None,
    }
}

/// What is wrong with the posting list of a tuple, whose rows ascend.
fn posting_error(tuple: &IndexTuple<'_>) -> Option<String> {
    let Some(points) = Points::of(tuple) else {
        return Some("its posting list is not inside of it".to_owned());
    };
    let rows: Vec<_> = points.posting()?.collect();
    let (before, after) = rows.iter().zip(rows.iter().skip(1)).find(|(one, next)| one >= next)?;
    Some(format!("row {after} comes after row {before} in its posting list"))
}

/// What is wrong with the rows of a leaf of a tree of rows.
fn data_error(page: &Page<'_>) -> Option<String> {
    let compressed = gin::Opaque::of(page).is_ok_and(|opaque| opaque.is_compressed());
    let mut lists = gin::leaf_lists(page).take_while(|_| compressed);
    lists.find_map(|list| list.and_then(|list| list.rows()).err()).map(|error| error.to_string())
}
