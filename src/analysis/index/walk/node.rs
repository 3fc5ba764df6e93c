//! One page of a tree as a walk sees it: where it leads, whatever the access method.
use crate::analysis::index::role::{Method, Role};
use crate::analysis::index::rows::{data_tuples, tuples};
use crate::analysis::index::scan::Count;
use crate::format::index::btree::{self, Points};
use crate::format::index::{gin, gist};
use crate::format::page::Page;
use crate::types::{BlockNumber, Lsn, OffsetNumber};

/// A page.
pub(super) struct Node {
    pub(super) block: u32,
    pub(super) role: Role,
    pub(super) lsn: Lsn,
    pub(super) count: Count,
    /// Of a B-tree, its level.
    pub(super) level: Option<u32>,
    /// Its siblings, where there are any; the left one is known in B-trees only.
    pub(super) left: Option<u32>,
    pub(super) right: Option<u32>,
    /// Whether its right sibling has no downlink yet.
    pub(super) incomplete: bool,
    /// The pages below it, with the line pointers that lead there.
    pub(super) children: Vec<(u16, u32)>,
    /// Of a leaf of the tree of entries of a GIN index, the roots of trees of rows.
    pub(super) trees: Vec<(u16, u32)>,
}

/// The item on an inner page of entries of a GIN index whose key says nothing: the last on the last
/// page leads to all that is beyond the others (`entryLocateEntry`, access/gin/ginentrypage.c).
pub(super) fn leads_beyond(method: Method, page: &Page<'_>) -> Option<OffsetNumber> {
    let inner = method == Method::Gin && method.role(page) == Ok(Role::EntryInternal);
    let last = gin::Opaque::of(page).ok()?.rightlink == BlockNumber::INVALID;
    (inner && last).then(|| OffsetNumber(page.item_count()))
}

impl Node {
    /// Takes apart `page`, which is no new one; `None` if it is not one of the access method.
    pub(super) fn of(method: Method, block: u32, page: &Page<'_>) -> Option<Self> {
        let role = method.role(page).ok()?;
        let node = Self {
            block,
            role,
            lsn: page.header().pd_lsn,
            count: Count::of(method, role, page),
            level: None,
            left: None,
            right: None,
            incomplete: false,
            children: Vec::new(),
            trees: Vec::new(),
        };
        match method {
            Method::Btree => node.btree(page),
            Method::Gin => node.gin(page),
            Method::Gist => node.gist(page),
            _ => Some(node),
        }
    }

    /// Whether nothing can be below it.
    pub(super) const fn is_leaf(&self) -> bool {
        matches!(self.role, Role::Leaf | Role::EntryLeaf | Role::DataLeaf)
    }

    fn btree(self, page: &Page<'_>) -> Option<Self> {
        let opaque = btree::Opaque::of(page).ok()?;
        let there = |block: BlockNumber| Some(block.0).filter(|_| block != btree::NONE);
        let child = |points| match points {
            Points::Pivot { downlink, .. } => Some(downlink.0),
            Points::One(tid) => Some(tid.block.0),
            Points::Posting(_) => None,
        };
        let children = match self.role {
            Role::Root | Role::Internal => data_tuples(page)
                .filter_map(|(number, _, tuple)| Some((number.0, child(Points::of(&tuple)?)?)))
                .collect(),
            _ => Vec::new(),
        };
        Some(Self {
            level: Some(opaque.btpo_level),
            left: there(opaque.btpo_prev),
            right: there(opaque.btpo_next),
            incomplete: opaque.is_incomplete_split(),
            children,
            ..self
        })
    }

    fn gin(self, page: &Page<'_>) -> Option<Self> {
        let opaque = gin::Opaque::of(page).ok()?;
        let (mut children, mut trees) = (Vec::new(), Vec::new());
        match self.role {
            Role::EntryInternal => {
                children.extend(tuples(page).map(|(number, _, t)| (number.0, t.t_tid.block.0)));
            }
            Role::DataInternal => {
                let items = gin::posting_items(page, &opaque);
                children.extend((1..).zip(items.iter().map(|item| item.child.0)));
            }
            Role::EntryLeaf => trees.extend(tuples(page).filter_map(|(number, _, tuple)| {
                match gin::Rows::of(&tuple) {
                    Ok(gin::Rows::Tree(root)) => Some((number.0, root.0)),
                    _ => None,
                }
            })),
            _ => {}
        }
        let right = Some(opaque.rightlink.0).filter(|_| opaque.rightlink != BlockNumber::INVALID);
        Some(Self { right, incomplete: opaque.is_incomplete_split(), children, trees, ..self })
    }

    fn gist(self, page: &Page<'_>) -> Option<Self> {
        let opaque = gist::Opaque::of(page).ok()?;
        let children = match self.role {
            Role::Internal => {
                tuples(page).map(|(number, _, tuple)| (number.0, tuple.t_tid.block.0)).collect()
            }
            _ => Vec::new(),
        };
        let right = Some(opaque.rightlink.0).filter(|_| opaque.rightlink != BlockNumber::INVALID);
        Some(Self { right, incomplete: opaque.follows_right(), children, ..self })
    }
}
