//! Columns of the bootstrap catalogs of PostgreSQL 19, asked of a live server by
//! `fixtures/make/catalog-columns`: do not edit.

use super::Catalogs;
use super::v12::{
    PG_AM, PG_AMPROC, PG_ATTRDEF, PG_AUTHID, PG_ENUM, PG_EXTENSION, PG_OPCLASS, PG_SEQUENCE,
};
use super::v14::PG_INHERITS;
use super::v15::PG_INDEX;
use super::v16::{PG_NAMESPACE, PG_TABLESPACE, PG_TYPE};
use super::v17::PG_DATABASE;
use super::v18::{PG_ATTRIBUTE, PG_CLASS, PG_CONSTRAINT};

/// The bootstrap catalogs of PostgreSQL 19, by name.
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
