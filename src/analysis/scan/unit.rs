//! One work unit: neighbouring blocks of one segment file, page by page, tuple by tuple.
use super::map::{Map, Vm};
use super::space::Promises;
use super::{Observer, Part, Sink, Target};
use crate::analysis::verify;
use crate::analysis::visibility::{Fate, Members, Transactions};
use crate::cluster::Cluster;
use crate::finding::{Finding, Place, rules};
use crate::format::heap::{HeapTuple, HeapTupleHeader};
use crate::format::page::{ItemId, LpFlags, Page, PageHeader};
use crate::source::relation::RelationFiles;
use crate::source::{Progress, ReadError};
use crate::types::{BlockNumber, Fork, FullXid, MultiXactId, Xid};
use std::ops::Range;

/// Bytes in a work unit, whatever the block size.
const UNIT_BYTES: u32 = 4 << 20;

/// What is the same for all units.
pub struct Context<'a, X> {
    /// Where the files are.
    pub cluster: &'a Cluster,
    /// What became of transactions.
    pub transactions: &'a X,
    /// Bytes in a block.
    pub block_size: u32,
    /// Whether pages carry checksums to be compared.
    pub checksums: bool,
    /// The next transaction id, if no page can be ahead of it: where recovery has nothing to do.
    pub next_xid: Option<FullXid>,
}

/// A page as observers see it.
pub struct PageView<'a> {
    /// Block of the main fork.
    pub block: u32,
    /// The page.
    pub page: Page<'a>,
    /// Its header; of a new page, zeros.
    pub header: PageHeader,
    /// What the visibility map says of it.
    pub vm: Vm,
    /// What the free space map says of it: a category.
    pub fsm: u8,
    /// Whether recovery leaves it as it is, so that it can be judged.
    pub settled: bool,
}

/// A tuple as observers see it.
pub struct TupleView<'a> {
    /// Line pointer, from 1.
    pub offset: u16,
    /// Its header.
    pub header: &'a HeapTupleHeader,
    /// All of it, `lp_len` bytes.
    pub bytes: &'a [u8],
    /// What became of it.
    pub fate: Fate,
    /// The oldest member of the multixact in t_xmax, if one is there and can be read.
    pub oldest_member: Option<Xid>,
}

/// Line pointers of a page, counted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Items {
    /// All of them.
    pub all: u32,
    /// `LP_UNUSED`.
    pub unused: u32,
    /// `LP_REDIRECT`.
    pub redirect: u32,
    /// `LP_DEAD`.
    pub dead: u32,
}

/// Buffers that live as long as a thread's share of the work.
#[derive(Default)]
pub(super) struct Scratch {
    main: Vec<u8>,
    map: Vec<u8>,
    space: (Vec<u8>, Vec<u8>),
    heap: verify::heap::Scratch,
}

impl TupleView<'_> {
    /// `lp_len`, in bytes: those of the tuple.
    #[inline]
    pub const fn lp_len(&self) -> u64 {
        self.bytes.len() as u64
    }
}

impl<X> Context<'_, X> {
    /// Blocks in a work unit.
    pub fn unit_blocks(&self) -> u32 {
        (UNIT_BYTES / self.block_size.max(1)).max(1)
    }
}

/// Shows `blocks` of `target` to `observer`; findings and coverage go to `seen`.
pub(super) fn scan<O: Observer, X: Transactions>(
    context: &Context<'_, X>,
    target: &Target<'_>,
    blocks: Range<u32>,
    observer: &mut O,
    seen: &mut Part<O>,
    scratch: &mut Scratch,
    progress: &dyn Progress,
) {
    let read = match context.cluster.files(target.relation, Fork::Main) {
        Ok(files) => pages(context, target, &files, blocks.clone(), observer, seen, scratch),
        Err(error) => Err(error),
    };
    if let Err(error) = read {
        lost(target, blocks.clone(), &error, observer, seen);
    }
    progress.advance(blocks.len() as u64 * u64::from(context.block_size));
}

/// The blocks cannot be read: they count as lost, and the report says why.
fn lost<O: Observer>(
    target: &Target<'_>,
    blocks: Range<u32>,
    error: &ReadError,
    observer: &mut O,
    seen: &mut Part<O>,
) {
    blocks.clone().for_each(|block| observer.lost_page(block));
    let mut finding = Finding::from(error);
    finding.place.object = Some(target.name.clone());
    finding.place.block = Some(BlockNumber(blocks.start));
    seen.findings.push(finding);
    let what = format!("{} blocks {} to {}", target.name, blocks.start, blocks.end - 1);
    seen.coverage.skip(what, error.to_string());
}

