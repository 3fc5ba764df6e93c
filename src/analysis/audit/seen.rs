//! What one pass sees of a table, or of an index.
use crate::analysis::bloat::BloatScan;
use crate::analysis::freeze::FreezeScan;
use crate::analysis::index::IndexScan;
use crate::analysis::scan::{Items, Observer, PageView, Sink, TupleView};
use crate::analysis::space::SpaceScan;

/// The observer of one target.
pub(super) enum Seen<'a> {
    Table(BloatScan, FreezeScan, SpaceScan),
    Index(IndexScan<'a>, SpaceScan),
}

impl Observer for Seen<'_> {
    #[inline]
    fn tuple(&mut self, page: &PageView<'_>, tuple: &TupleView<'_>, sink: &mut Sink<'_>) {
        if let Self::Table(bloat, freeze, _) = self {
            bloat.tuple(page, tuple, sink);
            freeze.tuple(page, tuple, sink);
        }
    }

    fn page(&mut self, page: &PageView<'_>, items: &Items, sink: &mut Sink<'_>) {
        if let Self::Table(bloat, freeze, space) = self {
            bloat.page(page, items, sink);
            freeze.page(page, items, sink);
            space.page(page, items, sink);
        }
    }

    fn index_page(&mut self, page: &PageView<'_>, sink: &mut Sink<'_>) {
        if let Self::Index(index, space) = self {
            index.index_page(page, sink);
            space.index_page(page, sink);
        }
    }

    fn new_page(&mut self, page: &PageView<'_>) {
        match self {
            Self::Table(bloat, freeze, space) => {
                bloat.new_page(page);
                freeze.new_page(page);
                space.new_page(page);
            }
            Self::Index(index, space) => {
                index.new_page(page);
                space.new_page(page);
            }
        }
    }

    fn lost_page(&mut self, block: u32) {
        match self {
            Self::Table(bloat, freeze, _) => {
                bloat.lost_page(block);
                freeze.lost_page(block);
            }
            Self::Index(index, _) => index.lost_page(block),
        }
    }

    fn merge(&mut self, later: Self) {
        match (self, later) {
            (Self::Table(bloat, freeze, space), Self::Table(more_bloat, more_freeze, more)) => {
                bloat.merge(more_bloat);
                freeze.merge(more_freeze);
                space.merge(more);
            }
            (Self::Index(index, space), Self::Index(more_index, more)) => {
                index.merge(more_index);
                space.merge(more);
            }
            // Of one target, all observers are of one kind.
            _ => {}
        }
    }
}
