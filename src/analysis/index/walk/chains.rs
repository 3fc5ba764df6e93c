//! The list of rows that a GIN index has still to enter (access/gin/ginfast.c).
use super::Walk;
use crate::analysis::index::role::Role;
use crate::finding::rules;
use crate::format::index::gin;
use crate::types::BlockNumber;

impl Walk<'_> {
    /// Follows the pending list from the metapage.
    pub(super) fn pending(&mut self, meta: &gin::Meta) {
        let settled = self.look(0, |page| page.header().pd_lsn).is_some_and(|l| self.settled(l));
        let mut next = Some(meta.pending_head).filter(|head| *head != BlockNumber::INVALID);
        let (mut from, mut pages) = ((0, None), 0_u32);
        while let Some(BlockNumber(block)) = next {
            if !self.can_follow(from, block, settled) {
                return;
            }
            let Some(node) = self.node(block) else { return };
            let settled = settled && self.settled(node.lsn);
            if self.meet(block) {
                if settled {
                    let evidence = format!("leads back to block {block} of the pending list");
                    self.say(&rules::INDEX_CYCLE, from, evidence);
                }
                return;
            }
            if node.role != Role::Pending {
                if settled {
                    let evidence = format!("leads to block {block}, which is {}", node.role.name());
                    self.say(&rules::INDEX_CHILD_LINK, from, evidence);
                }
                return;
            }
            pages = pages.saturating_add(1);
            from = (block, None);
            next = node.right.map(BlockNumber);
        }
        if settled && pages != meta.n_pending_pages {
            let (said, of) = (meta.n_pending_pages, "pages in the pending list");
            let evidence = format!("{pages} {of}, the metapage says {said}");
            self.say(&rules::INDEX_METAPAGE, (0, None), evidence);
        }
    }
}