fn pages<O: Observer, X: Transactions>(
    context: &Context<'_, X>,
    target: &Target<'_>,
    files: &RelationFiles<'_>,
    blocks: Range<u32>,
    observer: &mut O,
    seen: &mut Part<O>,
    scratch: &mut Scratch,
) -> Result<(), ReadError> {
    let (segment, byte) = files.locate(blocks.start)?;
    let Scratch { main, map, space, heap } = scratch;
    let mut about = |fork, finding: Finding| {
        let place = Place { object: Some(target.name.clone()), fork: Some(fork), ..finding.place };
        seen.findings.push(Finding { place, ..finding });
    };
    let dialect = context.cluster.dialect();
    let vm_files = context.cluster.files(target.relation, Fork::Vm);
    let vm = match &vm_files {
        Ok(files) if !target.is_index() => {
            Map::of(files, &blocks, map, dialect, &mut |finding| about(Fork::Vm, finding))
        }
        _ => Map::default(),
    };
    let (page, categories) = space;
    let fsm = match &context.cluster.files(target.relation, Fork::Fsm) {
        Ok(files) => Promises::of(files, &blocks, (page, categories), dialect, &mut |finding| {
            about(Fork::Fsm, finding);
        }),
        Err(_) => Promises::default(),
    };
    let bytes = files.read_blocks(blocks.clone(), main)?;
    let path = segment.path.as_str();
    let layout = context.cluster.dialect().layout;
    let relation = layout.relation_in_message(segment.relation_path());
    let first = (blocks.start, byte);
    let mut sink = Sink { target, findings: &mut seen.findings, path, relation: &relation, first };
    let mut read = 0;
    for (block, page) in blocks.clone().zip(bytes.chunks_exact(context.block_size as usize)) {
        read += 1;
        one_page(
            context,
            (block, page),
            (vm.get(block), fsm.get(block)),
            observer,
            heap,
            &mut sink,
        );
    }
    seen.coverage.blocks += read;
    seen.coverage.bytes += read * u64::from(context.block_size);
    // Only a file that became shorter since it was listed gives fewer blocks than were asked for.
    for block in blocks.skip(usize::try_from(read).unwrap_or(usize::MAX)) {
        observer.lost_page(block);
    }
    Ok(())
}

fn one_page<O: Observer, X: Transactions>(
    context: &Context<'_, X>,
    (block, bytes): (u32, &[u8]),
    (vm, fsm): (Vm, u8),
    observer: &mut O,
    scratch: &mut verify::heap::Scratch,
    sink: &mut Sink<'_>,
) {
    let Ok(page) = Page::parse(bytes) else { return observer.lost_page(block) };
    let known = verify::page::Known {
        block: BlockNumber(block),
        relation: sink.relation,
        checksums: context.checksums,
    };
    if !verify::page::judge(bytes, known, &mut |finding| sink.push(block, None, finding)) {
        return observer.lost_page(block);
    }
    let header = *page.header();
    let settled = context.cluster.is_settled(sink.target.relation.persistence, header.pd_lsn);
    let view = PageView { block, page, header, vm, fsm, settled };
    if view.header.is_new() {
        return observer.new_page(&view);
    }
    if sink.target.is_index() {
        return observer.index_page(&view, sink);
    }
    let known = verify::heap::Known {
        block: BlockNumber(block),
        transactions: context.transactions,
        next_xid: context.next_xid,
        shape: sink.target.shape.as_ref(),
    };
    let sound = tuples(context, &view, &known, observer, sink);
    if !sound && view.settled {
        verify::heap::judge_closely(&page, &known, scratch, &mut |offset, finding| {
            sink.push(block, offset.map(|offset| offset.0), finding);
        });
    }
}

/// Shows a page and its tuples to `observer`; gives whether a glance found all of them sound.
fn tuples<O: Observer, X: Transactions>(
    context: &Context<'_, X>,
    view: &PageView<'_>,
    known: &verify::heap::Known<'_, X>,
    observer: &mut O,
    sink: &mut Sink<'_>,
) -> bool {
    let mut items = Items { all: u32::from(view.page.item_count()), ..Items::default() };
    let mut glance = verify::heap::Glance::new(&view.page, known);
    for (number, item) in view.page.items() {
        if let Some(tuple) = &HeapTuple::inside(item, &view.page) {
            glance.tuple(number, item, tuple);
            let HeapTuple { header, bytes } = tuple;
            let of_multi = members(context, header);
            let fate = Fate::of(header, of_multi, context.transactions);
            if fate == Fate::Unknown && view.settled {
                unknown(view.block, number.0, header, sink);
            }
            let oldest_member = of_multi.and_then(|members| members.oldest);
            let tuple = TupleView { offset: number.0, header, bytes, fate, oldest_member };
            observer.tuple(view, &tuple, sink);
            continue;
        }
        glance.no_tuple(item);
        match item.lp_flags() {
            LpFlags::Unused => items.unused += 1,
            LpFlags::Redirect => items.redirect += 1,
            LpFlags::Dead => items.dead += 1,
            // Of a settled page, the closer look says it.
            LpFlags::Normal if view.settled => {}
            LpFlags::Normal => no_tuple(view.block, number.0, item, sink),
        }
    }
    observer.page(view, &items, sink);
    glance.is_sound()
}

/// The multixact in t_xmax, unless it is the share lock of before a pg_upgrade from 9.2, which must
/// not be looked up.
#[inline]
fn members<X: Transactions>(context: &Context<'_, X>, header: &HeapTupleHeader) -> Option<Members> {
    let infomask = header.t_infomask;
    let multi = infomask.xmax_is_multi() && !infomask.locked_upgraded();
    if multi { Some(context.transactions.members(MultiXactId(header.t_xmax.0))) } else { None }
}

#[cold]
fn unknown(block: u32, offset: u16, header: &HeapTupleHeader, sink: &mut Sink<'_>) {
    let (xmin, xmax, infomask) = (header.t_xmin, header.t_xmax, header.t_infomask.0);
    let evidence = format!("xmin {xmin}, xmax {xmax}, t_infomask {infomask:#06x}");
    let found = Finding::new(&rules::STATUS_UNKNOWN, Place::default(), evidence);
    sink.push(block, Some(offset), found);
}

#[cold]
fn no_tuple(block: u32, offset: u16, item: ItemId, sink: &mut Sink<'_>) {
    let evidence = format!("lp_off {}, lp_len {}", item.lp_off(), item.lp_len());
    let found = Finding::new(&rules::LINE_POINTER_RANGE, Place::default(), evidence);
    sink.push(block, Some(offset), found);
}
