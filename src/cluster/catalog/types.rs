//! Data types: pg_type, and their names as format_type() writes them (utils/adt/format_type.c).
use super::columns::alignment;
use super::row::Row;
use super::visible::Fate;
use crate::cluster::Cluster;
use crate::cluster::quote::identifier;
use crate::format::heap::Attr;
use crate::types::Oid;
use std::collections::HashMap;

/// A row of pg_type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Type {
    /// `typname`.
    pub name: String,
    /// Its schema, `oid:NNN` if its row is lost.
    pub schema: String,
    /// How its values are stored: `typlen`, `typalign`, `typbyval`.
    pub storage: Attr,
    /// `typtype`: `b` base, `c` composite, `d` domain, `e` enum, `m` multirange, `p` pseudo, `r`
    /// range.
    pub kind: u8,
    /// `typelem`: what its elements are, if it can be subscripted; 0 if it cannot.
    pub element: Oid,
    /// `typbasetype`: what a domain is made of; 0 of what is no domain.
    pub base: Oid,
    /// `typstorage` is `p`: values are never compressed nor moved.
    pub is_plain: bool,
}

/// The types of one database.
#[derive(Debug, Default)]
pub struct Types {
    by_oid: HashMap<Oid, Type>,
}

const COLUMNS: [&str; 10] = [
    "oid",
    "typname",
    "typnamespace",
    "typlen",
    "typalign",
    "typbyval",
    "typtype",
    "typelem",
    "typbasetype",
    "typstorage",
];

impl Cluster {
    /// The types of a database, by its pg_type; none if it cannot be read. Each call reads it.
    pub fn types(&self, database: Oid) -> Types {
        let schemas = self.schemas(database);
        let mut by_oid = HashMap::new();
        self.each_row(database, "pg_type", COLUMNS, &mut |row, places| {
            if row.fate == Fate::Visible {
                by_oid.extend(of_row(row, places, &schemas));
            }
        });
        Types { by_oid }
    }

    /// The labels of the enum values of a database, by their oids (pg_enum): those are what rows
    /// hold.
    pub fn enum_labels(&self, database: Oid) -> HashMap<Oid, String> {
        self.names_in(database, "pg_enum", "enumlabel")
    }
}

/// Whether a type may be that long: some bytes, a varlena, or a zero-terminated string (`TypeCreate`,
/// catalog/pg_type.c). Counts of values are bounded by the bytes they lie in, so none may take none.
const fn is_length(typlen: i16) -> bool {
    typlen > 0 || typlen == -1 || typlen == -2
}

fn of_row(
    row: &Row<'_>,
    places: [Option<usize>; 10],
    schemas: &HashMap<Oid, String>,
) -> Option<(Oid, Type)> {
    let [oid, name, schema, len, align, by_val, kind, element, base, storage] = places;
    let schema = row.oid(schema)?;
    let found = Type {
        name: row.name(name)?,
        schema: schemas.get(&schema).cloned().unwrap_or_else(|| format!("oid:{schema}")),
        storage: Attr {
            len: row.int2(len).filter(|len| is_length(*len))?,
            align: alignment(row.byte(align)?)?,
            by_val: row.boolean(by_val)?,
        },
        kind: row.byte(kind)?,
        element: row.oid(element)?,
        base: row.oid(base)?,
        is_plain: row.byte(storage)? == b'p',
    };
    Some((row.oid(oid)?, found))
}

impl Types {
    /// The type of that oid.
    pub fn get(&self, oid: Oid) -> Option<&Type> {
        self.by_oid.get(&oid)
    }

    /// Types with their oids, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (Oid, &Type)> {
        self.by_oid.iter().map(|(oid, found)| (*oid, found))
    }

    /// The name of a type with its modifier (`atttypmod`, -1 for none), as format_type() gives it
    /// under the default search_path: types outside pg_catalog and public are qualified. `-` of
    /// oid 0, as of a dropped column, and `???` of a type that is not there.
    pub fn format(&self, oid: Oid, typmod: i32) -> String {
        if !oid.is_valid() {
            return "-".to_owned();
        }
        let Some(found) = self.get(oid) else { return "???".to_owned() };
        let is_array = found.element.is_valid() && found.storage.len == -1 && !found.is_plain;
        if !is_array {
            return name(oid, found, typmod);
        }
        match self.get(found.element) {
            Some(element) => name(found.element, element, typmod) + "[]",
            None => "???[]".to_owned(),
        }
    }
}

/// A name with its modifier. The types of SQL have names of their own there (`format_type_extended`).
fn name(oid: Oid, found: &Type, typmod: i32) -> String {
    let modifier = if typmod >= 0 { modifier(oid, typmod) } else { String::new() };
    let sql = match oid.0 {
        16 => "boolean",
        18 => "\"char\"",
        20 => "bigint",
        21 => "smallint",
        23 => "integer",
        700 => "real",
        701 => "double precision",
        1042 if typmod >= 0 => "character",
        1043 => "character varying",
        1083 => return format!("time{modifier} without time zone"),
        1114 => return format!("timestamp{modifier} without time zone"),
        1184 => return format!("timestamp{modifier} with time zone"),
        1186 => "interval",
        1266 => return format!("time{modifier} with time zone"),
        1560 if typmod >= 0 => "bit",
        1560 => "\"bit\"",
        1562 => "bit varying",
        1700 => "numeric",
        _ => {
            let own = identifier(&found.name);
            let visible = matches!(found.schema.as_str(), "pg_catalog" | "public");
            let schema = if visible { String::new() } else { identifier(&found.schema) + "." };
            return schema + &own + &modifier;
        }
    };
    sql.to_owned() + &modifier
}

