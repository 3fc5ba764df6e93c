//! Columns of the bootstrap catalogs of PostgreSQL 15, asked of a live server by
//! `fixtures/make/catalog-columns`: do not edit.

use super::Align::{Char, Int, Short};
use super::v12::{
    PG_AM, PG_AMPROC, PG_ATTRDEF, PG_AUTHID, PG_CLASS, PG_ENUM, PG_EXTENSION, PG_NAMESPACE,
    PG_OPCLASS, PG_SEQUENCE, PG_TABLESPACE,
};
use super::v14::{PG_ATTRIBUTE, PG_INHERITS, PG_TYPE};
use super::{Catalog, Catalogs, c};

/// `pg_constraint` since PostgreSQL 15.
pub const PG_CONSTRAINT: Catalog = Catalog {
    name: "pg_constraint",
    oid: 2606,
    shared: false,
    mapped: false,
    columns: &[
        c("oid", 26, 4, true, Int),
        c("conname", 19, 64, false, Char),
        c("connamespace", 26, 4, true, Int),
        c("contype", 18, 1, true, Char),
        c("condeferrable", 16, 1, true, Char),
        c("condeferred", 16, 1, true, Char),
        c("convalidated", 16, 1, true, Char),
        c("conrelid", 26, 4, true, Int),
        c("contypid", 26, 4, true, Int),
        c("conindid", 26, 4, true, Int),
        c("conparentid", 26, 4, true, Int),
        c("confrelid", 26, 4, true, Int),
        c("confupdtype", 18, 1, true, Char),
        c("confdeltype", 18, 1, true, Char),
        c("confmatchtype", 18, 1, true, Char),
        c("conislocal", 16, 1, true, Char),
        c("coninhcount", 23, 4, true, Int),
        c("connoinherit", 16, 1, true, Char),
        c("conkey", 1005, -1, false, Int),
        c("confkey", 1005, -1, false, Int),
        c("conpfeqop", 1028, -1, false, Int),
        c("conppeqop", 1028, -1, false, Int),
        c("conffeqop", 1028, -1, false, Int),
        c("confdelsetcols", 1005, -1, false, Int),
        c("conexclop", 1028, -1, false, Int),
        c("conbin", 194, -1, false, Int),
    ],
};

/// `pg_database` since PostgreSQL 15.
pub const PG_DATABASE: Catalog = Catalog {
    name: "pg_database",
    oid: 1262,
    shared: true,
    mapped: true,
    columns: &[
        c("oid", 26, 4, true, Int),
        c("datname", 19, 64, false, Char),
        c("datdba", 26, 4, true, Int),
        c("encoding", 23, 4, true, Int),
        c("datlocprovider", 18, 1, true, Char),
        c("datistemplate", 16, 1, true, Char),
        c("datallowconn", 16, 1, true, Char),
        c("datconnlimit", 23, 4, true, Int),
        c("datfrozenxid", 28, 4, true, Int),
        c("datminmxid", 28, 4, true, Int),
        c("dattablespace", 26, 4, true, Int),
        c("datcollate", 25, -1, false, Int),
        c("datctype", 25, -1, false, Int),
        c("daticulocale", 25, -1, false, Int),
        c("datcollversion", 25, -1, false, Int),
        c("datacl", 1034, -1, false, Int),
    ],
};

/// `pg_index` since PostgreSQL 15.
pub const PG_INDEX: Catalog = Catalog {
    name: "pg_index",
    oid: 2610,
    shared: false,
    mapped: false,
    columns: &[
        c("indexrelid", 26, 4, true, Int),
        c("indrelid", 26, 4, true, Int),
        c("indnatts", 21, 2, true, Short),
        c("indnkeyatts", 21, 2, true, Short),
        c("indisunique", 16, 1, true, Char),
        c("indnullsnotdistinct", 16, 1, true, Char),
        c("indisprimary", 16, 1, true, Char),
        c("indisexclusion", 16, 1, true, Char),
        c("indimmediate", 16, 1, true, Char),
        c("indisclustered", 16, 1, true, Char),
        c("indisvalid", 16, 1, true, Char),
        c("indcheckxmin", 16, 1, true, Char),
        c("indisready", 16, 1, true, Char),
        c("indislive", 16, 1, true, Char),
        c("indisreplident", 16, 1, true, Char),
        c("indkey", 22, -1, false, Int),
        c("indcollation", 30, -1, false, Int),
        c("indclass", 30, -1, false, Int),
        c("indoption", 22, -1, false, Int),
        c("indexprs", 194, -1, false, Int),
        c("indpred", 194, -1, false, Int),
    ],
};

/// The bootstrap catalogs of PostgreSQL 15, by name.
pub const CATALOGS: Catalogs = Catalogs {
    catalogs: &[
        PG_AM,
        PG_AMPROC,
        PG_ATTRDEF,
        PG_ATTRIBUTE,
        PG_AUTHID,
        PG_CLASS,
        PG_CONSTRAINT,
        PG_DATABASE,
        PG_ENUM,
        PG_EXTENSION,
        PG_INDEX,
        PG_INHERITS,
        PG_NAMESPACE,
        PG_OPCLASS,
        PG_SEQUENCE,
        PG_TABLESPACE,
        PG_TYPE,
    ],
};
