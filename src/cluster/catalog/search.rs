//! The file of a mapped catalog without a map: found by a row that every such catalog has.
use super::scan::Reader;
use crate::cluster::probe::looks_like_heap;
use crate::format::heap::HeapTuple;
use crate::format::page::Page;
use crate::layout::catalog::Catalog;
use crate::source::EntryKind;
use crate::source::relation::RelationFile;
use crate::types::{Fork, RelFileNumber};

/// How each of these catalogs is known: the number and the name that one of its rows begins with.
const KNOWN_BY: [(&str, u32, &str); 5] = [
    ("pg_class", 1259, "pg_class"),
    ("pg_attribute", 1249, "attrelid"),
    ("pg_database", 1, "template1"),
    ("pg_tablespace", 1663, "pg_default"),
    ("pg_authid", 3373, "pg_monitor"),
];
/// A catalog's own first rows are written first, and stay there when it is rewritten.
const SEARCHED: u64 = 4 << 20;

/// The filenode in `dir` of the file that holds the rows of `catalog`.
pub(super) fn search(reader: Reader<'_>, dir: &str, catalog: &Catalog) -> Option<RelFileNumber> {
    let (_, number, name) = KNOWN_BY.into_iter().find(|(known, ..)| *known == catalog.name)?;
    let mut row = number.to_le_bytes().to_vec();
    row.extend(name.as_bytes());
    // A name is padded with zeros to NAMEDATALEN.
    row.resize(4 + 64, 0);
    let index = reader.source.relation_index(dir).ok()?;
    let main = |file: &&RelationFile| {
        let name = file.name;
        let first = name.fork == Fork::Main && name.segment == 0 && name.backend.is_none();
        first && file.kind == EntryKind::File && file.len > 0
    };
    let mut files = index.files().iter().filter(main);
    files.find_map(|file| {
        let holds = holds(reader, &format!("{dir}/{}", file.name), &row, catalog.columns.len());
        (holds == Some(true)).then_some(file.name.number)
    })
}

/// Whether a file is a heap of about so many columns, and holds the beginning of that row.
fn holds(reader: Reader<'_>, path: &str, row: &[u8], columns: usize) -> Option<bool> {
    let block_size = u64::from(reader.dialect.geometry.block_size);
    let file = reader.source.file(path).ok()?;
    let mut scratch = Vec::new();
    let first = file.window(0..block_size, &mut scratch).ok()?;
    if !looks_like_heap(first) {
        return Some(false);
    }
    let page = Page::parse(first).ok()?;
    let tuple = page.items().find_map(|(_, item)| HeapTuple::behind(item, &page))?;
    let natts = usize::from(tuple.header.t_infomask2.natts());
    // A fork may have added some.
    if natts.abs_diff(columns) > 3 {
        return Some(false);
    }
    let bytes = file.window(0..SEARCHED, &mut scratch).ok()?;
    // Rows are aligned to 8 bytes, and so is what follows their header.
    let (words, _) = bytes.as_chunks::<8>();
    let starts = words.iter().enumerate().filter(|(_, word)| row.starts_with(word.as_slice()));
    let mut matches = starts.map(|(at, _)| bytes.get(at * 8..at * 8 + row.len()) == Some(row));
    Some(matches.any(|same| same))
}
