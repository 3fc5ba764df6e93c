use super::sound::at_first_sight;
use super::{Known, Scratch, Shape, judge_closely};
use crate::analysis::visibility::{Members, Transactions, Updater};
use crate::cluster::TxStatus;
use crate::format::heap::Attr;
use crate::format::page::Page;
use crate::layout::catalog::Align;
use crate::types::{BlockNumber, FullXid, MultiXactId, Xid};

/// Transactions up to 100 committed, up to 200 aborted, the others are in progress.
struct Story;

impl Transactions for Story {
    fn status(&self, xid: Xid) -> TxStatus {
        match xid.0 {
            0..=100 => TxStatus::Committed,
            101..=200 => TxStatus::Aborted,
            _ => TxStatus::InProgress,
        }
    }

    fn members(&self, multi: MultiXactId) -> Members {
        Members { updater: Updater::Xid(Xid(multi.0)), oldest: None }
    }
}

#[derive(Clone, Copy)]
enum Item {
    Raw(u32),
    Tuple { xmin: u32, xmax: u32, next: u16, infomask2: u16, infomask: u16 },
}

const UPDATED: u16 = 0x2000;
const HOT: u16 = 0x4000;
const ONLY: u16 = 0x8000;

fn redirect(to: u32) -> Item {
    Item::Raw(to | 2 << 15)
}

fn normal(off: u32, len: u32) -> Item {
    Item::Raw(off | 1 << 15 | (len << 17))
}

/// A committed row that nothing happened to.
fn row(infomask2: u16, infomask: u16) -> Item {
    Item::Tuple { xmin: 5, xmax: 0, next: 0, infomask2, infomask: infomask | 0x0900 }
}

fn updated(xmin: u32, xmax: u32, next: u16, infomask2: u16) -> Item {
    Item::Tuple { xmin, xmax, next, infomask2, infomask: UPDATED | 0x0100 }
}

/// A page of block 7 with these items; tuples have one attribute and 32 bytes, from the end down.
fn page(items: &[Item]) -> Vec<u8> {
    let mut page = vec![0; 8192];
    let mut upper = 8192;
    for (number, item) in (1_u16..).zip(items) {
        let word = match *item {
            Item::Raw(word) => word,
            Item::Tuple { xmin, xmax, next, infomask2, infomask } => {
                upper -= 32;
                let next = if next == 0 { number } else { next };
                let tuple = &mut page[upper..upper + 32];
                tuple[0..4].copy_from_slice(&xmin.to_le_bytes());
                tuple[4..8].copy_from_slice(&xmax.to_le_bytes());
                tuple[14..16].copy_from_slice(&7_u16.to_le_bytes());
                tuple[16..18].copy_from_slice(&next.to_le_bytes());
                tuple[18..20].copy_from_slice(&(infomask2 | 1).to_le_bytes());
                tuple[20..22].copy_from_slice(&infomask.to_le_bytes());
                tuple[22] = 24;
                u32::try_from(upper).unwrap() | 1 << 15 | 28 << 17
            }
        };
        let at = 20 + usize::from(number) * 4;
        page[at..at + 4].copy_from_slice(&word.to_le_bytes());
    }
    let lower = u16::try_from(24 + items.len() * 4).unwrap();
    let words = [(6, lower), (7, u16::try_from(upper).unwrap()), (8, 8192), (9, 0x2004)];
    for (word, value) in words {
        page.as_chunks_mut().0[word] = value.to_le_bytes();
    }
    page
}

const INT4: Attr = Attr { len: 4, align: Align::Int, by_val: true };
const TEXT: Attr = Attr { len: -1, align: Align::Int, by_val: false };
const CSTRING: Attr = Attr { len: -2, align: Align::Char, by_val: false };

/// What is found in a table of three integers: line pointer, rule, PostgreSQL's words or else the
/// evidence.
fn findings(bytes: &[u8]) -> Vec<(u16, &'static str, String)> {
    findings_in(bytes, &Shape::new(vec![INT4; 3], false))
}

