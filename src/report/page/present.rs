//! Pages shown to people, and as tables.
use super::index::{ColumnInfo, Content, IndexInfo, LONG};
use super::{
    Header, Item, PageDump, PageKind, Pages, Space, Tuple, diagram, explain, hex, snapshot,
};
use crate::report::doc::{Block, Cell, Column, Doc, Present, Table, Tone};

impl Present for Pages {
    fn present(&self) -> Doc {
        let mut doc = Doc::default();
        doc.blocks.extend(self.snapshot.as_ref().map(|asked| Block::Text(asked.sentence())));
        for page in &self.pages {
            self.page(page, &mut doc);
        }
        doc
    }

    fn tables(&self) -> Vec<Table> {
        let mut tables = self.contents();
        let heap = self.pages.iter().any(|page| !page.items.is_empty());
        let items = (heap || tables.is_empty()).then(|| self.items());
        tables.splice(0..0, items);
        tables.push(self.headers());
        tables
    }
}

impl Pages {
    fn page(&self, page: &PageDump, doc: &mut Doc) {
        let fork = match self.fork {
            crate::types::Fork::Main => String::new(),
            fork => format!(" fork {fork}"),
        };
        doc.push(Block::Heading(format!("{}{fork} block {}", self.relation, page.block)));
        let what = page.content.as_ref().and_then(Content::page_type);
        let kind = match what {
            Some(what) => format!("{}, {what}", page.kind.name()),
            None => page.kind.name().to_owned(),
        };
        let mut fields = vec![
            ("file".to_owned(), Cell::text(format!("{} at byte {}", page.file, page.byte))),
            ("kind".to_owned(), Cell::text(kind)),
        ];
        if page.views.diagram || page.views.explain {
            doc.push(Block::Fields(fields));
            diagram::show(page, doc);
            if page.views.explain {
                doc.push(Block::Bytes(explain::parts(&page.regions)));
            }
            if self.snapshot.is_some() && !page.items.is_empty() {
                doc.push(Block::Table(snapshot::table(page)));
            }
            return;
        }
        fields.extend(self.index.as_ref().map(|index| ("columns".to_owned(), columns(index))));
        if page.kind != PageKind::New {
            fields.extend(header_fields(&page.header));
        }
        if let Some(content) = &page.content {
            let shown = content.fields().into_iter().filter(|(_, cell)| *cell != Cell::none());
            fields.extend(shown.map(|(label, cell)| (label.to_owned(), cell)));
        }
        doc.push(Block::Fields(fields));
        if let Some(content) = &page.content {
            let tables = content.tables().into_iter().filter(|table| !table.rows.is_empty());
            // Of a visibility map, the ranges say it shorter.
            let tables = tables.filter(|_| !matches!(content, Content::Vm(_)));
            doc.blocks.extend(tables.map(|table| Block::Table(without_long(table))));
        }
        if !page.items.is_empty() {
            let table = if self.snapshot.is_some() { snapshot::table } else { short_table };
            doc.push(Block::Table(table(page)));
        }
        if let Some(space) = &page.space {
            doc.push(Block::Heading("Space in bytes".to_owned()));
            doc.push(Block::Fields(space_fields(space)));
        }
        if page.views.hex {
            doc.push(Block::Heading("Bytes".to_owned()));
            doc.push(Block::Verbatim(hex::lines(&page.regions)));
        }
    }

    /// Every column of heap_page_items, and what it does not tell.
    fn items(&self) -> Table {
        let columns = FULL.into_iter().chain(snapshot::COLUMNS).map(Column::new).collect();
        let rows = self.pages.iter().flat_map(|page| {
            page.items.iter().map(|item| full_row(i128::from(page.block.0), item))
        });
        Table { name: "items", title: String::new(), columns, rows: rows.collect() }
    }

    /// The tables of what is no heap page, those of the same name together.
    fn contents(&self) -> Vec<Table> {
        let mut all: Vec<Table> = Vec::new();
        for page in &self.pages {
            for table in page.content.iter().flat_map(Content::tables) {
                let Table { name, title, columns, rows } = table;
                let block = Cell::number(page.block.0);
                let rows = rows.into_iter().map(|row| [vec![block.clone()], row].concat());
                if let Some(known) = all.iter_mut().find(|known| known.name == name) {
                    known.rows.extend(rows);
                } else {
                    let columns = [vec![Column::new("blkno")], columns].concat();
                    all.push(Table { name, title, columns, rows: rows.collect() });
                }
            }
        }
        all
    }

    /// Every column of page_header, and of each part of the page its bytes.
    fn headers(&self) -> Table {
        let parts = Space::default().parts().map(|(name, _)| match name {
            "line pointers" => "line_pointers_bytes",
            "header" => "header_bytes",
            "live" => "live_bytes",
            "dead" => "dead_bytes",
            "padding" => "padding_bytes",
            "hole" => "hole_bytes",
            "unclaimed" => "unclaimed_bytes",
            _ => "special_bytes",
        });
        let columns = HEADER.into_iter().chain(parts).map(Column::new).collect();
        let rows = self.pages.iter().map(header_row).collect();
        Table { name: "headers", title: String::new(), columns, rows }
    }
}

