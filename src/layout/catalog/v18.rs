//! Columns of the bootstrap catalogs of PostgreSQL 18, asked of a live server by
//! `fixtures/make/catalog-columns`: do not edit.

use super::Align::{Char, Double, Int, Short};
use super::v12::{
    PG_AM, PG_AMPROC, PG_ATTRDEF, PG_AUTHID, PG_ENUM, PG_EXTENSION, PG_OPCLASS, PG_SEQUENCE,
};
use super::v14::PG_INHERITS;
use super::v15::PG_INDEX;
use super::v16::{PG_NAMESPACE, PG_TABLESPACE, PG_TYPE};
use super::v17::PG_DATABASE;
use super::{Catalog, Catalogs, c};

/// `pg_attribute` since PostgreSQL 18.
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

/// `pg_class` since PostgreSQL 18.
pub const PG_CLASS: Catalog = Catalog {
    name: "pg_class",
    oid: 1259,
    shared: false,
    mapped: true,
    columns: &[
        c("oid", 26, 4, true, Int),
        c("relname", 19, 64, false, Char),
        c("relnamespace", 26, 4, true, Int),
        c("reltype", 26, 4, true, Int),
        c("reloftype", 26, 4, true, Int),
        c("relowner", 26, 4, true, Int),
        c("relam", 26, 4, true, Int),
        c("relfilenode", 26, 4, true, Int),
        c("reltablespace", 26, 4, true, Int),
        c("relpages", 23, 4, true, Int),
        c("reltuples", 700, 4, true, Int),
        c("relallvisible", 23, 4, true, Int),
        c("relallfrozen", 23, 4, true, Int),
        c("reltoastrelid", 26, 4, true, Int),
        c("relhasindex", 16, 1, true, Char),
        c("relisshared", 16, 1, true, Char),
        c("relpersistence", 18, 1, true, Char),
        c("relkind", 18, 1, true, Char),
        c("relnatts", 21, 2, true, Short),
        c("relchecks", 21, 2, true, Short),
        c("relhasrules", 16, 1, true, Char),
        c("relhastriggers", 16, 1, true, Char),
        c("relhassubclass", 16, 1, true, Char),
        c("relrowsecurity", 16, 1, true, Char),
        c("relforcerowsecurity", 16, 1, true, Char),
        c("relispopulated", 16, 1, true, Char),
        c("relreplident", 18, 1, true, Char),
        c("relispartition", 16, 1, true, Char),
        c("relrewrite", 26, 4, true, Int),
        c("relfrozenxid", 28, 4, true, Int),
        c("relminmxid", 28, 4, true, Int),
        c("relacl", 1034, -1, false, Double),
        c("reloptions", 1009, -1, false, Int),
        c("relpartbound", 194, -1, false, Int),
    ],
};

/// `pg_constraint` since PostgreSQL 18.
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
        c("conenforced", 16, 1, true, Char),
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
        c("coninhcount", 21, 2, true, Short),
        c("connoinherit", 16, 1, true, Char),
        c("conperiod", 16, 1, true, Char),
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

/// The bootstrap catalogs of PostgreSQL 18, by name.
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
