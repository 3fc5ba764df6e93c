//! Columns of the bootstrap catalogs of PostgreSQL 12, asked of a live server by
//! `fixtures/make/catalog-columns`: do not edit.

use super::Align::{Char, Double, Int, Short};
use super::{Catalog, Catalogs, c};

/// `pg_am` of PostgreSQL 12.
pub const PG_AM: Catalog = Catalog {
    name: "pg_am",
    oid: 2601,
    shared: false,
    mapped: false,
    columns: &[
        c("oid", 26, 4, true, Int),
        c("amname", 19, 64, false, Char),
        c("amhandler", 24, 4, true, Int),
        c("amtype", 18, 1, true, Char),
    ],
};

/// `pg_amproc` of PostgreSQL 12.
pub const PG_AMPROC: Catalog = Catalog {
    name: "pg_amproc",
    oid: 2603,
    shared: false,
    mapped: false,
    columns: &[
        c("oid", 26, 4, true, Int),
        c("amprocfamily", 26, 4, true, Int),
        c("amproclefttype", 26, 4, true, Int),
        c("amprocrighttype", 26, 4, true, Int),
        c("amprocnum", 21, 2, true, Short),
        c("amproc", 24, 4, true, Int),
    ],
};

/// `pg_attrdef` of PostgreSQL 12.
pub const PG_ATTRDEF: Catalog = Catalog {
    name: "pg_attrdef",
    oid: 2604,
    shared: false,
    mapped: false,
    columns: &[
        c("oid", 26, 4, true, Int),
        c("adrelid", 26, 4, true, Int),
        c("adnum", 21, 2, true, Short),
        c("adbin", 194, -1, false, Int),
    ],
};

/// `pg_attribute` of PostgreSQL 12.
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
        c("attstorage", 18, 1, true, Char),
        c("attalign", 18, 1, true, Char),
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

/// `pg_authid` of PostgreSQL 12.
pub const PG_AUTHID: Catalog = Catalog {
    name: "pg_authid",
    oid: 1260,
    shared: true,
    mapped: true,
    columns: &[
        c("oid", 26, 4, true, Int),
        c("rolname", 19, 64, false, Char),
        c("rolsuper", 16, 1, true, Char),
        c("rolinherit", 16, 1, true, Char),
        c("rolcreaterole", 16, 1, true, Char),
        c("rolcreatedb", 16, 1, true, Char),
        c("rolcanlogin", 16, 1, true, Char),
        c("rolreplication", 16, 1, true, Char),
        c("rolbypassrls", 16, 1, true, Char),
        c("rolconnlimit", 23, 4, true, Int),
        c("rolpassword", 25, -1, false, Int),
        c("rolvaliduntil", 1184, 8, true, Double),
    ],
};

/// `pg_class` of PostgreSQL 12.
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
        c("relacl", 1034, -1, false, Int),
        c("reloptions", 1009, -1, false, Int),
        c("relpartbound", 194, -1, false, Int),
    ],
};

/// `pg_constraint` of PostgreSQL 12.
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
        c("conexclop", 1028, -1, false, Int),
        c("conbin", 194, -1, false, Int),
    ],
};

/// `pg_database` of PostgreSQL 12.
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
        c("datcollate", 19, 64, false, Char),
        c("datctype", 19, 64, false, Char),
        c("datistemplate", 16, 1, true, Char),
        c("datallowconn", 16, 1, true, Char),
        c("datconnlimit", 23, 4, true, Int),
        c("datlastsysoid", 26, 4, true, Int),
        c("datfrozenxid", 28, 4, true, Int),
        c("datminmxid", 28, 4, true, Int),
        c("dattablespace", 26, 4, true, Int),
        c("datacl", 1034, -1, false, Int),
    ],
};

/// `pg_enum` of PostgreSQL 12.
pub const PG_ENUM: Catalog = Catalog {
    name: "pg_enum",
    oid: 3501,
    shared: false,
    mapped: false,
    columns: &[
        c("oid", 26, 4, true, Int),
        c("enumtypid", 26, 4, true, Int),
        c("enumsortorder", 700, 4, true, Int),
        c("enumlabel", 19, 64, false, Char),
    ],
};

/// `pg_extension` of PostgreSQL 12.
pub const PG_EXTENSION: Catalog = Catalog {
    name: "pg_extension",
    oid: 3079,
    shared: false,
    mapped: false,
    columns: &[
        c("oid", 26, 4, true, Int),
        c("extname", 19, 64, false, Char),
        c("extowner", 26, 4, true, Int),
        c("extnamespace", 26, 4, true, Int),
        c("extrelocatable", 16, 1, true, Char),
        c("extversion", 25, -1, false, Int),
        c("extconfig", 1028, -1, false, Int),
        c("extcondition", 1009, -1, false, Int),
    ],
};

/// `pg_index` of PostgreSQL 12.
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

/// `pg_inherits` of PostgreSQL 12.
pub const PG_INHERITS: Catalog = Catalog {
    name: "pg_inherits",
    oid: 2611,
    shared: false,
    mapped: false,
    columns: &[
        c("inhrelid", 26, 4, true, Int),
        c("inhparent", 26, 4, true, Int),
        c("inhseqno", 23, 4, true, Int),
    ],
};

/// `pg_namespace` of PostgreSQL 12.
pub const PG_NAMESPACE: Catalog = Catalog {
    name: "pg_namespace",
    oid: 2615,
    shared: false,
    mapped: false,
    columns: &[
        c("oid", 26, 4, true, Int),
        c("nspname", 19, 64, false, Char),
        c("nspowner", 26, 4, true, Int),
        c("nspacl", 1034, -1, false, Int),
    ],
};

/// `pg_opclass` of PostgreSQL 12.
pub const PG_OPCLASS: Catalog = Catalog {
    name: "pg_opclass",
    oid: 2616,
    shared: false,
    mapped: false,
    columns: &[
        c("oid", 26, 4, true, Int),
        c("opcmethod", 26, 4, true, Int),
        c("opcname", 19, 64, false, Char),
        c("opcnamespace", 26, 4, true, Int),
        c("opcowner", 26, 4, true, Int),
        c("opcfamily", 26, 4, true, Int),
        c("opcintype", 26, 4, true, Int),
        c("opcdefault", 16, 1, true, Char),
        c("opckeytype", 26, 4, true, Int),
    ],
};

/// `pg_sequence` of PostgreSQL 12.
pub const PG_SEQUENCE: Catalog = Catalog {
    name: "pg_sequence",
    oid: 2224,
    shared: false,
    mapped: false,
    columns: &[
        c("seqrelid", 26, 4, true, Int),
        c("seqtypid", 26, 4, true, Int),
        c("seqstart", 20, 8, true, Double),
        c("seqincrement", 20, 8, true, Double),
        c("seqmax", 20, 8, true, Double),
        c("seqmin", 20, 8, true, Double),
        c("seqcache", 20, 8, true, Double),
        c("seqcycle", 16, 1, true, Char),
    ],
};

/// `pg_tablespace` of PostgreSQL 12.
pub const PG_TABLESPACE: Catalog = Catalog {
    name: "pg_tablespace",
    oid: 1213,
    shared: true,
    mapped: true,
    columns: &[
        c("oid", 26, 4, true, Int),
        c("spcname", 19, 64, false, Char),
        c("spcowner", 26, 4, true, Int),
        c("spcacl", 1034, -1, false, Int),
        c("spcoptions", 1009, -1, false, Int),
    ],
};

/// `pg_type` of PostgreSQL 12.
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

/// The bootstrap catalogs of PostgreSQL 12, by name.
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
