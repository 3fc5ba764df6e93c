//! How `index` is shown: what the extensions say, pages by kind, levels, rows, the tree.
use super::fields::{self, Field, field};
use super::{Index, Level, PagesOf, tree};
use crate::report::doc::{Block, Cell, Column, Doc, Present, Table, Tone};

impl Present for Index {
    fn present(&self) -> Doc {
        let mut doc = Doc::default();
        doc.push(Block::Fields(self.head()));
        for (heading, fields) in self.statistics() {
            doc.push(Block::Heading(heading.to_owned()));
            doc.push(Block::Fields(fields));
        }
        doc.push(Block::Table(self.pages_table()));
        if !self.levels.is_empty() {
            doc.push(Block::Table(self.levels_table()));
        }
        doc.push(Block::Heading("Items that lead to rows".to_owned()));
        doc.push(Block::Fields(self.items()));
        if let Some(heap) = self.heap_fields() {
            doc.push(Block::Heading("The rows they lead to, in the table".to_owned()));
            doc.push(Block::Fields(heap));
        }
        if !self.tree.is_empty() {
            doc.push(Block::Heading("Tree".to_owned()));
            doc.push(Block::Verbatim(tree::lines(&self.tree)));
        }
        doc.push(Block::Heading("Next".to_owned()));
        doc.push(Block::Next(self.next()));
        doc
    }

    fn tables(&self) -> Vec<Table> {
        vec![self.pages_table(), self.levels_table(), self.numbers(), self.tree_table()]
    }
}

/// A key as far as there is room for it.
pub(super) fn shortened(key: &str) -> String {
    /// Characters that are shown.
    const ROOM: usize = 24;
    match key.char_indices().nth(ROOM) {
        Some((end, _)) => format!("{}…", key.get(..end).unwrap_or_default()),
        None => key.to_owned(),
    }
}

impl Index {
    /// The tree in the language of Graphviz.
    pub fn dot(&self) -> String {
        tree::dot(&self.index, &self.tree)
    }

    fn head(&self) -> Vec<Field> {
        let mut fields = vec![field("index", Cell::text(self.index.clone()))];
        fields.extend(self.table.clone().map(|table| field("table", Cell::text(table))));
        let method = self.access_method.clone().unwrap_or_else(|| "unknown".to_owned());
        let unique = if self.indisunique == Some(true) { ", unique" } else { "" };
        fields.push(field("access method", Cell::text(format!("{method}{unique}"))));
        if self.indisvalid == Some(false) {
            let invalid = Cell::text("no: queries do not use it").tone(Tone::Warning);
            fields.push(field("valid", invalid));
        }
        fields.extend(self.fillfactor.map(|fill| field("fillfactor", Cell::number(fill))));
        fields.push(field("size", Cell::bytes(self.index_len)));
        if let Some(reindex) = &self.reindex {
            let words = ["REINDEX would make it", "and free"];
            let least_and_most = ["REINDEX makes it at most", "and frees at least"];
            let least = reindex.rebuilt_len_least;
            let [makes, frees] = if least.is_some() { least_and_most } else { words };
            fields.extend(least.map(|len| field("REINDEX makes it at least", Cell::bytes(len))));
            fields.push(field(makes, Cell::bytes(reindex.rebuilt_len)));
            fields.push(field(frees, Cell::bytes(reindex.frees)));
            fields.push(field("percent of it", Cell::percent(reindex.bloat_percent)));
        }
        if let Some(why) = self.not_estimated {
            fields.push(field("REINDEX", Cell::text(format!("not estimated: {why}"))));
        }
        if self.lost_pages > 0 {
            let lost = Cell::count(self.lost_pages).tone(Tone::Critical);
            fields.push(field("damaged pages", lost));
        }
        if let Some(unreached) = self.unreached_pages.filter(|&pages| pages > 0) {
            let unreached = Cell::count(unreached).tone(Tone::Warning);
            fields.push(field("pages that no link leads to", unreached));
        }
        fields
    }

    /// What the extensions say of it, each under its function's name.
    fn statistics(&self) -> Vec<(&'static str, Vec<Field>)> {
        let all = [
            ("pgstatindex", self.pgstatindex.as_ref().map(fields::btree)),
            ("pgstatginindex", self.pgstatginindex.as_ref().map(fields::gin)),
            ("pgstathashindex", self.pgstathashindex.as_ref().map(fields::hash)),
            ("pgstattuple", self.pgstattuple.as_ref().map(fields::tuples)),
            ("ranges", self.ranges.as_ref().map(fields::ranges)),
        ];
        all.into_iter().filter_map(|(name, fields)| Some((name, fields?))).collect()
    }