fn findings_in(bytes: &[u8], shape: &Shape) -> Vec<(u16, &'static str, String)> {
    let known = Known {
        block: BlockNumber(7),
        transactions: &Story,
        next_xid: Some(FullXid(1000)),
        shape: Some(shape),
    };
    let mut all = Vec::new();
    let page = Page::parse(bytes).unwrap();
    judge_closely(&page, &known, &mut Scratch::default(), &mut |offset, finding| {
        let words = finding.postgres_says.unwrap_or(finding.evidence);
        all.push((offset.map_or(0, |offset| offset.0), finding.rule.id, words));
    });
    assert!(all.is_empty() || !at_first_sight(&page, &known), "missed at first sight: {all:?}");
    all
}

#[track_caller]
fn one(items: &[Item], number: u16, rule: &str, words: &str) {
    let found = findings(&page(items));
    let found: Vec<_> = found.iter().map(|(n, rule, words)| (*n, *rule, words.as_str())).collect();
    assert_eq!(found, [(number, rule, words)]);
}

#[test]
fn sound_chains_give_nothing() {
    let chain = [redirect(2), updated(4, 6, 3, HOT | ONLY), updated(6, 0, 0, ONLY)];
    assert_eq!(findings(&page(&chain)), []);
    // The update was rolled back, and its line pointer given to another row.
    let rolled_back = [updated(4, 150, 2, HOT), row(0, 0)];
    assert_eq!(findings(&page(&rolled_back)), []);
    // A version of an update that is still open, or was, when the server was killed.
    assert_eq!(findings(&page(&[updated(300, 0, 0, ONLY)])), []);
    assert_eq!(findings(&page(&[row(0, 0), row(0, 0), Item::Raw(0), Item::Raw(3 << 15)])), []);
    // Out of order, as after pruning.
    let mut swapped = page(&[row(0, 0), row(0, 0)]);
    let (first, second) = swapped[24..32].split_at_mut(4);
    first.swap_with_slice(second);
    swapped[8160 + 16] = 1;
    assert_eq!(findings(&swapped).len(), 0);
}

#[test]
fn line_pointers() {
    let id = "heap.line-pointer-range";
    let says =
        "line pointer to page offset 8184 with length 32 ends beyond maximum page offset 8192";
    one(&[row(0, 0), normal(8184, 32)], 2, id, says);
    one(&[row(0, 0), normal(4000, 32)], 2, id, "corrupted line pointer: 4000");
    let says = "line pointer to page offset 8161 is not maximally aligned";
    one(&[row(0, 0), normal(8161, 28)], 2, "heap.line-pointer-alignment", says);
    let says = "line pointer length 8 is less than the minimum tuple header size 24";
    one(&[row(0, 0), normal(8184, 8)], 2, "heap.line-pointer-length", says);
    let words = "bytes 8160..8188 overlap bytes 8160..8188 of line pointer 1";
    one(&[row(0, 0), normal(8160, 28)], 2, "heap.line-pointer-overlap", words);
}

#[test]
fn redirects() {
    let id = "heap.redirect-target";
    let says = "line pointer redirection to item at offset 0 precedes minimum offset 1";
    one(&[row(0, 0), redirect(0)], 2, id, says);
    let says = "line pointer redirection to item at offset 9 exceeds maximum offset 2";
    one(&[row(0, 0), redirect(9)], 2, id, says);
    let says = "redirected line pointer points to an unused item at offset 1";
    one(&[Item::Raw(0), redirect(1)], 2, id, says);
    let says = "redirected line pointer points to a dead item at offset 1";
    one(&[Item::Raw(3 << 15), redirect(1)], 2, id, says);
    let says = "redirected line pointer points to another redirected line pointer at offset 1";
    one(&[redirect(1)], 1, id, says);
    let says = "redirected line pointer points to a non-heap-only tuple at offset 1";
    one(&[row(0, 0), redirect(1)], 2, id, says);
}

