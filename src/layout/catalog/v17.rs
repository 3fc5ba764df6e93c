//! Columns of the bootstrap catalogs of PostgreSQL 17, asked of a live server by
//! `fixtures/make/catalog-columns`: do not edit.

use super::Align::{Char, Double, Int, Short};
use super::v12::{
    PG_AM, PG_AMPROC, PG_ATTRDEF, PG_AUTHID, PG_ENUM, PG_EXTENSION, PG_OPCLASS, PG_SEQUENCE,
};
use super::v14::PG_INHERITS;
use super::v15::PG_INDEX;
use super::v16::{PG_CLASS, PG_CONSTRAINT, PG_NAMESPACE, PG_TABLESPACE, PG_TYPE};
use super::{Catalog, Catalogs, c};

/// `pg_attribute` since PostgreSQL 17.
pub const PG_ATTRIBUTE: Catalog = Catalog {
    name: "pg_attribute",
    oid: 1249,
    shared: false,
    mapped: true,
    columns: &[
        c("attrelid", 26, 4, true, Int),
        c("attname", 19, 64, false, Char),
        c("atttypid", 26, 4, true, Int),
        c("attlen", 21, 2, true, Short),
        c("attnum", 21, 2, true, Short),
        c("attcacheoff", 23, 4, true, Int),
        c("atttypmod", 23, 4, true, Int),
        c("attndims", 21, 2, true, Short),
        c("attbyval", 16, 1, true, Char),
        c("attalign", 18, 1, true, Char),
        c("attstorage", 18, 1, true, Char),
        c("attcompression", 18, 1, true, Char),
        c("attnotnull", 16, 1, true, Char),
        c("atthasdef", 16, 1, true, Char),
        c("atthasmissing", 16, 1, true, Char),
        c("attidentity", 18, 1, true, Char),
        c("attgenerated", 18, 1, true, Char),
        c("attisdropped", 16, 1, true, Char),
        c("attislocal", 16, 1, true, Char),
        c("attinhcount", 21, 2, true, Short),
        c("attcollation", 26, 4, true, Int),
        c("attstattarget", 21, 2, true, Short),
        c("attacl", 1034, -1, false, Double),
        c("attoptions", 1009, -1, false, Int),
        c("attfdwoptions", 1009, -1, false, Int),
        c("attmissingval", 2277, -1, false, Double),
    ],
};

/// `pg_database` since PostgreSQL 17.
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
        c("dathasloginevt", 16, 1, true, Char),
        c("datconnlimit", 23, 4, true, Int),
        c("datfrozenxid", 28, 4, true, Int),
        c("datminmxid", 28, 4, true, Int),
        c("dattablespace", 26, 4, true, Int),
        c("datcollate", 25, -1, false, Int),
        c("datctype", 25, -1, false, Int),
        c("datlocale", 25, -1, false, Int),
        c("daticurules", 25, -1, false, Int),
        c("datcollversion", 25, -1, false, Int),
        c("datacl", 1034, -1, false, Double),
    ],
};

/// The bootstrap catalogs of PostgreSQL 17, by name.
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
