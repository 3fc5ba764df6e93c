//! What the bytes of a damaged page look like, as far as bytes can say.
use crate::format::heap::HeapTuple;
use crate::format::page::{LpFlags, Page, PageHeader, checksum};
use crate::types::BlockNumber;
use std::ops::Range;

/// What devices write at once.
const SECTOR: usize = 512;

/// Evidence for a page that claims to be new.
pub(super) fn not_zeroed(page: &[u8]) -> String {
    let set: Vec<_> = (0..).zip(page).filter(|(_, byte)| **byte != 0).map(|(at, _)| at).collect();
    let (first, last) = (set.first().copied().unwrap_or(0), set.last().copied().unwrap_or(0));
    match set.len() {
        1 => format!("pd_upper is 0, and 1 byte is not zero, at {first}"),
        count => format!("pd_upper is 0, and {count} bytes are not zero, from {first} to {last}"),
    }
}

/// Evidence for a wrong checksum: both values, and what the bytes look like.
pub(super) fn checksum_mismatch(page: &[u8], header: &PageHeader, block: BlockNumber) -> String {
    let (stored, computed) = (header.pd_checksum, checksum(page, block));
    let other = other_block(page, header, block)
        .map(|other| format!("; as block {other} it would be right: a misdirected write?"));
    let values = format!("pd_checksum is {stored:#06x}, computed {computed:#06x}");
    values + &other.unwrap_or_default() + &hint(page)
}

/// What the bytes look like, to be appended to evidence; empty if like nothing known.
pub(super) fn hint(page: &[u8]) -> String {
    let zeros = zeroed(page).map(|Range { start, end }| {
        format!("; bytes {start} to {end} are zeros, though they are in use")
    });
    let header = displaced_header(page).map(|at| {
        format!("; a page header seems to begin at byte {at}: shifted, or of another block?")
    });
    [zeros, header, halves(page)].into_iter().flatten().collect()
}

/// A block near this one, or one bit away from it, as which the page would be right. Of 65535
/// checksums one fits by chance, so only few blocks are tried.
fn other_block(page: &[u8], header: &PageHeader, block: BlockNumber) -> Option<BlockNumber> {
    let near = [block.0.wrapping_sub(1), block.0.wrapping_add(1)];
    let flipped = (0..24).map(|bit| block.0 ^ (1 << bit));
    let mut candidates = near.into_iter().chain(flipped).map(BlockNumber);
    candidates.find(|&other| checksum(page, other) == header.pd_checksum)
}

/// The longest run of whole sectors that are zeros outside the hole between pd_lower and pd_upper.
fn zeroed(page: &[u8]) -> Option<Range<usize>> {
    let header = *Page::parse(page).ok()?.header();
    let hole = if header.check(page.len()).is_ok() {
        usize::from(header.pd_lower)..usize::from(header.pd_upper)
    } else {
        0..0
    };
    let in_use = |sector: &Range<usize>| sector.start < hole.start || sector.end > hole.end;
    let mut longest: Option<Range<usize>> = None;
    let mut run = 0..0;
    for (number, sector) in page.chunks(SECTOR).enumerate() {
        let range = number * SECTOR..number * SECTOR + sector.len();
        if sector.iter().any(|&byte| byte != 0) || !in_use(&range) {
            continue;
        }
        run = if run.end == range.start { run.start..range.end } else { range };
        if longest.as_ref().is_none_or(|longest| longest.len() < run.len()) {
            longest = Some(run.clone());
        }
    }
    longest
}

/// Where the pd_special and pd_pagesize_version of a heap page of this size stand, if not at the
/// start of the page.
fn displaced_header(page: &[u8]) -> Option<usize> {
    let size = u16::try_from(page.len()).ok()?;
    let [low, high] = size.to_le_bytes();
    let mark = [low, high, low | 4, high];
    let found = page.windows(mark.len()).enumerate().skip(17).find(|(_, bytes)| *bytes == mark);
    found.map(|(at, _)| at - 16)
}

/// Whether the line pointers agree with the tuples in one half of the page and not in the other,
/// as when only one half of a page was written.
fn halves(page: &[u8]) -> Option<String> {
    let page = Page::parse(page).ok()?;
    let middle = page.bytes().len() / 2;
    let mut counts = [(0_u32, 0_u32); 2];
    let heap = usize::from(page.header().pd_special) == page.bytes().len();
    for (_, item) in page.items().filter(|(_, item)| heap && item.lp_flags() == LpFlags::Normal) {
        let half = &mut counts[usize::from(usize::from(item.lp_off()) >= middle)];
        half.1 += 1;
        half.0 += u32::from(HeapTuple::behind(item, &page).is_some_and(|tuple| plausible(&tuple)));
    }
    let [(low, of_low), (high, of_high)] = counts;
    let torn = of_low > 0 && of_high > 0 && ((low == 0) != (high == 0));
    torn.then(|| {
        format!(
            "; {low} of {of_low} tuples before byte {middle} make sense and {high} of {of_high} \
             behind it: a torn write?"
        )
    })
}

fn plausible(tuple: &HeapTuple<'_>) -> bool {
    tuple.header.t_infomask2.natts() <= 1600
        && tuple.data().is_some()
        && super::super::heap::data_offset(&tuple.header).contains(&tuple.header.t_hoff.into())
}
