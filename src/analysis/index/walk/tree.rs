//! Trees of pages: B-tree, GiST, both kinds of GIN.
use super::draw::Drawn;
use super::node::Node;
use super::{Method, Role, Tree, Walk};
use crate::finding::rules;
use crate::report::index::TreeNode;

/// Levels of a tree, most: `BTREE` and the rest stay far below, as every level has many times the
/// pages of the one above.
const MOST_LEVELS: u32 = 64;

/// Where a link begins.
type From = (u32, Option<u16>);

/// A page whose children are being visited.
struct Frame {
    node: Node,
    drawn: Drawn,
    /// Children that were visited.
    next: usize,
}

/// What a tree is known to be so far.
struct Descent {
    tree: Tree,
    /// Of a B-tree, the root's level.
    level: Option<u32>,
    /// Depth of the first leaf.
    leaf_depth: Option<u32>,
    /// By depth, the page that was visited last, without what is below it, and whether what leads to
    /// it is settled.
    last: Vec<(Node, bool)>,
}

impl Walk<'_> {
    /// Visits the tree with that root.
    pub(super) fn descend(
        &mut self,
        tree: Tree,
        from: From,
        root: u32,
        level: Option<u32>,
        mut above: Option<&mut Drawn>,
    ) {
        let mut descent = Descent { tree, level, leaf_depth: None, last: Vec::new() };
        let mut stack: Vec<Frame> = Vec::new();
        stack.extend(self.enter(&mut descent, &[], from, root, &mut above));
        while let Some(frame) = stack.last_mut() {
            let Some(&(offset, child)) = frame.node.children.get(frame.next) else {
                stack.pop();
                continue;
            };
            frame.next += 1;
            let from = (frame.node.block, Some(offset));
            let mut drawn = std::mem::take(&mut frame.drawn);
            let entered = self.enter(&mut descent, &stack, from, child, &mut Some(&mut drawn));
            if let Some(frame) = stack.last_mut() {
                frame.drawn = drawn;
            }
            stack.extend(entered);
        }
        for (depth, last) in descent.last.into_iter().enumerate() {
            self.go_right((tree, depth), last, None);
        }
    }

    /// Visits a page for the first time; `None` if nothing is below it, or it cannot be.
    fn enter(
        &mut self,
        descent: &mut Descent,
        stack: &[Frame],
        from: From,
        block: u32,
        above: &mut Option<&mut Drawn>,
    ) -> Option<Frame> {
        let settled = match stack.last() {
            Some(frame) => self.settled(frame.node.lsn),
            // A metapage names the root.
            None => self.is_settled_page(from.0),
        };
        if !self.can_follow(from, block, settled) {
            return None;
        }
        if self.meet(block) {
            let cycle = stack.iter().any(|frame| frame.node.block == block);
            if settled && cycle {
                let evidence = format!("leads back to block {block}, which is above it");
                self.say(&rules::INDEX_CYCLE, from, evidence);
            } else if settled {
                let evidence = format!("leads to block {block}, as another page does");
                self.say(&rules::INDEX_CHILD_LINK, from, evidence);
            }
            return None;
        }
        let Some(node) = self.node(block) else {
            // Of what cannot be read, the scan of all pages has said why.
            if settled && self.is_new(block) {
                let evidence = format!("leads to block {block}, which was never initialised");
                self.say(&rules::INDEX_CHILD_LINK, from, evidence);
            }
            return None;
        };
        let depth = u32::try_from(stack.len()).unwrap_or(u32::MAX);
        let above_settled = settled;
        let settled = settled && self.settled(node.lsn);
        if !belongs(descent.tree, node.role) {
            if settled {
                let evidence = format!("leads to block {block}, which is {}", node.role.name());
                self.say(&rules::INDEX_CHILD_LINK, from, evidence);
            }
            return None;
        }
        self.judge_level(descent, from, &node, depth, settled);
        if depth >= MOST_LEVELS {
            return None;
        }
        self.count(descent.tree, node.level.unwrap_or(depth), block, node.count);
        self.neighbours(descent, (&node, above_settled), depth as usize);
        let shown = above.as_deref().is_some_and(|parent| self.drawing.draws(*parent));
        let key = shown.then(|| self.key_at(from)).flatten();
        let drawing = TreeNode { key, ..TreeNode::from(&node) };
        let mut drawn = self.drawing.child(above.as_deref_mut(), drawing);
        for (offset, root) in node.trees.clone() {
            let from = (block, Some(offset));
            self.descend(Tree::Postings, from, root, None, Some(&mut drawn));
        }
        Some(Frame { node, drawn, next: 0 }).filter(|frame| !frame.node.children.is_empty())
    }

    fn judge_level(
        &mut self,
        descent: &mut Descent,
        from: From,
        node: &Node,
        depth: u32,
        settled: bool,
    ) {
        let (block, found) = (node.block, node.level);
        let expected = descent.level.map(|root| root.checked_sub(depth));
        let wrong = match (expected, found) {
            (Some(expected), Some(found)) if expected != Some(found) => {
                let expected = expected.map_or("none below it".to_owned(), |e| e.to_string());
                Some(format!("leads to block {block} on level {found}, expected {expected}"))
            }
            (Some(_), Some(found)) if (found == 0) != node.is_leaf() => {
                Some(format!("leads to block {block} on level {found}, {}", node.role.name()))
            }
            _ if node.is_leaf() && *descent.leaf_depth.get_or_insert(depth) != depth => {
                let first = descent.leaf_depth.unwrap_or_default();
                Some(format!("leads to leaf block {block} at depth {depth}, others are at {first}"))
            }
            _ => None,
        };
        if let Some(evidence) = wrong.filter(|_| settled) {
            self.say(&rules::INDEX_LEVEL, from, evidence);
        }
    }

    /// Holds a page against the one that was visited before it on its level, if what leads to both is
    /// settled: else pages may be missing between them there.
    fn neighbours(
        &mut self,
        descent: &mut Descent,
        (node, above_settled): (&Node, bool),
        depth: usize,
    ) {
        let this = (node.without_children(), above_settled);
        let Some(place) = descent.last.get_mut(depth) else {
            if let Some(left) = node.left
                && above_settled
                && self.settled(node.lsn)
                && self.node(left).is_none_or(|left| left.role != Role::HalfDead)
            {
                let evidence = format!("has left sibling {left}, but is the first of its level");
                self.say(&rules::INDEX_SIBLING_LINK, (node.block, None), evidence);
            }
            return descent.last.push(this);
        };
        let (last, settled) = std::mem::replace(place, this);
        self.go_right((descent.tree, depth), (last, settled && above_settled), Some(node));
    }

    /// Follows right links from `last` to `node`, or to the end of the level. Between them can be
    /// pages that no other leads to: half-dead ones, and the right halves of incomplete splits.
    fn go_right(
        &mut self,
        (tree, depth): (Tree, usize),
        (mut last, above_settled): (Node, bool),
        node: Option<&Node>,
    ) {
        let in_order = self.method != Method::Gist;
        loop {
            let at = (last.block, None);
            let settled = self.settled(last.lsn);
            let order_settled = settled && above_settled;
            let next = last.right.filter(|_| in_order || last.incomplete);
            let to = node.map(|node| node.block);
            if next.is_none() || (next == to && in_order) {
                if let Some(to) = to.filter(|_| next.is_none() && in_order && order_settled) {
                    let evidence = format!("has no right sibling, but block {to} follows it");
                    self.say(&rules::INDEX_SIBLING_LINK, at, evidence);
                }
                if let Some(node) = node.filter(|_| next.is_some()) {
                    self.agree(&last, node);
                }
                return;
            }
            let Some(block) = next else { return };
            if block >= self.files.end() {
                if settled {
                    let end = self.files.end();
                    let evidence =
                        format!("has right sibling {block}; the index ends before {end}");
                    self.say(&rules::INDEX_SIBLING_LINK, at, evidence);
                }
                return;
            }
            let Some(between) = self.node(block) else { return };
            if !belongs(tree, between.role) && between.role != Role::HalfDead {
                if settled && self.settled(between.lsn) {
                    let what = between.role.name();
                    let evidence = format!("has right sibling {block}, which is {what}");
                    self.say(&rules::INDEX_SIBLING_LINK, at, evidence);
                }
                return;
            }
            let expected = last.incomplete || between.role == Role::HalfDead;
            if !expected && !order_settled && to.is_some() {
                // They are of several moments: what is to the right may be behind the other page.
                return;
            }
            if self.meet(block) {
                // A page of a GiST index may be reached from its parent first.
                if order_settled && in_order {
                    self.met_before(&last, block, to);
                }
                return;
            }
            if !expected && order_settled && self.settled(between.lsn) {
                let what = to.map_or_else(String::new, |to| format!(" before block {to}"));
                let evidence = format!("has right sibling {block}{what}, to which no page leads");
                self.say(&rules::INDEX_SIBLING_LINK, at, evidence);
            }
            self.agree(&last, &between);
            if between.role != Role::HalfDead {
                let depth = u32::try_from(depth).unwrap_or(u32::MAX);
                let level = between.level.unwrap_or(depth).min(MOST_LEVELS);
                self.count(tree, level, block, between.count);
            }
            last = between.without_children();
        }
    }

    fn met_before(&mut self, last: &Node, block: u32, to: Option<u32>) {
        let follows = to.map_or("none follows it".to_owned(), |to| format!("{to} follows it"));
        let evidence = format!("has right sibling {block}, which was met before; {follows}");
        self.say(&rules::INDEX_SIBLING_LINK, (last.block, None), evidence.clone());
        self.say(&rules::INDEX_CYCLE, (last.block, None), evidence);
    }

    /// Whether the left link of `right` leads back to `left`.
    fn agree(&mut self, left: &Node, right: &Node) {
        let settled = self.settled(left.lsn) && self.settled(right.lsn);
        if self.method == Method::Btree && right.left != Some(left.block) && settled {
            let found = right.left.map_or_else(|| "none".to_owned(), |block| block.to_string());
            let evidence = format!("has left sibling {found}, expected {}", left.block);
            self.say(&rules::INDEX_SIBLING_LINK, (right.block, None), evidence);
        }
    }
}

/// Whether a page with that role can be reached from a root of that tree.
const fn belongs(tree: Tree, role: Role) -> bool {
    match tree {
        Tree::Keys => matches!(role, Role::Root | Role::Internal | Role::Leaf),
        Tree::Entries => matches!(role, Role::EntryInternal | Role::EntryLeaf),
        Tree::Postings => matches!(role, Role::DataInternal | Role::DataLeaf),
        Tree::Nulls => matches!(role, Role::InternalNulls | Role::LeafNulls),
    }
}

impl Node {
    fn without_children(&self) -> Self {
        Self { children: Vec::new(), trees: Vec::new(), ..*self }
    }
}
