//! SP-GiST: not pages lead to pages there, but tuples to tuples.
use super::draw::Drawn;
use super::{Role, Tree, Walk};
use crate::analysis::index::scan::Count;
use crate::finding::rules;
use crate::format::index::spgist::{Inner, Leaf, State};
use crate::format::page::Page;
use crate::report::index::TreeNode;
use crate::types::{BlockNumber, Lsn, OffsetNumber, Tid};

/// `SPGIST_ROOT_BLKNO` and `SPGIST_NULL_BLKNO`.
const ROOTS: [(Tree, u32); 2] = [(Tree::Keys, 1), (Tree::Nulls, 2)];
/// Levels, most.
const MOST_LEVELS: usize = 10_000;
/// Bytes of the smallest tuple with its line pointer.
const SMALLEST: u64 = 16;

/// A tuple, and where it leads.
struct Spot {
    at: Tid,
    lsn: Lsn,
    role: Role,
    /// Whether it only says where to go on.
    redirect: bool,
    /// Tuples below it.
    targets: Vec<Tid>,
    /// Rows in its chain.
    rows: u64,
    /// Whether its chain comes back to itself.
    endless: bool,
}

/// A tuple whose targets are being visited.
struct Frame {
    spot: Spot,
    drawn: Drawn,
    next: usize,
}

impl Walk<'_> {
    /// Visits both trees.
    pub(super) fn spgist(&mut self) {
        self.meet(0);
        for (tree, block) in ROOTS {
            let root = Tid { block: BlockNumber(block), offset: OffsetNumber(1) };
            self.tuples(tree, root);
        }
    }

    fn tuples(&mut self, tree: Tree, root: Tid) {
        // Every tuple has one parent: more visits than tuples fit in the file are a cycle.
        let bytes = u64::from(self.files.end()) * u64::from(self.files.block_size());
        let mut left = bytes / SMALLEST;
        let mut stack: Vec<Frame> = Vec::new();
        stack.extend(self.tuple(tree, &[], root, &mut None));
        while let Some(frame) = stack.last_mut() {
            let Some(&target) = frame.spot.targets.get(frame.next) else {
                stack.pop();
                continue;
            };
            frame.next += 1;
            let mut drawn = std::mem::take(&mut frame.drawn);
            let entered = self.tuple(tree, &stack, target, &mut Some(&mut drawn));
            if let Some(frame) = stack.last_mut() {
                frame.drawn = drawn;
            }
            left = left.saturating_sub(1);
            if left == 0 {
                return;
            }
            stack.extend(entered);
        }
    }

    fn tuple(
        &mut self,
        tree: Tree,
        stack: &[Frame],
        at: Tid,
        above: &mut Option<&mut Drawn>,
    ) -> Option<Frame> {
        let parent = stack.last().map(|frame| &frame.spot);
        let from = parent.map_or((0, None), |spot| (spot.at.block.0, Some(spot.at.offset.0)));
        let settled = parent.map_or_else(|| self.is_settled_page(0), |spot| self.settled(spot.lsn));
        if !self.can_follow(from, at.block.0, settled) {
            return None;
        }
        if stack.iter().any(|frame| frame.spot.at == at) || stack.len() >= MOST_LEVELS {
            if settled {
                let evidence = format!("leads back to tuple {at}, which is above it");
                self.say(&rules::INDEX_CYCLE, from, evidence);
            }
            return None;
        }
        self.meet(at.block.0);
        let whole = stack.is_empty();
        let found = self.look(at.block.0, |page| spot(page, at, whole));
        let spot = match found? {
            Ok(spot) if fits(tree, spot.role) => spot,
            Ok(spot) => {
                if settled && self.settled(spot.lsn) {
                    let evidence =
                        format!("leads to tuple {at} on a page that is {}", spot.role.name());
                    self.say(&rules::INDEX_CHILD_LINK, from, evidence);
                }
                return None;
            }
            Err((lsn, what)) => {
                if settled && self.settled(lsn) {
                    let evidence = format!("leads to tuple {at}, {what}");
                    self.say(&rules::INDEX_CHILD_LINK, from, evidence);
                }
                return None;
            }
        };
        if spot.endless && settled && self.settled(spot.lsn) {
            let evidence = format!("leads to tuple {at}, whose chain comes back to itself");
            self.say(&rules::INDEX_CYCLE, from, evidence);
        }
        Some(self.take(tree, stack, spot, above)).filter(|frame| !frame.spot.targets.is_empty())
    }

    /// Counts and draws a tuple.
    fn take(
        &mut self,
        tree: Tree,
        stack: &[Frame],
        spot: Spot,
        above: &mut Option<&mut Drawn>,
    ) -> Frame {
        let depth = stack.iter().filter(|frame| !frame.spot.redirect).count();
        let items = spot.rows + spot.targets.len() as u64;
        // An empty root page is no level.
        if items > 0 && !spot.redirect {
            let count = Count { pages: 1, items, ..Count::default() };
            let depth = u32::try_from(depth).unwrap_or(u32::MAX);
            self.count(tree, depth, spot.at.block.0, count);
            self.levels.entry((tree, depth)).or_default().tuples = true;
        }
        let node = TreeNode {
            block: Some(spot.at.block),
            offset: Some(spot.at.offset.0),
            kind: if spot.redirect { "redirect" } else { spot.role.name() },
            items,
            ..TreeNode::default()
        };
        let drawn = if items > 0 {
            self.drawing.child(above.as_deref_mut(), node)
        } else {
            Drawn::default()
        };
        Frame { spot, drawn, next: 0 }
    }
}

