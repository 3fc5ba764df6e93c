//! What descriptions of Heap and Heap2 share (access/rmgrdesc/heapdesc.c).
use crate::format::wal::rmgr::Desc;
use crate::layout::wal::HeapWords;
use std::fmt;

/// `XLHL_*` (access/heapam_xlog.h), by their bits.
const INFOBITS: [(u8, &str); 5] = [
    (0x01, "IS_MULTI"),
    (0x02, "LOCK_ONLY"),
    (0x04, "EXCL_LOCK"),
    (0x08, "KEYSHR_LOCK"),
    (0x10, "KEYS_UPDATED"),
];

/// Writes the names of the bits: to 15 each with a space after it (`out_infobits`), from 16 as an
/// array (`infobits_desc`).
#[inline]
pub(in super::super) fn infobits(words: HeapWords, bits: u8, out: &mut Desc<'_>) -> fmt::Result {
    let mut set = INFOBITS.iter().filter(|(bit, _)| bits & bit != 0);
    match words {
        HeapWords::Prose => set.try_for_each(|(_, name)| {
            out.text(name)?;
            out.text(" ")
        }),
        HeapWords::Keyed => {
            out.text("[")?;
            for (at, (_, name)) in set.enumerate() {
                out.text(if at == 0 { "" } else { ", " })?;
                out.text(name)?;
            }
            out.text("]")
        }
    }
}
