//! Columns of the bootstrap catalogs of PostgreSQL 13, asked of a live server by
//! `fixtures/make/catalog-columns`: do not edit.

use super::Catalogs;
use super::v12::{
    PG_AM, PG_AMPROC, PG_ATTRDEF, PG_ATTRIBUTE, PG_AUTHID, PG_CLASS, PG_CONSTRAINT, PG_DATABASE,
    PG_ENUM, PG_EXTENSION, PG_INDEX, PG_INHERITS, PG_NAMESPACE, PG_OPCLASS, PG_SEQUENCE,
    PG_TABLESPACE, PG_TYPE,
};

/// The bootstrap catalogs of PostgreSQL 13, by name.
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