#[test]
fn headers() {
    let mut bytes = page(&[row(0, 0)]);
    bytes[8160 + 22] = 32;
    let words = [
        "data begins at offset 32 beyond the tuple length 28",
        "tuple data should begin at byte 24, but actually begins at byte 32 (1 attribute, no nulls)",
    ];
    let found = findings(&bytes);
    assert!(found.iter().all(|(_, rule, _)| *rule == "heap.tuple-data-offset"));
    assert_eq!(found.iter().map(|(.., words)| words).collect::<Vec<_>>(), words);

    let says = "number of attributes 1601 exceeds maximum expected for table 3";
    one(&[row(1600, 0)], 1, "heap.tuple-attributes", says);
    let says = "multixact should not be marked committed";
    one(&[row(0, 0x1400)], 1, "heap.tuple-flags", says);
    let says = "tuple has been HOT updated, but xmax is 0";
    one(&[updated(5, 0, 0, HOT)], 1, "heap.tuple-flags", says);
    let ahead = Item::Tuple { xmin: 1000, xmax: 0, next: 0, infomask2: 0, infomask: 0x0800 };
    let says = "xmin 1000 equals or exceeds next valid transaction ID 0:1000";
    one(&[ahead], 1, "heap.xid-in-future", says);
}

/// What is wrong with the values of a row of these columns, the first one an integer.
fn values(attrs: &[Attr], infomask: u16, toast: bool, data: &[u8]) -> Vec<String> {
    let mut bytes = page(&[]);
    let (len, natts) = (24 + data.len(), u16::try_from(attrs.len()).unwrap());
    let at = (8192 - len) / 8 * 8;
    bytes[14..16].copy_from_slice(&u16::try_from(at).unwrap().to_le_bytes());
    bytes[12] = 28;
    let item = u32::try_from(at | 1 << 15 | len << 17).unwrap();
    bytes[24..28].copy_from_slice(&item.to_le_bytes());
    let tuple = &mut bytes[at..at + len];
    tuple[0] = 5;
    tuple[14] = 7;
    tuple[16] = 1;
    tuple[18..20].copy_from_slice(&natts.to_le_bytes());
    tuple[20..22].copy_from_slice(&(infomask | 0x0900).to_le_bytes());
    tuple[22] = 24;
    tuple[24..].copy_from_slice(data);
    // The block number's high half comes first.
    tuple[12..16].copy_from_slice(&[0, 0, 7, 0]);
    let found = findings_in(&bytes, &Shape::new(attrs.to_vec(), toast));
    found.into_iter().map(|(_, rule, words)| format!("{rule}: {words}")).collect()
}

/// A TOAST pointer of value 77.
fn toast_pointer(tag: u8, raw: i32, extinfo: u32) -> Vec<u8> {
    let words = [raw.cast_unsigned(), extinfo, 77, 78].map(u32::to_le_bytes);
    [&[1, 0, 0, 0, 1, tag][..], &words.concat()].concat()
}

#[test]
fn values_that_fit() {
    assert_eq!(
        values(&[INT4, TEXT, INT4], 2, false, &[1, 0, 0, 0, 5, b'a', 0, 0, 2, 0, 0, 0]),
        [""; 0]
    );
    assert_eq!(values(&[INT4, CSTRING], 2, false, &[1, 0, 0, 0, b'a', 0]), [""; 0]);
    assert_eq!(values(&[INT4, TEXT], 6, true, &toast_pointer(18, 5000, 4996)), [""; 0]);
    assert_eq!(values(&[INT4, TEXT], 6, true, &toast_pointer(18, 5000, 100 + (1 << 30))), [""; 0]);
    // A null, and a compressed value in place.
    assert_eq!(values(&[INT4, TEXT], 2, false, &[1, 0, 0, 0, 34, 0, 0, 0, 9, 0, 0, 0]), [""; 0]);
}

