//! A tree drawn: lines for a terminal, or a graph for Graphviz.
use super::present::shortened;
use crate::types::BlockNumber;
use serde::Serialize;
use std::fmt::Write as _;

/// A page of the tree, or what is left out below one.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TreeNode {
    /// 0 for roots.
    pub depth: u32,
    /// The page; none if this stands for what is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<BlockNumber>,
    /// The item on it that is meant, where a page belongs to several nodes (SP-GiST).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u16>,
    /// What it is for; empty for what is left out.
    pub kind: &'static str,
    /// Items, high keys not counted.
    pub items: u64,
    /// Percent of the room for items that is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill_percent: Option<f64>,
    /// The key that leads to it; none of the first child, which is below every key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Children that are left out below it.
    pub omitted: u64,
}

impl TreeNode {
    fn label(&self) -> String {
        let Some(block) = self.block else { return format!("… {} more", self.omitted) };
        let mut label = format!("{block}");
        if let Some(offset) = self.offset {
            let _ = write!(label, ",{offset}");
        }
        let _ = write!(label, " {}, {} items", self.kind, self.items);
        if let Some(fill) = self.fill_percent {
            let _ = write!(label, ", {fill:.0} % full");
        }
        if let Some(key) = &self.key {
            let _ = write!(label, ", from {}", shortened(key));
        }
        if self.omitted > 0 {
            let _ = write!(label, ", {} below it not shown", self.omitted);
        }
        label
    }
}

/// The tree as lines, as `tree` draws directories.
pub(super) fn lines(nodes: &[TreeNode]) -> Vec<String> {
    // Whether the branch of each depth goes on below the current line.
    let mut goes_on: Vec<bool> = Vec::new();
    let mut lines = Vec::with_capacity(nodes.len());
    for (at, node) in nodes.iter().enumerate() {
        let depth = node.depth as usize;
        let later = nodes.iter().skip(at + 1).take_while(|later| later.depth >= node.depth);
        let last = !later.into_iter().any(|later| later.depth == node.depth);
        goes_on.truncate(depth);
        let mut line = String::new();
        for &on in goes_on.iter().skip(1) {
            line.push_str(if on { "│  " } else { "   " });
        }
        if depth > 0 {
            line.push_str(if last { "└─ " } else { "├─ " });
        }
        line.push_str(&node.label());
        lines.push(line);
        goes_on.push(!last);
    }
    lines
}

/// The tree in the language of Graphviz.
pub(super) fn dot(name: &str, nodes: &[TreeNode]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let mut out = format!("digraph {} {{\n  node [shape=box];\n", quoted(name));
    // The node that each depth was last at.
    let mut path: Vec<usize> = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        let style = if node.block.is_none() { ", style=dashed" } else { "" };
        let _ = writeln!(out, "  n{at} [label={}{style}];", quoted(&node.label()));
        path.truncate(node.depth as usize);
        if let Some(parent) = path.last() {
            let _ = writeln!(out, "  n{parent} -> n{at};");
        }
        path.push(at);
    }
    out.push_str("}\n");
    out
}

#[cfg(test)]
mod tests {
    use super::{TreeNode, dot, lines};
    use crate::types::BlockNumber;

    fn nodes() -> Vec<TreeNode> {
        let node = |depth, block: u32, kind| TreeNode {
            depth,
            block: Some(BlockNumber(block)),
            kind,
            items: 2,
            ..TreeNode::default()
        };
        let more = TreeNode { depth: 1, omitted: 7, ..TreeNode::default() };
        vec![
            node(0, 9, "root"),
            node(1, 3, "internal"),
            node(2, 1, "leaf"),
            node(2, 2, "leaf"),
            node(1, 8, "internal"),
            more,
        ]
    }

    #[test]
    fn branches_go_on_as_long_as_there_are_siblings() {
        let drawn = [
            "9 root, 2 items",
            "├─ 3 internal, 2 items",
            "│  ├─ 1 leaf, 2 items",
            "│  └─ 2 leaf, 2 items",
            "├─ 8 internal, 2 items",
            "└─ … 7 more",
        ];
        assert_eq!(lines(&nodes()), drawn);
    }

    #[test]
    fn graphviz_gets_an_edge_for_each_child() {
        let dot = dot("a \"b\"", &nodes());
        assert!(dot.starts_with("digraph \"a \\\"b\\\"\" {\n"), "{dot}");
        assert_eq!(dot.matches(" -> ").count(), 5);
        assert!(dot.contains("  n1 -> n2;\n") && dot.contains("  n0 -> n5;\n"), "{dot}");
    }
}
