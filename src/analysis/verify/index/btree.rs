//! B-trees (`_bt_checkpage`, `_bt_getmeta`, access/nbtree/nbtpage.c; `palloc_btree_page`, `bt_target_page_check`,
//! contrib/amcheck/verify_nbtree.c).
use super::items::Also;
use super::{Judge, misplaced};
use crate::finding::rules;
use crate::format::index::IndexTuple;
use crate::format::index::btree::{HIGH_KEY, MAGIC, Meta, NONE, Opaque, Points};
use crate::types::OffsetNumber;

/// `BTP_HAS_FULLXID` and those below it.
const FLAGS: u16 = 0x01FF;
/// `BTP_HAS_GARBAGE`.
const HAS_GARBAGE: u16 = 1 << 6;
/// From this on the heap TID is part of the key, which merging duplicates needs (`BTREE_VERSION`).
const HEAPKEYSPACE: u32 = 4;
/// `BTREE_MIN_VERSION`, `BTREE_VERSION`.
const VERSIONS: std::ops::RangeInclusive<u32> = 2..=4;

impl Judge<'_, '_> {
    pub(super) fn btree(&mut self) {
        let Ok(opaque) = Opaque::of(self.page) else { return };
        if self.flags(opaque.btpo_flags, FLAGS, opaque.is_meta()) {
            return self.btree_meta();
        }
        self.sibling("btpo_prev", opaque.btpo_prev, NONE);
        self.sibling("btpo_next", opaque.btpo_next, NONE);
        self.contradictions(&opaque);
        // Such a page holds a transaction id where line pointers were.
        if opaque.is_deleted() && opaque.has_full_xid() {
            return;
        }
        let also = if opaque.is_leaf() { Also::Dead } else { Also::Nothing };
        self.index_tuples(also, |judge, number, tuple| judge.btree_tuple(number, tuple, &opaque));
        if !opaque.is_deleted() && !opaque.is_half_dead() {
            let lacking = match (opaque.is_leaf(), opaque.is_rightmost()) {
                (true, true) => 0,
                (true, false) | (false, true) => 1,
                (false, false) => 2,
            };
            if self.page.item_count() < lacking {
                let count = self.page.item_count();
                self.special(format!("{count} items, and high key or downlink need {lacking}"));
            }
        }
    }

    fn btree_meta(&mut self) {
        let Ok(meta) = Meta::of(self.page, self.known.layout) else {
            return self.say(&rules::INDEX_METAPAGE, None, "it is cut off");
        };
        if !meta.has_magic() {
            self.metapage("btm_magic", meta.btm_magic.into(), &MAGIC.to_string());
        } else if !VERSIONS.contains(&meta.btm_version) {
            self.metapage("btm_version", meta.btm_version.into(), "2 to 4");
        } else if meta.btm_version < HEAPKEYSPACE && meta.merges_duplicates() {
            let expected = format!("false before version {HEAPKEYSPACE}");
            self.metapage("btm_allequalimage", 1, &expected);
        } else {
            self.fast_root(&meta);
        }
    }

    /// Judges where searches begin (`_bt_getroot`), as far as the metapage tells: which page that is
    /// crate::analysis::index judges.
    fn fast_root(&mut self, meta: &Meta) {
        let Meta { btm_root: root, btm_level: level, .. } = *meta;
        let Meta { btm_fastroot: fast_root, btm_fastlevel: fast_level, .. } = *meta;
        let at = u64::from(fast_root.0);
        if (root == NONE) != (fast_root == NONE) {
            self.metapage("btm_fastroot", at, "a block if there is a root, and else 0");
        } else if fast_level > level {
            let expected = format!("at most the root's level {level}");
            self.metapage("btm_fastlevel", fast_level.into(), &expected);
        } else if fast_level == level && fast_root != root {
            let expected = format!("the root {root}, as it is said to be on the root's level");
            self.metapage("btm_fastroot", at, &expected);
        } else if fast_level < level && fast_root == root {
            let expected = format!("{level}, as the fast root is said to be the root");
            self.metapage("btm_fastlevel", fast_level.into(), &expected);
        }
    }

    fn btree_tuple(&mut self, number: OffsetNumber, tuple: &IndexTuple<'_>, on: &Opaque) {
        let (leaf, half_dead) = (on.is_leaf(), on.is_half_dead());
        let high_key = number == HIGH_KEY && !on.is_rightmost();
        let Some(points) = Points::of(tuple) else {
            return self.tuple(number, "its posting list or TID lies outside of it");
        };
        let values = tuple.data_offset()..usize::from(tuple.size()) + 1;
        if !values.contains(&points.data_end(tuple)) {
            let end = points.data_end(tuple);
            return self.tuple(number, format!("its values end at byte {end} of it"));
        }
        match points {
            Points::Pivot { .. } if leaf && !high_key => self.tuple(number, "a pivot among rows"),
            Points::Pivot { natts, .. }
                if self.known.columns.is_some_and(|columns| usize::from(natts) > columns) =>
            {
                self.tuple(number, format!("has {natts} attributes, more than the index"));
            }
            Points::Posting(_) if !leaf || high_key => {
                self.tuple(number, "a posting list where a pivot must be");
            }
            Points::Posting(rows) => {
                let wrong = points.posting().filter(|_| self.known.rows).and_then(misplaced);
                let few = (rows.len() < 2).then(|| format!("{} row in a posting list", rows.len()));
                if let Some(evidence) = few.or(wrong) {
                    self.say(&rules::INDEX_POSTING_LIST, Some(number), evidence);
                }
            }
            Points::One(row) if leaf && !high_key => self.row(number, row),
            _ => {}
        }
        // A half-dead page's high key leads to the page that goes with it, if any.
        if !leaf && !high_key && !half_dead {
            self.child(number, tuple.t_tid.block, 1);
        }
    }

    /// Says what cannot be true of one page at once.
    fn contradictions(&mut self, opaque: &Opaque) {
        let Opaque { btpo_level: level, btpo_flags: flags, .. } = *opaque;
        let (leaf, deleted) = (opaque.is_leaf(), opaque.is_deleted());
        // Before 14 a deleted page has a transaction id in place of its level.
        let level_kept = !deleted || opaque.has_full_xid();
        if level_kept && leaf && level != 0 {
            self.special(format!("a leaf on level {level}"));
        }
        for (broken, evidence) in [
            (!deleted && !leaf && level == 0, "not a leaf, and on level 0"),
            (deleted && opaque.is_half_dead(), "deleted, and half-dead"),
            (!leaf && opaque.is_half_dead(), "half-dead, and not a leaf"),
            (!leaf && flags & HAS_GARBAGE != 0, "dead items, and not a leaf"),
            (!deleted && opaque.has_full_xid(), "BTP_HAS_FULLXID, and not deleted"),
        ] {
            if broken {
                self.special(evidence);
            }
        }
    }
}
