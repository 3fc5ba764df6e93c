//! Columns of the catalogs that name everything else, per major.
//!
//! The columns of any relation are in `pg_attribute`, which is a relation itself: to read a first catalog row, its
//! columns must be known from elsewhere. They are known from here, as initdb of each major makes them
//! (`catalog/pg_*.h`). A fork of PostgreSQL, or a major's beta, may have moved some, so this is what reading starts
//! with; the `pg_attribute` in the cluster itself has the last word.
//!
//! The files `vNN.rs` are written by `fixtures/make/catalog-columns` out of what a live server of that major answers.
//! Each holds the catalogs that its major changed and takes the others from the major that last did.

pub mod v12;
pub mod v13;
pub mod v14;
pub mod v15;
pub mod v16;
pub mod v17;
pub mod v18;
pub mod v19;

/// At which multiple of bytes a value starts: `pg_type.typalign`, `pg_attribute.attalign`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Align {
    /// `c`: anywhere.
    Char,
    /// `s`: 2 bytes.
    Short,
    /// `i`: 4 bytes.
    Int,
    /// `d`: 8 bytes, on every platform this library reads.
    Double,
}

impl Align {
    /// The alignment in bytes: 1, 2, 4 or 8.
    pub const fn bytes(self) -> usize {
        match self {
            Self::Char => 1,
            Self::Short => 2,
            Self::Int => 4,
            Self::Double => 8,
        }
    }
}

/// One column of a bootstrap catalog, as initdb makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// `attname`.
    pub name: &'static str,
    /// `atttypid`.
    pub typid: u32,
    /// `attlen`: bytes; -1 is a varlena, -2 a zero-terminated string.
    pub len: i16,
    /// `attbyval`.
    pub by_val: bool,
    /// `attalign`.
    pub align: Align,
}

/// One bootstrap catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Catalog {
    /// `relname`, in schema `pg_catalog`.
    pub name: &'static str,
    /// Its own oid in `pg_class`.
    pub oid: u32,
    /// Whether it is one for the whole cluster (`global/`) rather than one for each database.
    pub shared: bool,
    /// Whether its filenode is in `pg_filenode.map`, `pg_class.relfilenode` being 0.
    pub mapped: bool,
    /// Its columns in the order of `attnum`, from 1 on.
    pub columns: &'static [Column],
}

impl Catalog {
    /// Position of a column, counted from 0 (`attnum` less one).
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == column)
    }
}

/// The bootstrap catalogs of one major.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Catalogs {
    /// In the order of their names.
    pub catalogs: &'static [Catalog],
}

impl Catalogs {
    /// The catalog of that name, if it is one of those needed to bootstrap.
    pub fn get(&self, name: &str) -> Option<&'static Catalog> {
        self.catalogs.iter().find(|c| c.name == name)
    }
}

/// Keeps the tables to one line for each column.
const fn c(name: &'static str, typid: u32, len: i16, by_val: bool, align: Align) -> Column {
    Column { name, typid, len, by_val, align }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Catalogs; 8] = [
        v12::CATALOGS,
        v13::CATALOGS,
        v14::CATALOGS,
        v15::CATALOGS,
        v16::CATALOGS,
        v17::CATALOGS,
        v18::CATALOGS,
        v19::CATALOGS,
    ];

    #[test]
    fn what_never_moved_is_where_it_was() {
        for catalogs in ALL {
            let class = catalogs.get("pg_class").unwrap();
            assert_eq!((class.oid, class.shared, class.mapped), (1259, false, true));
            assert_eq!(class.position("relname"), Some(1));
            let database = catalogs.get("pg_database").unwrap();
            assert_eq!((database.oid, database.shared, database.mapped), (1262, true, true));
            assert!(catalogs.get("pg_proc").is_none());
        }
    }

    #[test]
    fn fixed_length_columns_align_to_their_length() {
        for column in ALL.iter().flat_map(|all| all.catalogs).flat_map(|catalog| catalog.columns) {
            if column.by_val {
                assert_eq!(
                    Ok(column.align.bytes()),
                    usize::try_from(column.len),
                    "{}",
                    column.name
                );
            }
        }
    }
}