#[test]
fn values_that_do_not() {
    let one = |attrs: &[Attr], infomask, toast, data: &[u8], words: &str| {
        assert_eq!(values(attrs, infomask, toast, data), [words.to_owned()]);
    };
    let says =
        "heap.value-length: attribute with length 4 ends at offset 32 beyond total tuple length 30";
    one(&[INT4, INT4], 0, false, &[1, 0, 0, 0, 2, 0], says);
    let says = "heap.value-length: attribute with length 4294967295 ends at offset 91 beyond total tuple length 30";
    one(&[INT4, TEXT], 2, false, &[1, 0, 0, 0, 127, 0], says);
    let words = "heap.value-length: column 2: it begins at byte 28 of 30, which leaves no room for its length";
    one(&[INT4, TEXT], 2, false, &[1, 0, 0, 0, 24, 0], words);
    let words = "heap.value-length: column 2: it claims 3 bytes, fewer than its own header has";
    one(&[INT4, TEXT], 2, false, &[1, 0, 0, 0, 12, 0, 0, 0], words);
    let says = "heap.value-length: attribute with length 4294967294 ends at offset 31 beyond total tuple length 30";
    one(&[INT4, CSTRING], 2, false, &[1, 0, 0, 0, b'a', b'b'], says);

    let says = "heap.toast-pointer: toasted attribute has unexpected TOAST tag 1";
    one(&[INT4, TEXT], 6, true, &toast_pointer(1, 5000, 4996), says);
    let says = "heap.toast-pointer: toast value 77 rawsize 1073741824 exceeds limit 1073741823";
    one(&[INT4, TEXT], 6, true, &toast_pointer(18, 1 << 30, (1 << 30) - 1), says);
    let says = "heap.toast-pointer: toast value 77 has invalid compression method id 2";
    one(&[INT4, TEXT], 6, true, &toast_pointer(18, 5000, 100 + (2 << 30)), says);
    let says = "heap.toast-pointer: toast value 77 is external but tuple header flag HEAP_HASEXTERNAL not set";
    one(&[INT4, TEXT], 2, true, &toast_pointer(18, 5000, 4996), says);
    let says = "heap.toast-pointer: toast value 77 is external but relation has no toast relation";
    one(&[INT4, TEXT], 6, false, &toast_pointer(18, 5000, 4996), says);
}

#[test]
fn chains() {
    let says = "tuple is root of chain but is marked as heap-only tuple";
    one(&[updated(6, 0, 0, ONLY)], 1, "heap.heap-only-root", says);
    let says = "redirect line pointer points to offset 1, but offset 2 also points there";
    let two = [updated(6, 0, 0, ONLY), redirect(1), redirect(1)];
    one(&two, 3, "heap.chain-intersection", says);
    let says = "tuple points to new version at offset 1, but offset 2 also points there";
    let two = [updated(6, 0, 0, ONLY), updated(4, 6, 1, HOT), updated(4, 6, 1, HOT)];
    one(&two, 3, "heap.chain-intersection", says);
    let says = "heap-only update produced a non-heap only tuple at offset 2";
    one(&[updated(4, 6, 2, HOT), updated(6, 0, 0, 0)], 1, "heap.chain-flags", says);
    let says = "non-heap-only update produced a heap-only tuple at offset 2";
    one(&[updated(4, 6, 2, 0), updated(6, 0, 0, ONLY)], 1, "heap.chain-flags", says);
    let says = "tuple with aborted xmin 150 was updated to produce a tuple at offset 2 with committed xmin 6";
    one(&[updated(150, 6, 2, HOT), updated(6, 0, 0, ONLY)], 1, "heap.chain-aborted", says);
    let words = "updated by 6, which committed; t_ctid is (7,2), where no tuple of it is";
    one(&[updated(4, 6, 2, HOT), Item::Raw(0)], 1, "heap.chain-broken", words);
    let circle = [updated(4, 6, 2, HOT | ONLY), updated(6, 4, 1, HOT | ONLY)];
    one(&circle, 1, "heap.chain-cycle", "a circle of 2 line pointers");
}

#[test]
fn a_special_space_is_not_of_a_table() {
    let mut bytes = page(&[row(0, 0)]);
    bytes[16..18].copy_from_slice(&8184_u16.to_le_bytes());
    assert!(findings(&bytes).iter().any(|(_, rule, _)| *rule == "heap.special-space"));
}

#[test]
fn no_bytes_make_it_panic_or_loop() {
    let mut bytes = page(&[row(0, 0), redirect(1), updated(4, 6, 1, HOT)]);
    let mut state = 0x9e37_79b9_u32;
    for _ in 0..20_000 {
        for _ in 0..4 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = (state >> 8) as usize % if state & 1 == 0 { 64 } else { 8192 };
            bytes[at] = (state >> 24) as u8;
        }
        let _ = findings(&bytes);
    }
}
