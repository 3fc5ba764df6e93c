//! One row of a catalog, its columns found by name.
use super::visible::Fate;
use crate::format::datum;
use crate::format::heap::{Attr, Datum, HeapTupleHeader};
use crate::format::{Parse, parse_at};
use crate::layout::catalog::Catalog;
use crate::types::{Lsn, MultiXactId, Oid, Tid, Xid};
use std::borrow::Cow;

/// The columns of one catalog, in the order of attnum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns {
    pub(super) names: Vec<String>,
    pub(super) attrs: Vec<Attr>,
}

impl Columns {
    /// Where these columns are; a column that this catalog does not have is nowhere.
    pub(super) fn find<const N: usize>(&self, names: [&str; N]) -> [Option<usize>; N] {
        names.map(|name| self.names.iter().position(|column| column == name))
    }
}

impl From<&Catalog> for Columns {
    fn from(catalog: &Catalog) -> Self {
        Self {
            names: catalog.columns.iter().map(|column| column.name.to_owned()).collect(),
            attrs: catalog.columns.iter().map(Attr::from).collect(),
        }
    }
}

/// One row. Values end early if the tuple could not be taken apart to its end.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) values: &'a [Datum<'a>],
    pub(super) header: &'a HeapTupleHeader,
    pub(super) at: Tid,
    /// LSN of the page it is on.
    pub(super) lsn: Lsn,
    pub(super) fate: Fate,
}

/// A column's place, as [`Columns::find`] gives it.
type At = Option<usize>;

impl Row<'_> {
    fn fixed<T>(&self, at: At, parse: fn(&[u8]) -> Parse<'_, T>) -> Option<T> {
        let bytes = self.values.get(at?)?.fixed()?;
        parse_at(bytes, 0, "catalog column", parse).ok()
    }

    pub(super) fn oid(&self, at: At) -> Option<Oid> {
        self.fixed(at, datum::oid)
    }

    pub(super) fn xid(&self, at: At) -> Option<Xid> {
        self.fixed(at, datum::xid)
    }

    pub(super) fn multi(&self, at: At) -> Option<MultiXactId> {
        self.xid(at).map(|xid| MultiXactId(xid.0))
    }

    pub(super) fn int2(&self, at: At) -> Option<i16> {
        self.fixed(at, datum::int2)
    }

    pub(super) fn int4(&self, at: At) -> Option<i32> {
        self.fixed(at, datum::int4)
    }

    pub(super) fn float4(&self, at: At) -> Option<f32> {
        self.fixed(at, datum::float4)
    }

    pub(super) fn boolean(&self, at: At) -> Option<bool> {
        self.fixed(at, datum::boolean)
    }

    /// A `"char"` as its byte.
    pub(super) fn byte(&self, at: At) -> Option<u8> {
        self.values.get(at?)?.fixed()?.first().copied()
    }

    pub(super) fn name(&self, at: At) -> Option<String> {
        let bytes = self.values.get(at?)?.fixed()?;
        let name = parse_at(bytes, 0, "catalog column", datum::name).ok()?;
        Some(name.into_owned())
    }

    /// A `text`; none if it is null, or too long to be stored in the row itself.
    pub(super) fn text(&self, at: At) -> Option<String> {
        Some(datum::text(&self.payload(at)?).into_owned())
    }

    /// An `int2[]`; empty if it is null.
    pub(super) fn int2s(&self, at: At) -> Vec<i16> {
        self.payload(at).and_then(|payload| datum::int2s(&payload).ok()).unwrap_or_default()
    }

    /// An `oid[]` or `oidvector`; empty if it is null.
    pub(super) fn oids(&self, at: At) -> Vec<Oid> {
        self.payload(at).and_then(|payload| datum::oids(&payload).ok()).unwrap_or_default()
    }

    /// A `text[]`; empty if it is null, or too long to be stored in the row itself.
    pub(super) fn texts(&self, at: At) -> Vec<String> {
        self.payload(at).and_then(|payload| datum::texts(&payload).ok()).unwrap_or_default()
    }

    fn payload(&self, at: At) -> Option<Cow<'_, [u8]>> {
        self.values.get(at?)?.varlena()?.payload().ok().flatten()
    }
}
