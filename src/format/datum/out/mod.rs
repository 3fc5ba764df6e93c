//! Values as their type's output function writes them (`typoutput`), with the settings a fresh
//! server has: DateStyle ISO, TimeZone UTC, IntervalStyle postgres, bytea_output hex, and the
//! C locale's money.
//!
//! A value is the bytes of exactly one: the attribute itself, or a varlena's payload. Types whose
//! output needs catalogs (enums, regclass and its like, domains, arrays' elements of such) are
//! resolved by who has the catalogs; here they are the numbers they are stored as.
mod array;
mod bits;
mod geo;
mod net;
mod number;
mod numeric;
#[expect(clippy::unnecessary_wraps, reason = "the signature of every writer")]
mod text;
mod time;

pub use array::array;

use crate::layout::Layout;
use crate::types::Oid;

/// Writes one value: `None` if the bytes are no value of the type.
type Out = fn(&[u8], &Layout, &mut String) -> Option<()>;

/// A built-in type with an output function of ours; oids are the same in all majors
/// (catalog/pg_type.dat).
#[derive(Debug, Clone, Copy)]
pub struct Writer {
    out: Out,
}

impl Writer {
    /// Appends the value's text to `text`; `None`, and nothing is appended, if `value` is no value
    /// of the type.
    pub fn write(self, value: &[u8], layout: &Layout, text: &mut String) -> Option<()> {
        let before = text.len();
        let written = (self.out)(value, layout, text);
        if written.is_none() {
            text.truncate(before);
        }
        written
    }
}

/// The writer of a built-in type; `None` if there is none.
pub fn writer(typ: Oid) -> Option<Writer> {
    let out: Out = match typ.0 {
        16 => text::boolean,
        17 => text::bytea,
        18 => text::char,
        19 => text::name,
        20 => number::int8,
        21 => number::int2,
        22 => number::int2vector,
        23 => number::int4,
        // oid, xid, cid, and the reg types: regproc, regprocedure, regoper, regoperator, regclass,
        // regtype, regconfig, regdictionary, regnamespace, regrole, regcollation, regdatabase.
        24 | 26 | 28 | 29 | 2202..=2206 | 3734 | 3769 | 4089 | 4096 | 4191 | 8326 => number::oid,
        25 | 1042 | 1043 => text::text,
        27 => number::tid,
        30 => number::oidvector,
        600 => geo::point,
        603 => geo::r#box,
        718 => geo::circle,
        650 => net::cidr,
        700 => number::float4,
        701 => number::float8,
        774 | 829 => net::macaddr,
        790 => number::money,
        869 => net::inet,
        1082 => time::date,
        1083 => time::time,
        1114 => time::timestamp,
        1184 => time::timestamptz,
        1186 => time::interval,
        1266 => time::timetz,
        1560 | 1562 => bits::bit,
        1700 => numeric::numeric,
        2950 => bits::uuid,
        3220 => number::pg_lsn,
        5069 => number::xid8,
        _ => return None,
    };
    Some(Writer { out })
}

/// Appends what is made of `N` bytes, if that is what there is.
fn exactly<const N: usize>(value: &[u8]) -> Option<[u8; N]> {
    value.try_into().ok()
}

#[cfg(test)]
mod tests;
