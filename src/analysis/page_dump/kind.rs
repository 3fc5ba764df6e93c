//! What a page holds: by the relation that it belongs to, else by what it looks like.
use crate::analysis::index::Method;
use crate::cluster::{RelKind, Relation};
use crate::format::index::{bloom, brin, btree, gin, gist, hash, spgist};
use crate::format::page::{HEADER_SIZE, Page};
use crate::format::sequence;
use crate::report::page::PageKind;
use crate::types::Fork;

/// What the pages of a relation hold; `None` if pg_class does not say.
pub(super) fn of(relation: &Relation) -> Option<PageKind> {
    let method = relation.access_method.as_deref();
    match relation.kind {
        kind if kind.is_heap() && method.is_none_or(|method| method == "heap") => {
            Some(PageKind::Heap)
        }
        RelKind::Index => Some(match method {
            Some("btree") => PageKind::Btree,
            Some("hash") => PageKind::Hash,
            Some("gin") => PageKind::Gin,
            Some("gist") => PageKind::Gist,
            Some("spgist") => PageKind::Spgist,
            Some("brin") => PageKind::Brin,
            Some("bloom") => PageKind::Bloom,
            Some(_) => PageKind::Index,
            // The row of pg_am is lost.
            None => return None,
        }),
        RelKind::Sequence => Some(PageKind::Sequence),
        kind if kind.is_heap() => Some(PageKind::Unknown),
        _ => None,
    }
}

/// The access method whose rules a page keeps; `None` if it is of no index, or of one whose rules
/// are not known.
pub(super) const fn method(kind: PageKind) -> Option<Method> {
    Some(match kind {
        PageKind::Btree => Method::Btree,
        PageKind::Hash => Method::Hash,
        PageKind::Gin => Method::Gin,
        PageKind::Gist => Method::Gist,
        PageKind::Spgist => Method::Spgist,
        PageKind::Brin => Method::Brin,
        PageKind::Bloom => Method::Bloom,
        _ => return None,
    })
}

/// What a page of a fork holds.
pub(super) fn at(fork: Fork, of_relation: Option<PageKind>, bytes: &[u8]) -> PageKind {
    match (fork, of_relation) {
        (Fork::Vm, _) => PageKind::VisibilityMap,
        (Fork::Fsm, _) => PageKind::FreeSpaceMap,
        (_, Some(kind)) => kind,
        (_, None) => looks_like(bytes),
    }
}

/// What a page seems to hold whose relation is not known: only tables have no special space, and
/// most access methods have an id in the last two bytes of theirs.
fn looks_like(bytes: &[u8]) -> PageKind {
    let Ok(page) = Page::parse(bytes) else { return PageKind::Unknown };
    let lower = usize::from(page.header().pd_lower);
    let special = page.special();
    let id = special.last_chunk().map_or(0, |id| u16::from_le_bytes(*id));
    match (special.len(), id) {
        _ if page.header().check(bytes.len()).is_err() => PageKind::Unknown,
        (0, _) if lower == HEADER_SIZE && bytes.iter().skip(HEADER_SIZE).any(|&byte| byte != 0) => {
            PageKind::Unknown
        }
        (0, _) => PageKind::Heap,
        _ if sequence::is_sequence(&page) => PageKind::Sequence,
        (16, hash::PAGE_ID) => PageKind::Hash,
        (16, gist::PAGE_ID) => PageKind::Gist,
        (16, id) if id <= btree::MAX_CYCLE_ID => PageKind::Btree,
        (8, spgist::PAGE_ID) => PageKind::Spgist,
        (8, bloom::PAGE_ID) => PageKind::Bloom,
        (8, _) if matches!(brin::Kind::of(&page), Some(kind) if kind.is_known()) => PageKind::Brin,
        (8, flags) if flags & !gin::FLAGS == 0 => PageKind::Gin,
        _ => PageKind::Unknown,
    }
}
