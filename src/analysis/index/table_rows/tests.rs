//! Against servers of every major (12.22, 13.23, 14.23, 15.18, 16.14, 17.10, 18.4, 19rc1): the rows that
//! EXPLAIN expects of a table that was never analyzed, and how wide they are.
use super::{BIT, BPCHAR, NUMERIC, VARBIT, VARCHAR, column_width, estimated};
use crate::cluster::{Attribute, Persistence, RelKind, Relation};
use crate::format::heap::Attr;
use crate::layout::catalog::Align;
use crate::layout::{Dialect, Geometry, PgVersion};
use crate::types::{Lsn, MultiXactId, Oid, RelFileLocator, RelFileNumber, Xid};

fn table(relpages: u32, reltuples: f32, fillfactor: Option<u32>) -> Relation {
    let option = |value: u32| ("fillfactor".to_owned(), value.to_string());
    Relation {
        oid: Oid(16384),
        database: Oid(5),
        database_name: "postgres".to_owned(),
        schema: "public".to_owned(),
        name: "t".to_owned(),
        kind: RelKind::Table,
        persistence: Persistence::Permanent,
        access_method: Some("heap".to_owned()),
        locator: RelFileLocator {
            tablespace: Oid(1663),
            database: Oid(5),
            number: RelFileNumber(16384),
        },
        mapped: false,
        relpages,
        reltuples,
        relallvisible: 0,
        relfrozenxid: Xid(3),
        relminmxid: MultiXactId(1),
        toast_relation: None,
        owner_relation: None,
        reloptions: fillfactor.map(option).into_iter().collect(),
        is_partition: false,
        has_subclass: false,
        relnatts: 1,
        row_lsn: Lsn::INVALID,
    }
}

const fn dialect(version: PgVersion) -> Dialect {
    Dialect { layout: version.layout(), geometry: Geometry::DEFAULT }
}

/// Of a table that was never vacuumed, as each major marks it.
fn fresh(version: PgVersion, blocks: u32, width: u64, fillfactor: Option<u32>) -> u64 {
    let dialect = dialect(version);
    let reltuples = if dialect.layout.row_guess.marked { -1.0 } else { 0.0 };
    estimated(&dialect, &table(0, reltuples, fillfactor), blocks, Some(width)).unwrap()
}

#[test]
fn rows_are_as_many_as_explain_expects() {
    for version in PgVersion::ALL {
        assert_eq!(fresh(version, 0, 4, None), 2550);
        assert_eq!(fresh(version, 0, 36, None), 1270);
        assert_eq!(fresh(version, 0, 3004, None), 20);
        assert_eq!(fresh(version, 45, 36, None), 5715);
        let parent = Relation { has_subclass: true, ..table(0, -1.0, None) };
        assert_eq!(estimated(&dialect(version), &parent, 3, Some(4)), Some(765));
    }
}

/// The expectations are those of EXPLAIN, but for 0, which it makes 1.
#[test]
fn the_fillfactor_counts_where_the_server_counts_it() {
    let of = |blocks, width, fill| {
        PgVersion::ALL.map(|version| fresh(version, blocks, width, Some(fill)))
    };
    assert_eq!(of(0, 4, 50), [2550, 2550, 2550, 2550, 2550, 1270, 1270, 1270]);
    assert_eq!(of(0, 3004, 10), [20, 20, 20, 20, 20, 10, 10, 10]);
    assert_eq!(of(0, 12004, 100), [0, 0, 0, 0, 0, 10, 10, 10]);
}

/// `VACUUM v` while it was empty, then 500 rows, which take 3 blocks.
#[test]
fn a_table_that_was_vacuumed_while_it_was_empty_is_not_a_fresh_one_everywhere() {
    let of = |blocks| {
        PgVersion::ALL.map(|version| {
            estimated(&dialect(version), &table(0, 0.0, None), blocks, Some(4)).unwrap()
        })
    };
    assert_eq!(of(3), [2550, 2550, 765, 765, 765, 765, 765, 765]);
    assert_eq!(of(0), [2550, 2550, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn what_pg_class_says_is_scaled_to_the_blocks_that_are_there() {
    let dialect = dialect(PgVersion::V18);
    assert_eq!(estimated(&dialect, &table(10, 25.0, None), 3, None), Some(8));
    assert_eq!(estimated(&dialect, &table(0, -1.0, None), 3, None), None);
}

fn column(type_oid: Oid, len: i16, modifier: i32) -> Attribute {
    Attribute {
        number: 1,
        name: "c".to_owned(),
        type_oid,
        storage: Attr { len, align: Align::Int, by_val: false },
        is_dropped: false,
        modifier,
        not_null: false,
        identity: 0,
        generated: 0,
    }
}

#[test]
fn columns_are_as_wide_as_explain_expects() {
    let of = |type_oid, modifier, longest_char| {
        column_width(&column(type_oid, -1, modifier), longest_char)
    };
    // varchar(8), varchar(20), varchar(300) and varchar(2000), in UTF8, EUC_JP and LATIN1.
    let varchar =
        [8, 20, 300, 2000].map(|len| [4, 3, 1].map(|longest| of(VARCHAR, len + 4, longest)));
    assert_eq!(varchar, [[34, 28, 12], [58, 48, 24], [516, 468, 168], [516, 516, 516]]);
    assert_eq!([4, 3, 1].map(|longest| of(BPCHAR, 104, longest)), [404, 304, 104]);
    // numeric(10,2), numeric, bit(70), bit varying.
    assert_eq!(of(NUMERIC, (10 << 16 | 2) + 4, 4), 16);
    assert_eq!([of(NUMERIC, -1, 4), of(BIT, 70, 4), of(VARBIT, -1, 4)], [32, 17, 32]);
    // text, name.
    assert_eq!((of(Oid(25), -1, 4), column_width(&column(Oid(19), 64, -1), 4)), (32, 64));
}
