//! bloom indexes (contrib/bloom/bloom.h).
use super::{Judge, is_row};
use crate::finding::rules;
use crate::format::index::bloom::{MAGIC, Meta, Opaque, rows};
use crate::types::OffsetNumber;

/// `BLOOM_DELETED` and those below it.
const FLAGS: u16 = 0x0003;
/// Words of 16 bits that the longest signature has (`MAX_BLOOM_LENGTH`).
const MAX_LENGTH: i32 = 256;

impl Judge<'_, '_> {
    pub(super) fn bloom(&mut self) {
        let Ok(opaque) = Opaque::of(self.page) else { return };
        if self.flags(opaque.flags, FLAGS, opaque.is_meta()) {
            return self.bloom_meta();
        }
        if opaque.is_deleted() {
            return;
        }
        let rows = rows(self.page, &opaque);
        if rows.len() != usize::from(opaque.maxoff) {
            let room = self.page.header().pd_lower;
            self.special(format!("maxoff {}, which do not fit before byte {room}", opaque.maxoff));
        }
        for (at, row) in (1..).zip(rows) {
            if !is_row(row.heap_ptr) {
                let evidence = format!("leads to {}, which is no row", row.heap_ptr);
                self.tuple(OffsetNumber(at), evidence);
            }
        }
    }

    fn bloom_meta(&mut self) {
        let Ok(meta) = Meta::of(self.page) else {
            return self.say(&rules::INDEX_METAPAGE, None, "it is cut off");
        };
        let length = u64::from(meta.bloomLength.cast_unsigned());
        if !meta.has_magic() {
            self.metapage("magickNumber", meta.magickNumber.into(), &MAGIC.to_string());
        } else if !(1..=MAX_LENGTH).contains(&meta.bloomLength) {
            self.metapage("bloomLength", length, "1 to 256");
        }
    }
}