/// Columns of an index with their types, such as `id integer, INCLUDE name text`.
fn columns(index: &IndexInfo) -> Cell {
    let column = |column: &ColumnInfo| {
        let include = if column.opclass.is_none() { "INCLUDE " } else { "" };
        format!("{include}{} {}", column.name, column.type_name)
    };
    let columns: Vec<_> = index.columns.iter().map(column).collect();
    Cell::text(if columns.is_empty() { "not known".to_owned() } else { columns.join(", ") })
}

/// A table without what is too long for people.
fn without_long(mut table: Table) -> Table {
    let long = |name: &str| LONG.contains(&name);
    for row in &mut table.rows {
        let mut columns = table.columns.iter();
        row.retain(|_| !columns.next().is_some_and(|column| long(column.name)));
    }
    table.columns.retain(|column| !long(column.name));
    table
}

const HEADER: [&str; 13] = [
    "blkno",
    "kind",
    "lsn",
    "checksum",
    "flags",
    "lower",
    "upper",
    "special",
    "pagesize",
    "version",
    "prune_xid",
    "computed_checksum",
    "flag_names",
];

fn header_row(page: &PageDump) -> Vec<Cell> {
    let header = &page.header;
    let mut row = vec![
        Cell::number(page.block.0),
        Cell::text(page.kind.name()),
        Cell::text(header.lsn.to_string()),
    ];
    let numbers = [
        header.checksum,
        header.flags,
        header.lower,
        header.upper,
        header.special,
        header.pagesize,
        header.version.into(),
    ];
    row.extend(numbers.map(Cell::number));
    row.push(Cell::number(header.prune_xid.0));
    row.push(header.computed_checksum.map_or_else(Cell::none, Cell::number));
    row.push(Cell::text(header.flag_names.join(" ")));
    match &page.space {
        Some(space) => row.extend(space.parts().map(|(_, bytes)| Cell::number(bytes))),
        None => row.extend(Space::default().parts().map(|_| Cell::none())),
    }
    row
}

fn header_fields(header: &Header) -> Vec<(String, Cell)> {
    let checksum = match header.computed_checksum {
        None => Cell::text(header.checksum.to_string()),
        Some(computed) if !header.checksums => Cell::text(format!(
            "{} (this cluster has none; {computed} by these bytes)",
            header.checksum
        )),
        Some(computed) if computed == header.checksum => Cell::text(format!("{computed} (right)")),
        Some(computed) => {
            Cell::text(format!("{} (wrong: {computed} by these bytes)", header.checksum))
                .tone(Tone::Critical)
        }
    };
    let names = if header.flag_names.is_empty() { String::new() } else { " ".to_owned() };
    let flags = format!("{}{names}{}", header.flags, header.flag_names.join(" "));
    let number = |number: u16| Cell::number(number);
    let fields = [
        ("lsn", Cell::text(header.lsn.to_string())),
        ("checksum", checksum),
        ("flags", Cell::text(flags)),
        ("lower", number(header.lower)),
        ("upper", number(header.upper)),
        ("special", number(header.special)),
        ("pagesize", number(header.pagesize)),
        ("version", number(header.version.into())),
        ("prune_xid", Cell::number(header.prune_xid.0)),
    ];
    fields.into_iter().map(|(label, cell)| (label.to_owned(), cell)).collect()
}

fn space_fields(space: &Space) -> Vec<(String, Cell)> {
    let used = space.parts().into_iter().filter(|(_, bytes)| *bytes > 0);
    let fields = used.chain([("all", space.total())]);
    fields.map(|(part, bytes)| (part.to_owned(), Cell::count(bytes))).collect()
}

/// What fits on a screen: each line pointer with what its flags mean.
fn short_table(page: &PageDump) -> Table {
    let columns = vec![
        Column::new("lp"),
        Column::new("lp_off").short("off"),
        Column::new("lp_len").short("len"),
        Column::new("t_xmin").short("xmin"),
        Column::new("xmin_status").short("status").rank(2),
        Column::new("t_xmax").short("xmax"),
        Column::new("xmax_status").short("status").rank(2),
        Column::new("t_ctid").short("ctid").rank(1),
        Column::new("natts").rank(3),
        Column::new("t_infomask").short("infomask").rank(4),
        Column::new("t_infomask2").short("infomask2").rank(4),
        Column::new("meaning"),
    ];
    let rows = page.items.iter().map(short_row).collect();
    Table { name: "items", title: String::new(), columns, rows }
}

