//! Columns of the bootstrap catalogs of PostgreSQL 14, asked of a live server by
//! `fixtures/make/catalog-columns`: do not edit.

use super::Align::{Char, Double, Int, Short};
use super::v12::{
    PG_AM, PG_AMPROC, PG_ATTRDEF, PG_AUTHID, PG_CLASS, PG_CONSTRAINT, PG_DATABASE, PG_ENUM,
    PG_EXTENSION, PG_INDEX, PG_NAMESPACE, PG_OPCLASS, PG_SEQUENCE, PG_TABLESPACE,
};
use super::{Catalog, Catalogs, c};

/// `pg_attribute` since PostgreSQL 14.
pub const PG_ATTRIBUTE: Catalog = Catalog {
    name: "pg_attribute",
    oid: 1249,
    shared: false,
    mapped: true,
    columns: &[
        c("attrelid", 26, 4, true, Int),
        c("attname", 19, 64, false, Char),
        c("atttypid", 26, 4, true, Int),
        c("attstattarget", 23, 4, true, Int),
        c("attlen", 21, 2, true, Short),
        c("attnum", 21, 2, true, Short),
        c("attndims", 23, 4, true, Int),
        c("attcacheoff", 23, 4, true, Int),
        c("atttypmod", 23, 4, true, Int),
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
        c("attinhcount", 23, 4, true, Int),
        c("attcollation", 26, 4, true, Int),
        c("attacl", 1034, -1, false, Int),
        c("attoptions", 1009, -1, false, Int),
        c("attfdwoptions", 1009, -1, false, Int),
        c("attmissingval", 2277, -1, false, Double),
    ],
};

/// `pg_inherits` since PostgreSQL 14.
pub const PG_INHERITS: Catalog = Catalog {
    name: "pg_inherits",
    oid: 2611,
    shared: false,
    mapped: false,
    columns: &[
        c("inhrelid", 26, 4, true, Int),
        c("inhparent", 26, 4, true, Int),
        c("inhseqno", 23, 4, true, Int),
        c("inhdetachpending", 16, 1, true, Char),
    ],
};

/// `pg_type` since PostgreSQL 14.
pub const PG_TYPE: Catalog = Catalog {
    name: "pg_type",
    oid: 1247,
    shared: false,
    mapped: true,
    columns: &[
        c("oid", 26, 4, true, Int),
        c("typname", 19, 64, false, Char),
        c("typnamespace", 26, 4, true, Int),
        c("typowner", 26, 4, true, Int),
        c("typlen", 21, 2, true, Short),
        c("typbyval", 16, 1, true, Char),
        c("typtype", 18, 1, true, Char),
        c("typcategory", 18, 1, true, Char),
        c("typispreferred", 16, 1, true, Char),
        c("typisdefined", 16, 1, true, Char),
        c("typdelim", 18, 1, true, Char),
        c("typrelid", 26, 4, true, Int),
        c("typsubscript", 24, 4, true, Int),
        c("typelem", 26, 4, true, Int),
        c("typarray", 26, 4, true, Int),
        c("typinput", 24, 4, true, Int),
        c("typoutput", 24, 4, true, Int),
        c("typreceive", 24, 4, true, Int),
        c("typsend", 24, 4, true, Int),
        c("typmodin", 24, 4, true, Int),
        c("typmodout", 24, 4, true, Int),
        c("typanalyze", 24, 4, true, Int),
        c("typalign", 18, 1, true, Char),
        c("typstorage", 18, 1, true, Char),
        c("typnotnull", 16, 1, true, Char),
        c("typbasetype", 26, 4, true, Int),
        c("typtypmod", 23, 4, true, Int),
        c("typndims", 23, 4, true, Int),
        c("typcollation", 26, 4, true, Int),
        c("typdefaultbin", 194, -1, false, Int),
        c("typdefault", 25, -1, false, Int),
        c("typacl", 1034, -1, false, Int),
    ],
};

/// The bootstrap catalogs of PostgreSQL 14, by name.
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
