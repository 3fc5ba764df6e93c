//! Where searches of a B-tree begin: at the fast root, the only page of the lowest level that has but
//! one (`_bt_getroot`, access/nbtree/nbtpage.c).
use super::{Role, Tree, Walk};
use crate::finding::rules;
use crate::format::index::btree::{Meta, NONE};

impl Walk<'_> {
    /// Judges what the metapage says of the fast root, once the tree was visited. Where that is the
    /// root, there is nothing more to judge.
    pub(super) fn fast_root(&mut self, meta: &Meta) {
        let settled =
            self.look(0, |page| page.header().pd_lsn).is_some_and(|lsn| self.settled(lsn));
        if !settled || meta.btm_fastroot == NONE || meta.btm_fastroot == meta.btm_root {
            return;
        }
        if let Some(evidence) = self.wrong_with_fast_root(meta) {
            let evidence = format!("btm_fastroot is {}, {evidence}", meta.btm_fastroot);
            self.say(&rules::INDEX_METAPAGE, (0, None), evidence);
        }
    }

    fn wrong_with_fast_root(&self, meta: &Meta) -> Option<String> {
        let (mut block, level, end) = (meta.btm_fastroot.0, meta.btm_fastlevel, self.files.end());
        for _ in 0..end {
            if block >= end {
                return Some(format!("which leads to block {block}; the index ends before {end}"));
            }
            let Some(node) = self.node(block) else {
                // Of what cannot be read, the scan of all pages has said why.
                let evidence = || format!("which leads to block {block}, never initialised");
                return self.is_new(block).then(evidence);
            };
            if !self.settled(node.lsn) {
                return None;
            }
            // From pages that were taken out of the tree searches go to the right.
            if matches!(node.role, Role::HalfDead | Role::Deleted) {
                let Some(right) = node.right else {
                    return Some(format!("which leads to no live page: the last is {block}"));
                };
                block = right;
                continue;
            }
            let first = self.levels.get(&(Tree::Keys, level)).and_then(|seen| seen.ends);
            return match (node.level, first) {
                _ if !matches!(node.role, Role::Root | Role::Internal | Role::Leaf) => {
                    Some(format!("which leads to block {block}, which is {}", node.role.name()))
                }
                (Some(found), _) if found != level => Some(format!(
                    "which leads to block {block} on level {found}; btm_fastlevel is {level}"
                )),
                (_, Some((first, _))) if first != block => Some(format!(
                    "which leads to block {block}; level {level} begins with block {first}"
                )),
                _ => None,
            };
        }
        Some("which leads to pages that are not in the tree, without an end".to_owned())
    }
}