fn short_row(item: &Item) -> Vec<Cell> {
    let mut row = vec![Cell::number(item.lp), Cell::number(item.lp_off), Cell::number(item.lp_len)];
    match &item.tuple {
        Some(tuple) => {
            row.extend([
                Cell::number(tuple.t_xmin.0),
                Cell::text(tuple.xmin_status.name()),
                Cell::number(tuple.t_xmax.0),
                tuple.xmax_status.map_or_else(Cell::none, |status| Cell::text(status.name())),
                Cell::text(tuple.t_ctid.clone()),
                Cell::number(tuple.natts),
                Cell::text(format!("{:#06x}", tuple.t_infomask)),
                Cell::text(format!("{:#06x}", tuple.t_infomask2)),
            ]);
        }
        None => row.extend([const { Cell::none() }; 8]),
    }
    let meaning = meaning(item);
    row.push(Cell::text(meaning));
    let tone = if item.selected { Tone::Warning } else { tone(item) };
    row.into_iter().map(|cell| cell.tone(tone)).collect()
}

fn tone(item: &Item) -> Tone {
    match &item.tuple {
        Some(Tuple { fate: super::TupleFate::Dead | super::TupleFate::Deleted, .. }) | None => {
            Tone::Faint
        }
        Some(_) => Tone::Plain,
    }
}

fn meaning(item: &Item) -> String {
    match (&item.tuple, item.chain_next) {
        (None, Some(next)) => format!("redirects to {next}"),
        (None, None) => item.lp_flags_name.trim_start_matches("LP_").to_lowercase(),
        (Some(tuple), _) => {
            let fate = tuple.fate.name();
            // Of a plain DELETE, the fate and what t_xmax did are the same word.
            let flags = tuple.meaning.iter().map(String::as_str).filter(|&word| word != fate);
            let words: Vec<_> = std::iter::once(fate).chain(flags).collect();
            if item.lp_flags == 1 {
                words.join(", ")
            } else {
                let flags = item.lp_flags_name.trim_start_matches("LP_").to_lowercase();
                format!("{flags} line pointer; {}", words.join(", "))
            }
        }
    }
}

const FULL: [&str; 27] = [
    "blkno",
    "lp",
    "lp_off",
    "lp_flags",
    "lp_len",
    "t_xmin",
    "t_xmax",
    "t_field3",
    "t_ctid",
    "t_infomask2",
    "t_infomask",
    "t_hoff",
    "t_bits",
    "t_oid",
    "t_data",
    "lp_flags_name",
    "chain_next",
    "rowid",
    "natts",
    "raw_flags",
    "combined_flags",
    "xmin_status",
    "xmax_status",
    "multixact_members",
    "fate",
    "meaning",
    "selected",
];

fn full_row(block: i128, item: &Item) -> Vec<Cell> {
    let mut row = vec![
        Cell::number(block),
        Cell::number(item.lp),
        Cell::number(item.lp_off),
        Cell::number(item.lp_flags),
        Cell::number(item.lp_len),
    ];
    let (raw, derived) = item.tuple.as_ref().map_or_else(
        || ([const { Cell::none() }; 10], [const { Cell::none() }; 9]),
        |tuple| (raw_cells(tuple), derived_cells(tuple)),
    );
    row.extend(raw);
    row.push(Cell::text(item.lp_flags_name));
    row.push(item.chain_next.map_or_else(Cell::none, Cell::number));
    row.extend(derived);
    row.push(Cell::text(if item.selected { "t" } else { "f" }));
    row.extend(snapshot::cells(item.tuple.as_ref().and_then(|tuple| tuple.snapshot.as_ref())));
    row
}

fn raw_cells(tuple: &Tuple) -> [Cell; 10] {
    let text = |text: &Option<String>| text.clone().map_or_else(Cell::none, Cell::text);
    [
        Cell::number(tuple.t_xmin.0),
        Cell::number(tuple.t_xmax.0),
        // An integer for heap_page_items, hence signed.
        Cell::number(tuple.t_field3.cast_signed()),
        Cell::text(tuple.t_ctid.clone()),
        Cell::number(tuple.t_infomask2),
        Cell::number(tuple.t_infomask),
        Cell::number(tuple.t_hoff),
        text(&tuple.t_bits),
        tuple.t_oid.map_or_else(Cell::none, Cell::number),
        tuple.t_data.as_ref().map_or_else(Cell::none, |data| Cell::text(format!("\\x{data}"))),
    ]
}

fn derived_cells(tuple: &Tuple) -> [Cell; 9] {
    let members = tuple.multixact.as_ref().map(|multi| {
        let member = |member: &super::Member| format!("{}:{}", member.xid, member.mode);
        multi.members.iter().map(member).collect::<Vec<_>>().join(" ")
    });
    [
        tuple.rowid.clone().map_or_else(Cell::none, Cell::text),
        Cell::number(tuple.natts),
        Cell::text(tuple.raw_flags.join(" ")),
        Cell::text(tuple.combined_flags.join(" ")),
        Cell::text(tuple.xmin_status.name()),
        tuple.xmax_status.map_or_else(Cell::none, |status| Cell::text(status.name())),
        members.map_or_else(Cell::none, Cell::text),
        Cell::text(tuple.fate.name()),
        Cell::text(tuple.meaning.join(", ")),
    ]
}