/// What the type's `typmodout` writes; of types that are not PostgreSQL's own, the number.
fn modifier(oid: Oid, typmod: i32) -> String {
    match oid.0 {
        // bpchartypmodout, varchartypmodout: the header is counted.
        1042 | 1043 if typmod > 4 => format!("({})", typmod.saturating_sub(4)),
        1186 => interval(typmod),
        // numerictypmodout; the scale has 11 bits, signed.
        1700 if typmod >= 4 => {
            let packed = typmod.saturating_sub(4);
            let scale = ((packed & 0x7ff) ^ 1024).saturating_sub(1024);
            format!("({},{scale})", (packed >> 16) & 0xffff)
        }
        1042 | 1043 | 1700 => String::new(),
        _ => format!("({typmod})"),
    }
}

/// `intervaltypmodout` (utils/adt/timestamp.c): the fields it keeps in the high half, digits of
/// the seconds in the low one.
fn interval(typmod: i32) -> String {
    const FIELDS: [(i32, &str); 13] = [
        (1 << 2, " year"),
        (1 << 1, " month"),
        (1 << 3, " day"),
        (1 << 10, " hour"),
        (1 << 11, " minute"),
        (1 << 12, " second"),
        (1 << 2 | 1 << 1, " year to month"),
        (1 << 3 | 1 << 10, " day to hour"),
        (1 << 3 | 1 << 10 | 1 << 11, " day to minute"),
        (1 << 3 | 1 << 10 | 1 << 11 | 1 << 12, " day to second"),
        (1 << 10 | 1 << 11, " hour to minute"),
        (1 << 10 | 1 << 11 | 1 << 12, " hour to second"),
        (1 << 11 | 1 << 12, " minute to second"),
    ];
    let (range, digits) = ((typmod >> 16) & 0x7fff, typmod & 0xffff);
    let fields = FIELDS.iter().find(|(mask, _)| *mask == range).map_or("", |(_, name)| name);
    if digits == 0xffff { fields.to_owned() } else { format!("{fields}({digits})") }
}

#[cfg(test)]
mod tests {
    use super::{Attr, Type, Types};
    use crate::layout::catalog::Align;
    use crate::types::Oid;

    /// Oid, name, schema, element.
    fn types(of: &[(u32, &str, &str, u32)]) -> Types {
        let one = |&(oid, name, schema, element): &(u32, &str, &str, u32)| {
            let storage = Attr { len: -1, align: Align::Int, by_val: false };
            let (name, schema, element) = (name.to_owned(), schema.to_owned(), Oid(element));
            let (kind, base, is_plain) = (b'b', Oid(0), name == "oidvector");
            (Oid(oid), Type { name, schema, storage, kind, element, base, is_plain })
        };
        Types { by_oid: of.iter().map(one).collect() }
    }

    /// What psql 15 gave for format_type(oid, typmod).
    #[test]
    fn names_are_those_of_format_type() {
        let types = types(&[
            (18, "char", "pg_catalog", 0),
            (30, "oidvector", "pg_catalog", 26),
            (1007, "_int4", "pg_catalog", 23),
            (23, "int4", "pg_catalog", 0),
            (1015, "_varchar", "pg_catalog", 1043),
            (1042, "bpchar", "pg_catalog", 0),
            (1043, "varchar", "pg_catalog", 0),
            (1114, "timestamp", "pg_catalog", 0),
            (1186, "interval", "pg_catalog", 0),
            (1560, "bit", "pg_catalog", 0),
            (1700, "numeric", "pg_catalog", 0),
            (9001, "mood", "public", 0),
            (9002, "Pair", "app", 0),
            (9003, "_Pair", "app", 9002),
            (9004, "_gone", "app", 1),
        ]);
        for (oid, typmod, name) in [
            (0, -1, "-"),
            (1, -1, "???"),
            (18, -1, "\"char\""),
            (30, -1, "oidvector"),
            (1007, -1, "integer[]"),
            (1015, 24, "character varying(20)[]"),
            (1042, 9, "character(5)"),
            (1042, -1, "bpchar"),
            (1043, -1, "character varying"),
            (1114, 3, "timestamp(3) without time zone"),
            (1186, 0x0004_ffff, "interval year"),
            (1186, 0x1c08_0002, "interval day to second(2)"),
            (1186, 0x7fff_0003, "interval(3)"),
            (1560, 5, "bit(5)"),
            (1560, -1, "\"bit\""),
            (1700, 655_366, "numeric(10,2)"),
            (1700, -1, "numeric"),
            (9001, -1, "mood"),
            (9003, -1, "app.\"Pair\"[]"),
            (9004, -1, "???[]"),
        ] {
            assert_eq!(types.format(Oid(oid), typmod), name, "{oid} {typmod}");
        }
    }
}
