//! From the root down: which page leads where, whether neighbours agree, how deep it goes. Each page
//! is visited once, whatever the links say, so every walk ends.
mod buckets;
mod chains;
mod draw;
mod fast_root;
mod node;
mod spgist;
mod summaries;
mod tree;

pub use draw::View;
pub(super) use summaries::summaries;

use super::role::{Method, Role};
use super::rows;
use super::scan::{Count, Meta};
use crate::analysis::verify;
use crate::cluster::{Cluster, GinKey, IndexShape, Relation};
use crate::finding::{Finding, Findings, Place, Rule, rules};
use crate::format::index::IndexTuple;
use crate::format::page::{Page, is_zeroed};
use crate::report::index::{Level, TreeNode};
use crate::report::key::listed;
use crate::source::relation::RelationFiles;
use crate::types::{BlockNumber, Fork, Lsn, OffsetNumber};
use draw::Drawing;
use node::Node;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// An index on the way.
pub(super) struct Walk<'a> {
    cluster: &'a Cluster,
    relation: &'a Relation,
    name: &'a str,
    files: &'a RelationFiles<'a>,
    method: Method,
    /// Which blocks were met: a bit for each.
    met: Vec<u64>,
    /// What its keys are, if the catalogs can tell; read when first asked for.
    shape: OnceCell<Option<IndexShape<'a>>>,
    /// By tree, and level from the leaves or depth from the root.
    levels: BTreeMap<(Tree, u32), Seen>,
    drawing: Drawing,
    pub(super) found: Findings,
}

/// The trees of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tree {
    /// Of keys, the only one of most access methods.
    Keys,
    /// Of entries (GIN).
    Entries,
    /// Of the rows of one entry (GIN), all of them together.
    Postings,
    /// Of null keys (SP-GiST).
    Nulls,
}

