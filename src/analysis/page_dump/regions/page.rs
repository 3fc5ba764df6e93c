//! What every page has: the header and the line pointers (storage/bufpage.h, storage/itemid.h).
use super::claims::{Claims, PAGE};
use crate::format::page::{HEADER_SIZE, ITEM_ID_SIZE, ItemId, LpFlags, Page};
use crate::report::page::Use;
use crate::types::OffsetNumber;

/// The page header, 24 bytes.
pub(super) fn header(page: &Page<'_>, claims: &mut Claims) {
    let header = page.header();
    let flags = super::words(header.pd_flags, header.flag_names());
    let version = format!("{}, version {}", header.page_size(), header.layout_version());
    claims
        .part(Use::Header, "page header", PAGE, 0)
        .field(
            8,
            "pd_lsn",
            header.pd_lsn,
            "End of the last WAL record that changed the page; WAL \
             up to here is on disk before the page is.",
        )
        .field(
            2,
            "pd_checksum",
            header.pd_checksum,
            "Checksum of the page and its block number, \
             in clusters that have checksums.",
        )
        .field(
            2,
            "pd_flags",
            flags,
            "Hints: free line pointers, page full; and whether every \
             tuple is visible to everyone.",
        )
        .field(2, "pd_lower", header.pd_lower, "Where the line pointers end and the hole begins.")
        .field(2, "pd_upper", header.pd_upper, "Where the hole ends and the tuples begin.")
        .field(
            2,
            "pd_special",
            header.pd_special,
            "Where the special space of the access method \
             begins; the end of the page if it has none.",
        )
        .field(
            2,
            "pd_pagesize_version",
            version,
            "Size of the page, and in the low byte the \
             version of its layout.",
        )
        .field(
            4,
            "pd_prune_xid",
            header.pd_prune_xid,
            "Oldest transaction whose changes pruning \
             might clean up; 0 for none. A hint.",
        );
}

/// The line pointers; of a heap page, dead ones mean something else than of an index.
pub(super) fn pointers(page: &Page<'_>, heap: bool, claims: &mut Claims) {
    for (number, item) in page.items() {
        let index = usize::from(number.0.saturating_sub(1));
        let at = HEADER_SIZE + index * ITEM_ID_SIZE;
        let (off, name, len) = (item.lp_off(), item.lp_flags().name(), item.lp_len());
        let value = format!("lp_off {off}, {name}, lp_len {len}");
        let (of, meaning) = meaning(item, heap);
        let meaning = format!("Line pointer {number}: {meaning}");
        claims.numbered((of, number.0), "line pointers", "storage/itemid.h", at).field(
            ITEM_ID_SIZE,
            format!("pd_linp[{index}]"),
            value,
            meaning,
        );
    }
}

fn meaning(item: ItemId, heap: bool) -> (Use, String) {
    let (off, len) = (item.lp_off(), item.lp_len());
    match item.lp_flags() {
        LpFlags::Unused => (Use::UnusedPointer, "free for reuse.".to_owned()),
        LpFlags::Normal => (Use::Pointer, format!("leads to {len} bytes at byte {off}.")),
        LpFlags::Redirect => {
            (Use::Redirect, format!("the HOT chain goes on at line pointer {off}."))
        }
        LpFlags::Dead if heap => {
            (Use::DeadPointer, "dead, but index entries may lead here until VACUUM.".to_owned())
        }
        LpFlags::Dead => (
            Use::DeadPointer,
            format!("leads to {len} bytes at byte {off}, whose row is known to be dead."),
        ),
    }
}

/// The bytes that each line pointer leads to, those with storage only.
pub(super) fn stored<'p>(
    page: &Page<'p>,
) -> impl Iterator<Item = (OffsetNumber, ItemId, &'p [u8])> {
    let stored = page.items().filter(|(_, item)| {
        item.lp_len() > 0 && matches!(item.lp_flags(), LpFlags::Normal | LpFlags::Dead)
    });
    let page = *page;
    stored.map(move |(number, item)| {
        let storage = item.storage();
        let end = storage.end.min(u32::try_from(page.bytes().len()).unwrap_or(u32::MAX));
        let bytes = page.slice(storage.start.min(end)..end).unwrap_or_default();
        (number, item, bytes)
    })
}

/// Tuples of which no more is known than where they are.
pub(super) fn storage(page: &Page<'_>, claims: &mut Claims) {
    for (number, item, bytes) in stored(page) {
        unreadable(number, item, bytes, claims);
    }
}

/// Storage that holds nothing that can be read.
pub(super) fn unreadable(number: OffsetNumber, item: ItemId, bytes: &[u8], claims: &mut Claims) {
    claims
        .numbered((Use::Storage, number.0), format!("tuple {number}"), PAGE, item.lp_off().into())
        .field(bytes.len(), "storage", "", "What it holds cannot be told.");
}
