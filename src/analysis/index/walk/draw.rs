//! What is drawn of a tree: so many levels, and so many children of each page.
use super::node::Node;
use crate::report::index::TreeNode;
use crate::types::BlockNumber;

/// Nodes drawn, most: what is more nobody looks at.
const MOST: usize = 10_000;

/// How much of a tree is drawn.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Levels, from the root's.
    pub depth: u32,
    /// Children of each page.
    pub children: usize,
}

/// The tree as far as it was drawn.
pub(super) struct Drawing {
    view: Option<View>,
    nodes: Vec<TreeNode>,
}

/// A page that was drawn, or not, and how many of its children were met.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Drawn {
    /// Its place in the list, if it is there.
    at: Option<usize>,
    depth: u32,
    shown: usize,
}

impl Drawing {
    pub(super) const fn new(view: Option<View>) -> Self {
        Self { view, nodes: Vec::new() }
    }

    /// Whether the next child of `parent` is drawn.
    pub(super) fn draws(&self, parent: Drawn) -> bool {
        self.view.is_some_and(|view| {
            parent.at.is_some() && parent.shown < view.children && parent.depth + 1 < view.depth
        })
    }

    /// Draws a child of `parent`; without one, a root.
    pub(super) fn child(&mut self, parent: Option<&mut Drawn>, node: TreeNode) -> Drawn {
        let Some(view) = self.view else { return Drawn::default() };
        let depth = match parent {
            None => 0,
            Some(parent) => {
                let Some(at) = parent.at else { return Drawn::default() };
                parent.shown += 1;
                let depth = parent.depth + 1;
                let all = parent.shown <= view.children && self.nodes.len() < MOST;
                if depth >= view.depth {
                    if let Some(node) = self.nodes.get_mut(at) {
                        node.omitted += 1;
                    }
                    return Drawn::default();
                }
                if !all {
                    self.more(depth);
                    return Drawn::default();
                }
                depth
            }
        };
        self.nodes.push(TreeNode { depth, ..node });
        Drawn { at: Some(self.nodes.len() - 1), depth, shown: 0 }
    }

    /// One more that is left out at the end of those of `depth`.
    fn more(&mut self, depth: u32) {
        match self.nodes.last_mut().filter(|last| last.depth == depth && last.block.is_none()) {
            Some(last) => last.omitted += 1,
            None => {
                self.nodes.push(TreeNode { depth, omitted: 1, ..TreeNode::default() });
            }
        }
    }

    pub(super) fn finish(&mut self) -> Vec<TreeNode> {
        std::mem::take(&mut self.nodes)
    }
}

impl From<&Node> for TreeNode {
    fn from(node: &Node) -> Self {
        Self {
            block: Some(BlockNumber(node.block)),
            kind: node.role.name(),
            items: node.count.items,
            fill_percent: node.count.fill_percent(),
            ..Self::default()
        }
    }
}