/// Whether any tuple of a page is in use.
pub(super) fn has_live_tuples(page: &Page<'_>) -> bool {
    page.items().any(|(_, item)| {
        let bytes = page.slice(item.storage()).filter(|bytes| !bytes.is_empty());
        bytes.is_some_and(|bytes| matches!(State::of(bytes), Ok((_, State::Live))))
    })
}

/// Whether a page with that role belongs to that tree.
const fn fits(tree: Tree, role: Role) -> bool {
    match tree {
        Tree::Nulls => matches!(role, Role::InternalNulls | Role::LeafNulls),
        _ => matches!(role, Role::Internal | Role::Leaf),
    }
}

/// The tuple there; of a root that is a leaf, the `whole` page.
fn spot(page: &Page<'_>, at: Tid, whole: bool) -> Result<Spot, (Lsn, &'static str)> {
    let lsn = page.header().pd_lsn;
    let role = crate::analysis::index::role::Method::Spgist.role(page);
    let role = role.map_err(|_| (lsn, "on a page of another kind"))?;
    let mut spot =
        Spot { at, lsn, role, redirect: false, targets: Vec::new(), rows: 0, endless: false };
    let tuple = |offset| page.item(offset).and_then(|item| page.slice(item.storage()));
    let leaf = |offset| tuple(offset).and_then(|bytes| Leaf::parse(bytes).ok()).map(|(_, l)| l);
    let is_leaf = matches!(role, Role::Leaf | Role::LeafNulls);
    if is_leaf && whole {
        let live = |leaf: &Leaf<'_>| leaf.state == State::Live;
        spot.rows = page.items().filter_map(|(number, _)| leaf(number)).filter(live).count() as u64;
        return Ok(spot);
    }
    let bytes = tuple(at.offset).filter(|bytes| !bytes.is_empty());
    let bytes = bytes.ok_or((lsn, "of which the page has no line pointer"))?;
    match State::of(bytes) {
        Ok((_, State::Live)) if is_leaf => {
            (spot.rows, spot.endless) = chain(page.item_count(), at.offset, &leaf);
        }
        Ok((_, State::Live)) => {
            let inner = Inner::parse(bytes).map_err(|_| (lsn, "which cannot be decoded"))?.1;
            let there = |tid: &Tid| tid.block != BlockNumber::INVALID && tid.offset.0 != 0;
            let nodes = inner.nodes().map_while(Result::ok).map(|node| node.t_tid);
            spot.targets.extend(nodes.filter(there));
        }
        Ok((_, State::Redirect)) => {
            spot.redirect = true;
            spot.targets.extend(leaf(at.offset).map(|leaf| leaf.pointer));
        }
        // Kept because a link leads to it.
        Ok((_, State::Dead)) => {}
        Ok((_, State::Placeholder)) => return Err((lsn, "which is a placeholder")),
        Err(_) => return Err((lsn, "which cannot be decoded")),
    }
    Ok(spot)
}

/// Live tuples of a chain on its page, and whether it has no end.
fn chain<'a>(
    most: u16,
    first: OffsetNumber,
    leaf: &impl Fn(OffsetNumber) -> Option<Leaf<'a>>,
) -> (u64, bool) {
    let (mut rows, mut next) = (0, first);
    for _ in 0..most {
        let Some(tuple) = leaf(next) else { return (rows, false) };
        rows += u64::from(tuple.state == State::Live);
        if tuple.next_offset.0 == 0 {
            return (rows, false);
        }
        next = tuple.next_offset;
    }
    (rows, true)
}
