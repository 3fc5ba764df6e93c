//! BRIN indexes (access/brin_page.h, access/brin_tuple.h; access/brin/brin_revmap.c).
use super::Judge;
use super::items::Also;
use crate::finding::rules;
use crate::format::index::brin::{EVACUATE, Kind, MAGIC, Meta, Summary, flags, revmap};
use crate::format::parse_at;
use crate::types::OffsetNumber;

/// `BRIN_CURRENT_VERSION`.
const VERSION: u32 = 1;
/// `SizeOfBrinTuple`: bytes before the bits of nulls.
const HEADER: usize = 5;

impl Judge<'_, '_> {
    pub(super) fn brin(&mut self) {
        let Some(kind) = Kind::of(self.page) else { return };
        let flags = flags(self.page).unwrap_or(0);
        let meta = self.flags(flags, EVACUATE, kind == Kind::Meta);
        if flags & EVACUATE != 0 && kind != Kind::Regular {
            self.special(format!("being emptied, and a page that is {kind}"));
        }
        match kind {
            _ if meta => self.brin_meta(),
            Kind::Revmap => self.revmap(),
            Kind::Regular => self.items(Also::Unused, Self::summary),
            Kind::Meta | Kind::Unknown(_) => {}
        }
    }

    fn brin_meta(&mut self) {
        let Ok(meta) = Meta::of(self.page) else {
            return self.say(&rules::INDEX_METAPAGE, None, "it is cut off");
        };
        if !meta.has_magic() {
            self.metapage("brinMagic", meta.brinMagic.into(), &MAGIC.to_string());
        } else if meta.brinVersion != VERSION {
            self.metapage("brinVersion", meta.brinVersion.into(), "1");
        } else if meta.pagesPerRange.0 == 0 {
            self.metapage("pagesPerRange", 0, "at least 1");
        }
    }

    /// Entries lead to regular pages: not to the metapage, nor to this one.
    fn revmap(&mut self) {
        for (at, tid) in revmap(self.page).enumerate() {
            // `ItemPointerIsValid`: whatever the block, none is there.
            if tid.offset.0 != 0 && (tid.block.0 == 0 || tid.block == self.known.block) {
                let evidence = format!("entry {at} of the map leads to {tid}, where no summary is");
                self.say(&rules::INDEX_CHILD_LINK, None, evidence);
            }
        }
    }

    fn summary(&mut self, number: OffsetNumber, bytes: &[u8]) {
        let summary = match parse_at(bytes, 0, "BrinTuple", Summary::parse) {
            Ok(summary) => summary,
            Err(error) => return self.tuple(number, error.to_string()),
        };
        let (data, len) = (summary.data_offset(), bytes.len());
        // Two bits for each column.
        let bits = self.known.columns.map_or(1, |columns| (2 * columns).div_ceil(8));
        let least = HEADER + if summary.has_nulls() { bits } else { 0 };
        if data < least || data > len {
            let evidence = format!("its values begin at byte {data}, not from {least} to {len}");
            self.tuple(number, evidence);
        }
    }
}