/// One level of a tree.
#[derive(Default)]
struct Seen {
    count: Count,
    /// The first block that was met, and the last.
    ends: Option<(u32, u32)>,
    /// Whether `count.pages` are tuples.
    tuples: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        cluster: &'a Cluster,
        relation: &'a Relation,
        name: &'a str,
        files: &'a RelationFiles<'a>,
        view: Option<View>,
    ) -> Self {
        let method = Method::of(relation.access_method.as_deref());
        let words = (files.end() as usize).div_ceil(64);
        Self {
            cluster,
            relation,
            name,
            files,
            method,
            met: vec![0; words],
            shape: OnceCell::new(),
            levels: BTreeMap::new(),
            drawing: Drawing::new(view),
            found: Findings::default(),
        }
    }

    /// Follows all links there are, from what the metapage says.
    pub(super) fn all(&mut self, meta: Option<&Meta>) {
        match (self.method, meta) {
            (Method::Btree, Some(Meta::Btree(meta))) => {
                self.meet(0);
                if meta.btm_root != crate::format::index::btree::NONE {
                    self.descend(
                        Tree::Keys,
                        (0, None),
                        meta.btm_root.0,
                        Some(meta.btm_level),
                        None,
                    );
                }
                self.fast_root(meta);
            }
            (Method::Gist, _) => self.descend(Tree::Keys, (0, None), 0, None, None),
            (Method::Gin, meta) => {
                self.meet(0);
                self.descend(Tree::Entries, (0, None), 1, None, None);
                if let Some(Meta::Gin(meta)) = meta {
                    self.pending(meta);
                }
            }
            (Method::Hash, Some(Meta::Hash(meta))) => self.buckets(meta),
            (Method::Spgist, _) => self.spgist(),
            _ => {}
        }
    }

    /// The levels, the roots' first.
    pub(super) fn levels(&self) -> Vec<Level> {
        let deepest = |of: Tree| self.levels.keys().filter(|(tree, _)| *tree == of).count();
        let level = |(&(tree, at), seen): (&(Tree, u32), &Seen)| {
            let levels = u32::try_from(deepest(tree)).unwrap_or(u32::MAX);
            let down = levels.saturating_sub(at.saturating_add(1));
            let ends = seen.ends.filter(|_| tree != Tree::Postings);
            Level {
                tree: tree.name(),
                level: if self.method == Method::Btree { at } else { down },
                pages: seen.count.pages,
                items: seen.count.items,
                fill_percent: seen.count.fill_percent().filter(|_| !seen.tuples),
                min_key: ends.and_then(|(first, _)| self.key(first, false)),
                max_key: ends.and_then(|(_, last)| self.key(last, true)),
            }
        };
        let mut levels: Vec<_> = self.levels.iter().map(level).collect();
        levels.sort_by_key(|level| (level.tree, std::cmp::Reverse(level.level)));
        levels
    }

    /// The tree as far as it is to be drawn.
    pub(super) fn drawn(&mut self) -> Vec<TreeNode> {
        self.drawing.finish()
    }

    /// Blocks that were not met, are neither new nor deleted, and can be read.
    pub(super) fn unreached(&self) -> Option<u64> {
        let followed = matches!(
            self.method,
            Method::Btree | Method::Gist | Method::Gin | Method::Hash | Method::Spgist
        );
        let lost = |block: &u32| !self.has_met(*block) && self.is_in_use(*block);
        followed.then(|| (0..self.files.end()).filter(lost).count() as u64)
    }

    fn is_in_use(&self, block: u32) -> bool {
        let in_use = |page: &Page<'_>| match self.method.role(page) {
            Ok(Role::Deleted | Role::Unused | Role::Meta | Role::New) | Err(_) => false,
            // Pages whose tuples have all moved on stay where they are.
            Ok(_) if self.method == Method::Spgist => spgist::has_live_tuples(page),
            Ok(_) => true,
        };
        self.look(block, in_use).unwrap_or(false)
    }

    /// Shows a page that can be trusted and is not new to `see`.
    fn look<T>(&self, block: u32, see: impl FnOnce(&Page<'_>) -> T) -> Option<T> {
        let mut scratch = Vec::new();
        let bytes = self.files.read_blocks(block..block.saturating_add(1), &mut scratch).ok()?;
        let known = verify::page::Known {
            block: BlockNumber(block),
            relation: "",
            checksums: self.cluster.dialect().geometry.checksums,
        };
        if !verify::page::judge(bytes, known, &mut |_| {}) {
            return None;
        }
        let page = Page::parse(bytes).ok().filter(|page| !page.header().is_new())?;
        Some(see(&page))
    }

    /// Whether a page is all zeros.
    fn is_new(&self, block: u32) -> bool {
        let mut scratch = Vec::new();
        let read = self.files.read_blocks(block..block.saturating_add(1), &mut scratch);
        read.is_ok_and(|page| !page.is_empty() && is_zeroed(page))
    }

    /// A page of a tree.
    fn node(&self, block: u32) -> Option<Node> {
        self.look(block, |page| Node::of(self.method, block, page)).flatten()
    }

    /// The first key on a page of a B-tree or among entries, or the last; none on a page without any.
    fn key(&self, block: u32, last: bool) -> Option<String> {
        self.look(block, |page| {
            let mut keys = rows::data_tuples(page).map(|(number, ..)| number);
            if !last {
                return keys.find_map(|number| self.key_on(page, number));
            }
            // On the last inner page of entries, the last leads to all that is beyond the others.
            let beyond = node::leads_beyond(self.method, page);
            keys.filter(|number| Some(*number) != beyond)
                .last()
                .and_then(|number| self.key_on(page, number))
        })?
    }

    /// The key at a line pointer, of a B-tree.
    fn key_at(&self, (block, offset): (u32, Option<u16>)) -> Option<String> {
        if self.method != Method::Btree {
            return None;
        }
        self.look(block, |page| self.key_on(page, OffsetNumber(offset?)))?
    }

    fn key_on(&self, page: &Page<'_>, number: OffsetNumber) -> Option<String> {
        if !matches!(self.method, Method::Btree | Method::Gin) {
            return None;
        }
        let shape = self.shape.get_or_init(|| self.cluster.index_shape(self.relation)).as_ref()?;
        let (.., tuple) = rows::tuples(page).find(|(found, ..)| *found == number)?;
        if self.method == Method::Gin {
            return entry(shape, &tuple);
        }
        let keys = shape.btree(&tuple);
        (!keys.is_empty()).then(|| listed(&keys))
    }

    /// Whether a page was met before; from now on it was.
    fn meet(&mut self, block: u32) -> bool {
        let bit = 1_u64 << (block % 64);
        let Some(word) = self.met.get_mut((block / 64) as usize) else { return true };
        let before = *word & bit != 0;
        *word |= bit;
        before
    }

    fn has_met(&self, block: u32) -> bool {
        self.met.get((block / 64) as usize).is_some_and(|word| word >> (block % 64) & 1 == 1)
    }

    /// Whether recovery leaves a page with this LSN as it is, so that its links can be judged.
    fn settled(&self, lsn: Lsn) -> bool {
        self.cluster.is_settled(self.relation.persistence, lsn)
    }

    /// The same of a block; one that is not there at all, recovery may make.
    fn is_settled_page(&self, block: u32) -> bool {
        let lsn = self.look(block, |page| page.header().pd_lsn);
        lsn.map_or(self.cluster.recovery_from().is_none(), |lsn| self.settled(lsn))
    }

    /// What is wrong at a line pointer of a block.
    fn say(&mut self, rule: &'static Rule, (block, offset): (u32, Option<u16>), evidence: String) {
        let located = self.files.locate(block).ok();
        let place = Place {
            file: located.map(|(segment, _)| segment.path.clone()),
            byte: located.map(|(_, byte)| byte),
            object: Some(self.name.to_owned()),
            fork: Some(Fork::Main),
            block: Some(BlockNumber(block)),
            offset: offset.map(OffsetNumber),
            ..Place::default()
        };
        self.found.push(Finding::new(rule, place, evidence));
    }

    fn count(&mut self, tree: Tree, level: u32, block: u32, count: Count) {
        let seen = self.levels.entry((tree, level)).or_default();
        seen.count.add(count);
        let (first, _) = seen.ends.unwrap_or((block, block));
        seen.ends = Some((first, block));
    }

    /// Whether a link to `block` can be followed; if not, says so.
    fn can_follow(&mut self, from: (u32, Option<u16>), block: u32, settled: bool) -> bool {
        if block < self.files.end() {
            return true;
        }
        if settled {
            let end = self.files.end();
            let evidence = format!("leads to block {block}; the index ends before {end}");
            self.say(&rules::INDEX_CHILD_LINK, from, evidence);
        }
        false
    }
}

/// An entry of a GIN index, with its column where there are several.
fn entry(shape: &IndexShape<'_>, tuple: &IndexTuple<'_>) -> Option<String> {
    let GinKey { attnum, key, .. } = shape.gin(tuple);
    let column = shape.columns.get(usize::from(attnum?).checked_sub(1)?)?;
    let key = key.map_or_else(|| "(no value)".to_owned(), |key| key.to_string());
    Some(if shape.columns.len() > 1 { format!("{}: {key}", column.name) } else { key })
}

impl Tree {
    const fn name(self) -> Option<&'static str> {
        match self {
            Self::Keys => None,
            Self::Entries => Some("entry"),
            Self::Postings => Some("posting"),
            Self::Nulls => Some("nulls"),
        }
    }
}