    /// Every number of the statistics as rows of function, name and value.
    fn numbers(&self) -> Table {
        let named = |(function, fields): (&'static str, Vec<Field>)| {
            fields
                .into_iter()
                .map(move |(name, cell)| vec![Cell::text(function), Cell::text(name), cell])
        };
        let mut all = self.statistics();
        all.push(("items", self.items()));
        all.extend(self.heap_fields().map(|fields| ("heap", fields)));
        let columns = ["function", "name", "value"].map(Column::new).to_vec();
        let rows = all.into_iter().flat_map(named).collect();
        Table { name: "statistics", title: String::new(), columns, rows }
    }

    fn pages_table(&self) -> Table {
        let columns = ["kind", "pages", "items", "dead_items", "free_space", "fill_percent"];
        let row = |of: &PagesOf| {
            vec![
                Cell::text(of.kind),
                Cell::count(of.pages),
                Cell::count(of.items),
                Cell::count(of.dead_items),
                Cell::bytes(of.free_space),
                of.fill_percent.map_or_else(Cell::none, Cell::percent),
            ]
        };
        let rows = self.pages.iter().map(row).collect();
        let title = "Pages by what they are for".to_owned();
        Table { name: "pages", title, columns: columns.map(Column::new).to_vec(), rows }
    }

    fn levels_table(&self) -> Table {
        let several = self.levels.iter().any(|level| level.tree.is_some());
        let keys = self.levels.iter().any(|level| level.min_key.is_some());
        let mut columns = vec![];
        if several {
            columns.push(Column::new("tree"));
        }
        columns.extend(["level", "pages", "items", "fill_percent"].map(Column::new));
        if keys {
            columns.extend(["min_key", "max_key"].map(Column::new));
        }
        let row = |level: &Level| {
            let mut row = vec![];
            if several {
                row.push(level.tree.map_or_else(Cell::none, Cell::text));
            }
            row.extend([
                Cell::number(level.level),
                Cell::count(level.pages),
                Cell::count(level.items),
                level.fill_percent.map_or_else(Cell::none, Cell::percent),
            ]);
            if keys {
                let key = |key: &Option<String>| {
                    key.as_deref().map_or_else(Cell::none, |key| Cell::text(shortened(key)))
                };
                row.extend([key(&level.min_key), key(&level.max_key)]);
            }
            row
        };
        let rows = self.levels.iter().map(row).collect();
        let title = "Levels".to_owned();
        Table { name: "levels", title, columns, rows }
    }

    fn items(&self) -> Vec<Field> {
        let items = &self.items;
        let mut fields = vec![
            field("items", Cell::count(items.items)),
            field("dead_items", Cell::count(items.dead_items)),
            field("rows", Cell::count(items.rows)),
        ];
        if self.pgstatindex.is_some() {
            fields.push(field("posting_lists", Cell::count(items.posting_lists)));
            fields.push(field("posting_rows", Cell::count(items.posting_rows)));
        }
        fields
    }

    fn heap_fields(&self) -> Option<Vec<Field>> {
        let heap = self.heap?;
        let bad = |count: u64| {
            Cell::count(count).tone(if count > 0 { Tone::Critical } else { Tone::Plain })
        };
        Some(vec![
            field("tuples", Cell::count(heap.tuples)),
            field("redirects", Cell::count(heap.redirects)),
            field("dead", Cell::count(heap.dead)),
            field("unused", bad(heap.unused)),
            field("absent", bad(heap.absent)),
            field("heap_only", bad(heap.heap_only)),
            field("unreadable", bad(heap.unreadable)),
        ])
    }

    fn tree_table(&self) -> Table {
        let columns =
            ["depth", "block", "offset", "kind", "items", "fill_percent", "key", "omitted"];
        let row = |node: &tree::TreeNode| {
            vec![
                Cell::number(node.depth),
                node.block.map_or_else(Cell::none, |block| Cell::number(block.0)),
                node.offset.map_or_else(Cell::none, Cell::number),
                Cell::text(node.kind),
                Cell::count(node.items),
                node.fill_percent.map_or_else(Cell::none, Cell::percent),
                node.key.clone().map_or_else(Cell::none, Cell::text),
                Cell::count(node.omitted),
            ]
        };
        let rows = self.tree.iter().map(row).collect();
        let columns = columns.map(Column::new).to_vec();
        Table { name: "tree", title: String::new(), columns, rows }
    }

    fn next(&self) -> Vec<(String, String)> {
        let (input, index) = (&self.input, &self.index);
        let mut next = Vec::new();
        if self.heap.is_none() {
            let command = format!("pgdissect index --with-heap {input} {index}");
            next.push((command, "whether the rows are there".to_owned()));
        }
        if self.tree.is_empty() {
            let command = format!("pgdissect index --tree {input} {index}");
            next.push((command, "the tree, from its root".to_owned()));
        }
        next.push((format!("pgdissect page {input} {index} 0"), "its first page".to_owned()));
        next
    }
}
