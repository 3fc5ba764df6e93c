//! What is said about a page, as opposed to what is read from it.
use pgdissect::analysis::page_dump::{self, History};
use pgdissect::analysis::snapshot::{Ancestry, Snapshot, Viewer};
use pgdissect::analysis::verify;
use pgdissect::analysis::visibility::{Members, Transactions, Updater};
use pgdissect::cluster::TxStatus;
use pgdissect::format::heap::Attr;
use pgdissect::format::page::Page;
use pgdissect::format::slru::multixact::MultiXactMember;
use pgdissect::layout::PgVersion;
use pgdissect::layout::catalog::Align;
use pgdissect::report::page::{PageKind, Views};
use pgdissect::types::{BlockNumber, Fork, FullXid, MultiXactId, OffsetNumber, Xid};

/// Transactions of which each id says what became of it.
#[derive(Debug)]
struct MadeUp;

impl Transactions for MadeUp {
    fn status(&self, xid: Xid) -> TxStatus {
        match xid.0 % 4 {
            0 => TxStatus::InProgress,
            1 => TxStatus::Committed,
            2 => TxStatus::Aborted,
            _ => TxStatus::Unknown,
        }
    }

    fn members(&self, multi: MultiXactId) -> Members {
        let updater = match multi.0 % 3 {
            0 => Updater::None,
            1 => Updater::Xid(Xid(multi.0)),
            _ => Updater::Unknown,
        };
        Members { updater, oldest: multi.0.is_multiple_of(2).then_some(Xid(multi.0)) }
    }
}

impl Ancestry for MadeUp {
    fn topmost(&self, xid: Xid, _: Xid) -> Option<Xid> {
        Some(xid)
    }

    fn rolled_back(&self, xid: Xid) -> bool {
        self.status(xid) == TxStatus::Aborted
    }
}

impl History for MadeUp {
    fn all_members(&self, _: MultiXactId) -> Vec<MultiXactMember> {
        Vec::new()
    }
}

/// A page, judged and taken apart. Whatever is wrong with it, there is an end to what is said.
pub fn judge(data: &[u8]) {
    let mut said = 0_usize;
    for checksums in [false, data.len() >= 1024 && data.len().is_power_of_two()] {
        let known =
            verify::page::Known { block: BlockNumber(3), relation: "base/5/16390", checksums };
        let trusted = verify::page::judge(data, known, &mut |_| said += 1);
        let Ok(page) = Page::parse(data) else { continue };
        if trusted {
            let int4 = Attr { len: 4, align: Align::Int, by_val: true };
            let text = Attr { len: -1, align: Align::Int, by_val: false };
            let shape = verify::heap::Shape::new(vec![int4, text, int4], true);
            for (shape, next_xid) in [(None, None), (Some(&shape), Some(FullXid(1000)))] {
                let block = BlockNumber(3);
                let known = verify::heap::Known { block, transactions: &MadeUp, next_xid, shape };
                let mut scratch = verify::heap::Scratch::default();
                let (mut at_a_glance, mut closely) = (0_usize, 0_usize);
                verify::heap::judge(&page, &known, &mut scratch, &mut |_, _| at_a_glance += 1);
                verify::heap::judge_closely(&page, &known, &mut scratch, &mut |_, _| closely += 1);
                assert_eq!(at_a_glance, closely, "the first look missed something");
                said += closely;
            }
        }
        // All of them each time would take most of the time.
        let kind = data.iter().fold(0_usize, |sum, byte| sum.wrapping_add((*byte).into()));
        for kind in [PageKind::Heap, KINDS[kind % KINDS.len()]] {
            take_apart(data, kind, checksums);
        }
    }
    assert!(said <= 64 + data.len() * 8, "{said} findings on {} bytes", data.len());
}

/// Kinds of pages without a target of their own.
const KINDS: [PageKind; 6] = [
    PageKind::Heap,
    PageKind::Index,
    PageKind::Sequence,
    PageKind::FreeSpaceMap,
    PageKind::VisibilityMap,
    PageKind::Unknown,
];

/// A page of some kind, whatever it is.
pub(super) fn take_apart(data: &[u8], kind: PageKind, checksums: bool) {
    let snapshot = Snapshot { xmin: FullXid(100), xmax: FullXid(1 << 30), xip: vec![FullXid(700)] };
    let viewer = Viewer { snapshot, xid: Some(FullXid(600)), cid: Some(3) };
    let known = page_dump::Known {
        block: BlockNumber(3),
        fork: Fork::Main,
        object: "lab.public.t",
        relation: "base/5/16390",
        file: "base/5/16390",
        byte: 24576,
        kind,
        shape: None,
        index: None,
        layout: PgVersion::V18.layout(),
        checksums,
        rowids: false,
        history: &MadeUp,
        next_xid: None,
        viewer: Some(&viewer),
        selected: Some(OffsetNumber(1)),
        columns: None,
        views: Views { hex: true, explain: true, diagram: true },
    };
    if let Some(dump) = page_dump::dump(data, &known, &mut |_| ()) {
        // Every byte is accounted for once.
        let mut at = 0;
        for region in &dump.regions {
            assert_eq!(region.at as usize, at, "{dump:?}");
            at += region.bytes.bytes().filter(u8::is_ascii_hexdigit).count() / 2;
        }
        assert_eq!(at, data.len());
    }
}
