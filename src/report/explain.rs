//! What findings mean: the catalogue of rules, or a part of it.
use super::Present;
use super::doc::{Block, Cell, Column, Doc, Table};
use crate::finding::Rule;
use serde::Serialize;

/// Rules, in the order of the catalogue.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Explain {
    /// At least one.
    pub rules: Vec<&'static Rule>,
}

impl Present for Explain {
    fn present(&self) -> Doc {
        let mut doc = Doc::default();
        match self.rules.as_slice() {
            [rule] => one(rule, &mut doc),
            _ => doc.push(Block::Table(self.table())),
        }
        doc
    }

    fn tables(&self) -> Vec<Table> {
        let mut table = self.table();
        table.columns.extend(["causes", "postgres", "next"].map(Column::new));
        for (row, rule) in table.rows.iter_mut().zip(&self.rules) {
            row.extend([rule.causes, rule.postgres, rule.next].map(Cell::text));
        }
        vec![table]
    }
}

impl Explain {
    fn table(&self) -> Table {
        let columns = ["id", "severity", "means"].map(Column::new).to_vec();
        let row = |rule: &&Rule| [rule.id, rule.severity.name(), rule.means].map(Cell::text).into();
        let rows = self.rules.iter().map(row).collect();
        Table { name: "findings", title: String::new(), columns, rows }
    }
}

fn one(rule: &Rule, doc: &mut Doc) {
    doc.push(Block::Heading(format!("{} ({})", rule.id, rule.severity.name())));
    doc.push(Block::Text(rule.means.into()));
    let parts = [
        ("What usually causes it", rule.causes),
        ("What PostgreSQL does", rule.postgres),
        ("What to do next", rule.next),
    ];
    for (heading, text) in parts {
        doc.push(Block::Heading(heading.into()));
        doc.push(Block::Text(text.into()));
    }
}
