//! Buckets of a hash index, each with its overflow pages (access/hash/README).
use super::draw::Drawn;
use super::node::Node;
use super::{Role, Walk};
use crate::finding::rules;
use crate::format::index::hash;
use crate::report::index::TreeNode;
use crate::types::BlockNumber;

impl Walk<'_> {
    /// Follows every bucket.
    pub(super) fn buckets(&mut self, meta: &hash::Meta) {
        self.meet(0);
        for bitmap in meta.hashm_mapp.iter().take(meta.hashm_nmaps as usize) {
            self.meet(bitmap.0);
        }
        let settled = self.look(0, |page| page.header().pd_lsn).is_some_and(|l| self.settled(l));
        let mut root = self
            .node(0)
            .map_or_else(Drawn::default, |node| self.drawing.child(None, TreeNode::from(&node)));
        for bucket in 0..=meta.hashm_maxbucket {
            let Some(block) = bucket_block(meta, bucket) else { return };
            // There are no more than the file has room for, whatever the metapage says.
            if !self.can_follow((0, None), block, settled) {
                return;
            }
            self.bucket(bucket, block, settled, &mut root);
        }
    }

    fn bucket(&mut self, bucket: u32, first: u32, settled: bool, root: &mut Drawn) {
        let (mut from, mut block) = ((0, None), first);
        let mut drawn = None;
        loop {
            let opaque = |page: &crate::format::page::Page<'_>| hash::Opaque::of(page).ok();
            let found = self.node(block).zip(self.look(block, opaque).flatten());
            let Some((node, opaque)) = found else { return };
            let settled = settled && self.settled(node.lsn);
            if self.meet(block) {
                if settled {
                    let evidence = format!("bucket {bucket} leads to block {block}, met before");
                    self.say(&rules::INDEX_CYCLE, from, evidence);
                }
                return;
            }
            let expected = if block == first { Role::Bucket } else { Role::Overflow };
            if node.role != expected || opaque.hasho_bucket != bucket {
                if settled {
                    let (role, of) = (node.role.name(), opaque.hasho_bucket);
                    let evidence = format!(
                        "bucket {bucket} leads to block {block}, which is {role} of bucket {of}"
                    );
                    self.say(&rules::INDEX_CHILD_LINK, from, evidence);
                }
                return;
            }
            self.agrees_with(from.0, &node, &opaque, settled);
            let parent = drawn.as_mut().unwrap_or(&mut *root);
            let here = self.drawing.child(Some(parent), TreeNode::from(&node));
            // Overflow pages are drawn side by side below their bucket.
            drawn.get_or_insert(here);
            let next = opaque.hasho_nextblkno;
            from = (block, None);
            if next == BlockNumber::INVALID || !self.can_follow(from, next.0, settled) {
                return;
            }
            block = next.0;
        }
    }

    /// Whether an overflow page's left link leads back.
    fn agrees_with(&mut self, left: u32, node: &Node, opaque: &hash::Opaque, settled: bool) {
        let found = opaque.hasho_prevblkno.0;
        if node.role == Role::Overflow && found != left && settled {
            let evidence = format!("has left sibling {found}, expected {left}");
            self.say(&rules::INDEX_SIBLING_LINK, (node.block, None), evidence);
        }
    }
}

/// `BUCKET_TO_BLKNO`: behind the metapage, the buckets before it, and the overflow pages that were
/// made before its splitpoint.
fn bucket_block(meta: &hash::Meta, bucket: u32) -> Option<u32> {
    let spares = if bucket == 0 {
        0
    } else {
        let index = spare_index(bucket.checked_add(1)?).checked_sub(1)?;
        *meta.hashm_spares.get(usize::try_from(index).ok()?)?
    };
    bucket.checked_add(spares)?.checked_add(1)
}

/// `_hash_spareindex`: the splitpoint phase that a number of buckets belongs to.
fn spare_index(buckets: u32) -> u32 {
    /// `HASH_SPLITPOINT_GROUPS_WITH_ONE_PHASE`.
    const SINGLE: u32 = 10;
    let group = buckets.checked_next_power_of_two().map_or(32, u32::trailing_zeros);
    if group < SINGLE {
        return group;
    }
    SINGLE + (group - SINGLE) * 4 + ((buckets - 1) >> (group - 3) & 3)
}

#[cfg(test)]
mod tests {
    use super::spare_index;

    #[test]
    fn splitpoints_have_four_phases_from_the_tenth_group_on() {
        let of = [2, 3, 512, 513, 640, 641, 1024, 1025, 2048].map(spare_index);
        assert_eq!(of, [1, 2, 9, 10, 10, 11, 13, 14, 17]);
    }
}
