//! Resource managers of extensions (128 to 255, from 15 on): only the extension's library knows
//! what their records say (`default_desc`, bin/pg_waldump/rmgrdesc.c).
use super::{Desc, FIRST_CUSTOM, Hex};
use crate::format::wal::record::Record;
use std::fmt::{self, Write};

/// A record that nothing here can decode.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Custom<'a> {
    /// The resource manager.
    pub rmid: u8,
    /// The record's main data.
    pub main: Hex<'a>,
}

impl<'a> Custom<'a> {
    pub(super) const fn new(record: &Record<'a>) -> Self {
        Self { rmid: record.header.xl_rmid, main: Hex(record.main) }
    }

    pub(super) fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        if self.rmid >= FIRST_CUSTOM { write!(out, "rmid: {}", self.rmid) } else { Ok(()) }
    }
}
