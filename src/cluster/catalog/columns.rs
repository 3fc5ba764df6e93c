//! The columns of the catalogs themselves, by the pg_attribute in the cluster. What is compiled in
//! serves to read that pg_attribute, and where it is lost.
use super::map::Map;
use super::row::Columns;
use super::scan::{CatalogFile, Reader};
use super::visible::Fate;
use crate::finding::{Finding, Findings, Place, rules};
use crate::format::heap::Attr;
use crate::layout::catalog::{Align, Catalog};
use crate::types::Oid;
use std::collections::BTreeMap;

/// `Anum_pg_attribute`… of the columns every version of pg_attribute begins with are the same in
/// a fork too: the columns it adds are at the end, or at least behind `attalign`.
const NEEDED: [&str; 6] = ["attrelid", "attname", "attlen", "attnum", "attbyval", "attalign"];

/// `MaxHeapAttributeNumber` (access/htup_details.h).
const MOST: i16 = 1600;

/// The columns of the catalogs that are read, by the catalog's name.
#[derive(Debug, Default)]
pub(crate) struct CatalogColumns {
    by_name: BTreeMap<&'static str, Columns>,
    /// Whether the cluster itself told them.
    pub(super) learnt: bool,
}

/// Columns found for one catalog, by attnum.
type Found = BTreeMap<i16, (String, Attr)>;

impl CatalogColumns {
    /// What initdb of the major's release makes.
    pub(super) fn compiled_in(reader: Reader<'_>) -> Self {
        let catalogs = reader.dialect.layout.catalogs.catalogs.iter();
        let by_name = catalogs.map(|catalog| (catalog.name, Columns::from(catalog))).collect();
        Self { by_name, learnt: false }
    }

    /// What the pg_attribute of the database in `dir` says; of catalogs whose columns are not all
    /// there, what is compiled in.
    pub(super) fn learn(reader: Reader<'_>, dir: &str, findings: &mut Findings) -> Self {
        let compiled_in = Self::compiled_in(reader);
        let catalogs = reader.dialect.layout.catalogs;
        let Some(attribute) = catalogs.get("pg_attribute") else { return compiled_in };
        // What is wrong with the map is said when the database is read.
        let mut unsaid = Findings::default();
        let number = Map::read(reader, dir, &mut unsaid).filenode(Oid(attribute.oid));
        let file = CatalogFile { name: "pg_catalog.pg_attribute".into(), dir, number };
        let own = compiled_in.get("pg_attribute");
        let (mut found, mut said) = (BTreeMap::<u32, Found>::new(), Findings::default());
        collect(reader, &file, own, &mut said, &mut found);
        // Of rows with columns in between, the first reading got only the beginning right.
        let told = found.get(&attribute.oid).and_then(|found| whole(found, attribute));
        if let Some(told) = told.filter(|told| told.attrs != own.attrs) {
            (found, said) = (BTreeMap::new(), Findings::default());
            collect(reader, &file, &told, &mut said, &mut found);
        }
        findings.merge(said);
        let mut learnt = Self { learnt: true, ..compiled_in };
        for catalog in catalogs.catalogs {
            match found.get(&catalog.oid).and_then(|found| whole(found, catalog)) {
                Some(columns) => learnt.take(catalog, columns, &file, findings),
                None => learnt.learnt &= catalog.name != "pg_class",
            }
        }
        learnt
    }

    fn take(
        &mut self,
        catalog: &'static Catalog,
        columns: Columns,
        file: &CatalogFile<'_>,
        findings: &mut Findings,
    ) {
        if columns.attrs != self.get(catalog.name).attrs {
            let known: Vec<_> = catalog.columns.iter().map(|column| column.name).collect();
            let added = columns.names.iter().filter(|name| !known.contains(&name.as_str()));
            let added: Vec<_> = added.map(String::as_str).collect();
            let lacking = known.iter().filter(|name| !columns.names.iter().any(|n| n == *name));
            let lacking: Vec<_> = lacking.copied().collect();
            let evidence = match (added.as_slice(), lacking.as_slice()) {
                ([], []) => "the same columns are stored otherwise".to_owned(),
                (added, []) => format!("added: {}", added.join(", ")),
                ([], lacking) => format!("lacking: {}", lacking.join(", ")),
                (added, lacking) => {
                    format!("added: {}; lacking: {}", added.join(", "), lacking.join(", "))
                }
            };
            let place = Place {
                object: Some(format!("pg_catalog.{}", catalog.name)),
                ..Place::file(format!("{}/{}", file.dir, file.number))
            };
            findings.push(Finding::new(&rules::CATALOG_COLUMNS_DIFFER, place, evidence));
        }
        self.by_name.insert(catalog.name, columns);
    }

    /// The columns of a catalog; none of one that is not read.
    pub(super) fn get(&self, catalog: &str) -> &Columns {
        static NONE: Columns = Columns { names: Vec::new(), attrs: Vec::new() };
        self.by_name.get(catalog).unwrap_or(&NONE)
    }
}

fn collect(
    reader: Reader<'_>,
    file: &CatalogFile<'_>,
    columns: &Columns,
    findings: &mut Findings,
    found: &mut BTreeMap<u32, Found>,
) {
    let catalogs = reader.dialect.layout.catalogs.catalogs;
    let [relid, name, len, num, by_val, align] = columns.find(NEEDED);
    reader.scan(file, columns, findings, &mut |row| {
        let column = || {
            let relid = row.oid(relid)?;
            let catalog = catalogs.iter().find(|catalog| catalog.oid == relid.0)?;
            let attr = Attr {
                len: row.int2(len)?,
                align: alignment(row.byte(align)?)?,
                by_val: row.boolean(by_val)?,
            };
            Some((catalog.oid, row.int2(num)?, (row.name(name)?, attr)))
        };
        if let Some((oid, num, column)) = column().filter(|_| row.fate == Fate::Visible)
            && (1..=MOST).contains(&num)
        {
            found.entry(oid).or_default().insert(num, column);
        }
    });
}

/// `attalign`.
pub(super) const fn alignment(attalign: u8) -> Option<Align> {
    match attalign {
        b'c' => Some(Align::Char),
        b's' => Some(Align::Short),
        b'i' => Some(Align::Int),
        b'd' => Some(Align::Double),
        _ => None,
    }
}

/// The columns, if none is missing: their numbers run from 1 on, and they are at least as many as
/// what reading a row needs.
fn whole(found: &Found, catalog: &Catalog) -> Option<Columns> {
    let numbers = found.keys().copied().eq((1..).take(found.len()));
    let first = found.get(&1).map(|(name, _)| name.as_str());
    let same_start = first == catalog.columns.first().map(|column| column.name);
    if !numbers || !same_start || found.len() + 3 < catalog.columns.len() {
        return None;
    }
    let (names, attrs) = found.values().cloned().unzip();
    Some(Columns { names, attrs })
}
