//! One page, taken apart for people: every field, what it means, what each byte is used for.
mod chains;
mod index;
mod kind;
mod map;
mod read;
mod regions;
mod space;
mod tuple;

pub use read::{Answer, Found, PageError, Request, found, index_info, pages};
pub use regions::{Column, Columns};

use super::snapshot::{Ancestry, Viewer};
use super::verify;
use crate::cluster::IndexShape;
use crate::finding::{Finding, Place};
use crate::format::heap::{HeapTuple, MIN_TUPLE_SIZE};
use crate::format::page::{ItemId, LpFlags, Page, PageHeader, checksum, is_new};
use crate::format::slru::multixact::MultiXactMember;
use crate::layout::Layout;
use crate::report::page::index::Content;
use crate::report::page::{Header, Item, PageDump, PageKind, Tuple, Views};
use crate::types::{BlockNumber, Fork, FullXid, MultiXactId, OffsetNumber};

/// What became of transactions, with every member of a multixact.
pub trait History: Ancestry {
    /// The members of `multi`; none if they cannot be read.
    fn all_members(&self, multi: MultiXactId) -> Vec<MultiXactMember>;
}

/// What is known about a page from outside of it, and what is asked.
#[derive(Debug)]
pub struct Known<'a, H> {
    /// Block of the fork.
    pub block: BlockNumber,
    /// The fork.
    pub fork: Fork,
    /// The relation's name, for findings.
    pub object: &'a str,
    /// The relation's first file, as PostgreSQL's messages name it.
    pub relation: &'a str,
    /// The segment file.
    pub file: &'a str,
    /// Where the page begins in it.
    pub byte: u64,
    /// What the relation's pages hold.
    pub kind: PageKind,
    /// How the table's rows are stored, if known.
    pub shape: Option<&'a verify::heap::Shape>,
    /// Whether the cluster has checksums.
    pub checksums: bool,
    /// What the tuples of the index hold, if it is one and the catalogs say.
    pub index: Option<&'a IndexShape<'a>>,
    /// What majors disagree on.
    pub layout: &'static Layout,
    /// Whether what lies before t_hoff is a ROWID (IvorySQL) and not an oid.
    pub rowids: bool,
    /// What became of transactions.
    pub history: &'a H,
    /// The next transaction id, if no page can be ahead of it.
    pub next_xid: Option<FullXid>,
    /// Who looks at its tuples.
    pub viewer: Option<&'a Viewer>,
    /// The tuple that was asked for.
    pub selected: Option<OffsetNumber>,
    /// The columns, if they are known.
    pub columns: Option<&'a Columns<'a>>,
    /// What is wanted beside the fields.
    pub views: Views,
}

/// Takes apart `bytes`, a whole block, and judges it; `None` if there is not even a page header.
pub fn dump<H: History>(
    bytes: &[u8],
    known: &Known<'_, H>,
    found: &mut dyn FnMut(Finding),
) -> Option<PageDump> {
    let page = Page::parse(bytes).ok()?;
    let kind = if is_new(bytes) { PageKind::New } else { known.kind };
    judge(&page, kind, known, found);
    let heap = matches!(kind, PageKind::Heap | PageKind::Sequence);
    let items: Vec<_> =
        page.items().filter(|_| heap).map(|(lp, id)| item(&page, lp, id, known)).collect();
    let subject = regions::Subject {
        page: &page,
        block: known.block,
        kind,
        layout: known.layout,
        columns: known.columns.map(|columns| columns.columns.as_slice()).unwrap_or_default(),
        values: known.columns.map(|columns| &columns.values),
        index: known.index,
    };
    let (regions, diagram) = regions::views(&subject, &items, known.views);
    Some(PageDump {
        block: known.block,
        file: known.file.to_owned(),
        byte: known.byte,
        kind,
        header: header(&page, known),
        space: heap.then(|| space::of(&page, &items)),
        items,
        content: content(&page, kind, known),
        regions,
        views: known.views,
        diagram,
    })
}

/// What a page holds that is none of a heap.
fn content<H>(page: &Page<'_>, kind: PageKind, known: &Known<'_, H>) -> Option<Content> {
    match kind {
        PageKind::FreeSpaceMap => map::free_space(page.bytes(), known.block).map(Content::Fsm),
        PageKind::VisibilityMap => Some(Content::Vm(map::visibility(page.bytes(), known.block))),
        kind => index::content(page, kind, known),
    }
}

fn judge<H: History>(
    page: &Page<'_>,
    kind: PageKind,
    known: &Known<'_, H>,
    found: &mut dyn FnMut(Finding),
) {
    let place = |offset| Place {
        byte: Some(known.byte),
        object: Some(known.object.to_owned()),
        fork: Some(known.fork),
        block: Some(known.block),
        offset,
        ..Place::file(known.file)
    };
    let of_page = verify::page::Known {
        block: known.block,
        relation: known.relation,
        checksums: known.checksums,
    };
    let trusted = verify::page::judge(page.bytes(), of_page, &mut |finding| {
        found(Finding { place: place(None), ..finding });
    });
    if let Some(method) = kind::method(kind).filter(|_| trusted) {
        let of_index = verify::index::Known {
            method,
            block: known.block,
            layout: known.layout,
            columns: known.index.map(|shape| shape.columns.len()),
            rows: true,
        };
        verify::index::judge(page, of_index, &mut |offset, finding| {
            found(Finding { place: place(offset), ..finding });
        });
    }
    if kind == PageKind::Heap {
        let of_heap = verify::heap::Known {
            block: known.block,
            transactions: known.history,
            next_xid: known.next_xid,
            shape: known.shape,
        };
        let mut scratch = verify::heap::Scratch::default();
        verify::heap::judge(page, &of_heap, &mut scratch, &mut |offset, finding| {
            found(Finding { place: place(offset), ..finding });
        });
    }
}

fn header<H>(page: &Page<'_>, known: &Known<'_, H>) -> Header {
    let header: &PageHeader = page.header();
    let computed = (!is_new(page.bytes())).then(|| checksum(page.bytes(), known.block));
    Header {
        lsn: header.pd_lsn,
        checksum: header.pd_checksum,
        computed_checksum: computed,
        checksums: known.checksums,
        flags: header.pd_flags,
        flag_names: header.flag_names().collect(),
        lower: header.pd_lower,
        upper: header.pd_upper,
        special: header.pd_special,
        pagesize: header.page_size(),
        version: header.layout_version(),
        prune_xid: header.pd_prune_xid,
    }
}

fn item<H: History>(page: &Page<'_>, lp: OffsetNumber, id: ItemId, known: &Known<'_, H>) -> Item {
    let tuple = HeapTuple::behind(id, page).filter(|_| id.lp_len() >= MIN_TUPLE_SIZE);
    let decoded: Option<Tuple> = tuple.map(|tuple| tuple::decode(&tuple, known, lp));
    let chain_next = match (id.lp_flags(), &tuple) {
        (LpFlags::Redirect, _) => Some(id.lp_off()),
        (_, Some(tuple)) if tuple.header.hot_updated() => Some(tuple.header.t_ctid.offset.0),
        _ => None,
    };
    Item {
        lp: lp.0,
        lp_off: id.lp_off(),
        lp_flags: id.lp_flags().bits(),
        lp_flags_name: id.lp_flags().name(),
        lp_len: id.lp_len(),
        chain_next,
        selected: known.selected == Some(lp),
        tuple: decoded,
    }
}
