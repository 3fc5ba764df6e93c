//! What one pass sees of a table, or of an index.
use crate::analysis::bloat::BloatScan;
use crate::analysis::freeze::FreezeScan;
use crate::analysis::index::IndexScan;
use crate::analysis::scan::{Items, Observer, PageView, Sink, TupleView};

/// The observer of one target.
pub(super) enum Seen<'a> {
    Table(BloatScan, FreezeScan),
    Index(IndexScan<'a>),
}

impl Observer for Seen<'_> {
    #[inline]
    fn tuple(&mut self, page: &PageView<'_>, tuple: &TupleView<'_>, sink: &mut Sink<'_>) {
        if let Self::Table(bloat, freeze) = self {
            bloat.tuple(page, tuple, sink);
            freeze.tuple(page, tuple, sink);
        }
    }

    fn page(&mut self, page: &PageView<'_>, items: &Items, sink: &mut Sink<'_>) {
        if let Self::Table(bloat, freeze) = self {
            bloat.page(page, items, sink);
            freeze.page(page, items, sink);
        }
    }

    fn index_page(&mut self, page: &PageView<'_>, sink: &mut Sink<'_>) {
        if let Self::Index(index) = self {
            index.index_page(page, sink);
        }
    }

    fn new_page(&mut self, page: &PageView<'_>) {
        match self {
            Self::Table(bloat, freeze) => {
                bloat.new_page(page);
                freeze.new_page(page);
            }
            Self::Index(index) => index.new_page(page),
        }
    }

    fn lost_page(&mut self, block: u32) {
        match self {
            Self::Table(bloat, freeze) => {
                bloat.lost_page(block);
                freeze.lost_page(block);
            }
            Self::Index(index) => index.lost_page(block),
        }
    }

    fn merge(&mut self, later: Self) {
        match (self, later) {
            (Self::Table(bloat, freeze), Self::Table(more_bloat, more_freeze)) => {
                bloat.merge(more_bloat);
                freeze.merge(more_freeze);
            }
            (Self::Index(index), Self::Index(more)) => index.merge(more),
            // Of one target, all observers are of one kind.
            _ => {}
        }
    }
}
