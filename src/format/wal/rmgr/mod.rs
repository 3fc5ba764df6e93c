//! Resource managers: what a record's type is called, what is in it, and how pg_waldump describes
//! it (access/rmgrlist.h, access/rmgrdesc/*.c).
pub mod array;
mod cstr;
mod custom;
mod desc;
mod hex;
mod index;
pub mod index_tuple;
pub mod inval;
#[cfg(test)]
mod tests;
mod tuples;

pub use array::Array;
pub use cstr::CStr;
pub use custom::Custom;
pub use desc::Desc;
pub use hex::Hex;
pub use tuples::{AnyTuple, LoggedTuple, tuples};

use super::record::Record;
use crate::format::error::{Fault, ParseError};
use crate::layout::{Dialect, Layout};
use jiff::tz::TimeZone;
use std::fmt;

/// The first id that an extension's resource manager can have (`RM_MIN_CUSTOM_ID`).
pub const FIRST_CUSTOM: u8 = 128;

/// One resource manager's records: an enum with a variant for each type of record.
pub trait Resource<'a>: Sized {
    /// The type's name (`rm_identify`), such as `HOT_UPDATE+INIT`; `None` if the major has no such
    /// type. `info` is [`Record::info`].
    fn identify(info: u8, layout: &Layout) -> Option<&'static str>;

    /// The typed values of a record.
    ///
    /// # Errors
    /// If it has no such type in the major, or is shorter than its type needs.
    fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError>;

    /// Writes what pg_waldump of the major does (`rm_desc`), byte for byte.
    ///
    /// # Errors
    /// None but what `out` gives.
    fn desc(&self, out: &mut Desc<'_>) -> fmt::Result;
}

/// What [`Resource::parse`] says of a type that the major does not have.
fn unknown_type(record: &Record<'_>) -> ParseError {
    let found = u64::from(record.info());
    let fault = Fault::Unexpected { field: "xl_info", found, expected: "a type of record" };
    ParseError { at: 0, what: "XLogRecord", fault }
}

/// A 64-bit number in JSON: readers round large numbers, not text.
fn as_text<S: serde::Serializer>(
    number: &impl fmt::Display,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

/// Text with U+FFFD for what is not UTF-8; nothing is copied if all is.
fn lossy(text: Vec<u8>) -> String {
    String::from_utf8(text)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// The built-in resource managers, by id, from 0 without a gap (access/rmgrlist.h).
macro_rules! managers {
    ($($id:literal $name:literal $module:ident $type:ident)*) => {
        $(pub mod $module;)*

        /// The typed values of a record, of any built-in manager.
        #[derive(Debug, Clone, serde::Serialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(untagged)]
        pub enum Body<'a> {
            $(
                #[doc = concat!("A record of ", $name, ".")]
                $type($module::$type<'a>),
            )*
            /// A record of a manager without a decoder.
            Custom(Custom<'a>),
        }

        /// The name of a type of record; `None` if the major has no such type.
        pub fn identify(rmid: u8, info: u8, layout: &Layout) -> Option<&'static str> {
            match rmid {
                $($id => $module::$type::identify(info, layout),)*
                _ => None,
            }
        }

        impl<'a> Body<'a> {
            /// The typed values of a record.
            ///
            /// # Errors
            /// As [`Resource::parse`].
            pub fn parse(record: &Record<'a>, dialect: &Dialect) -> Result<Self, ParseError> {
                Ok(match record.header.xl_rmid {
                    $($id => Self::$type($module::$type::parse(record, dialect)?),)*
                    _ => Self::Custom(Custom::new(record)),
                })
            }

            /// What pg_waldump of the major writes, times in UTC, with U+FFFD for what is not UTF-8.
            pub fn description(&self, layout: &'static Layout) -> String {
                let mut out = Vec::new();
                // Writing to memory never fails.
                let _ = self.desc(&mut Desc::new(&mut out, layout, &TimeZone::UTC));
                lossy(out)
            }

            /// Writes what pg_waldump of the major does.
            ///
            /// # Errors
            /// None but what `out` gives.
            pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
                match self {
                    $(Self::$type(body) => body.desc(out),)*
                    Self::Custom(body) => body.desc(out),
                }
            }
        }
    };
}

managers! {
    0 "XLOG" xlog Xlog
    1 "Transaction" xact Xact
    2 "Storage" smgr Smgr
    3 "CLOG" clog Clog
    4 "Database" dbase Dbase
    5 "Tablespace" tblspc Tblspc
    6 "MultiXact" multixact Multixact
    7 "RelMap" relmap Relmap
    8 "Standby" standby Standby
    9 "Heap2" heap2 Heap2
    10 "Heap" heap Heap
    11 "Btree" btree Btree
    12 "Hash" hash Hash
    13 "Gin" gin Gin
    14 "Gist" gist Gist
    15 "Sequence" seq Seq
    16 "SPGist" spgist Spgist
    17 "BRIN" brin Brin
    18 "CommitTs" commit_ts CommitTs
    19 "ReplicationOrigin" replorigin Replorigin
    20 "Generic" generic Generic
    21 "LogicalMessage" logicalmsg Logicalmsg
}

/// The names of the built-in managers, by id: the same in all majors.
pub const NAMES: [&str; 22] = [
    "XLOG",
    "Transaction",
    "Storage",
    "CLOG",
    "Database",
    "Tablespace",
    "MultiXact",
    "RelMap",
    "Standby",
    "Heap2",
    "Heap",
    "Btree",
    "Hash",
    "Gin",
    "Gist",
    "Sequence",
    "SPGist",
    "BRIN",
    "CommitTs",
    "ReplicationOrigin",
    "Generic",
    "LogicalMessage",
];

/// A manager's name; of an extension's, whose library nothing offline can ask, `custom128` and so on.
pub fn name(rmid: u8) -> std::borrow::Cow<'static, str> {
    match NAMES.get(usize::from(rmid)) {
        Some(name) => (*name).into(),
        None => format!("custom{rmid:03}").into(),
    }
}

/// Whether records can have this manager (`RmgrIdIsValid`).
pub fn is_valid(rmid: u8, layout: &Layout) -> bool {
    usize::from(rmid) < NAMES.len() || (rmid >= FIRST_CUSTOM && layout.has_custom_rmgrs())
}
