//! Hash indexes (`_hash_checkpage`, access/hash/hashutil.c; access/hash.h).
use super::Judge;
use super::items::Also;
use crate::finding::rules;
use crate::format::index::hash::{Kind, MAGIC, Meta, Opaque, hash_value};
use crate::format::page::HEADER_SIZE;
use crate::format::parse_at;
use crate::types::BlockNumber;

/// `LH_PAGE_HAS_DEAD_TUPLES` and those below it.
const FLAGS: u16 = 0x00FF;
/// `LH_BUCKET_BEING_POPULATED`, `LH_BUCKET_BEING_SPLIT`, `LH_BUCKET_NEEDS_SPLIT_CLEANUP`.
const OF_BUCKET: u16 = 0x0070;
/// `InvalidBucket`.
const NO_BUCKET: u32 = u32::MAX;
/// `HASH_VERSION`.
const VERSION: u32 = 4;

impl Judge<'_, '_> {
    pub(super) fn hash(&mut self) {
        let Ok(opaque) = Opaque::of(self.page) else { return };
        let kind = opaque.kind();
        let meta = self.flags(opaque.hasho_flag, FLAGS, kind == Kind::Meta);
        self.hash_special(&opaque);
        if meta {
            return self.hash_meta();
        }
        if !matches!(kind, Kind::Bucket | Kind::Overflow) {
            return;
        }
        let mut before = 0;
        self.index_tuples(Also::Dead, |judge, number, tuple| {
            if tuple.has_nulls() {
                return judge.tuple(number, "has nulls, which no hash value is");
            }
            match parse_at(tuple.bytes(), 0, "hash value", hash_value) {
                Err(error) => judge.tuple(number, error.to_string()),
                Ok(value) => {
                    if value < before {
                        let evidence = format!("hash value {value} behind {before}");
                        judge.tuple(number, evidence);
                    }
                    before = value;
                }
            }
            judge.row(number, tuple.t_tid);
        });
    }

    fn hash_special(&mut self, opaque: &Opaque) {
        let (kind, flags) = (opaque.kind(), opaque.hasho_flag);
        let bucket = opaque.hasho_bucket;
        if flags & OF_BUCKET != 0 && kind != Kind::Bucket {
            self.special(format!(
                "flags {flags:#06x} of a bucket's first page on a page that is {kind}"
            ));
        }
        match kind {
            Kind::Bucket | Kind::Overflow if bucket == NO_BUCKET => {
                self.special(format!("a page that is {kind}, and of no bucket"));
            }
            Kind::Meta | Kind::Bitmap if bucket != NO_BUCKET => {
                self.special(format!("a page that is {kind}, and of bucket {bucket}"));
            }
            _ => {}
        }
        if matches!(kind, Kind::Bucket | Kind::Overflow) {
            self.sibling("hasho_nextblkno", opaque.hasho_nextblkno, BlockNumber::INVALID);
        }
        if kind == Kind::Overflow {
            let before = opaque.hasho_prevblkno;
            self.sibling("hasho_prevblkno", before, BlockNumber::INVALID);
            if before == BlockNumber::INVALID {
                self.special("an overflow page behind no page");
            }
        }
    }

    fn hash_meta(&mut self) {
        let Ok(meta) = Meta::of(self.page) else {
            return self.say(&rules::INDEX_METAPAGE, None, "it is cut off");
        };
        // What a bitmap page has room for, as a power of two of bits.
        let special = usize::from(self.page.header().pd_special);
        let room = special.saturating_sub(HEADER_SIZE) as u64;
        let (high, low) = (meta.hashm_highmask, meta.hashm_lowmask);
        let mapp = meta.hashm_mapp.len() as u64;
        if !meta.has_magic() {
            self.metapage("hashm_magic", meta.hashm_magic.into(), &MAGIC.to_string());
        } else if meta.hashm_version != VERSION {
            self.metapage("hashm_version", meta.hashm_version.into(), "4");
        } else if u64::from(meta.hashm_bmsize) > room || !meta.hashm_bmsize.is_power_of_two() {
            let expected = format!("a power of two, at most {room}");
            self.metapage("hashm_bmsize", meta.hashm_bmsize.into(), &expected);
        } else if !(low..=high).contains(&meta.hashm_maxbucket) || low != high >> 1 {
            let expected = format!("from lowmask {low} to highmask {high}, twice as large");
            self.metapage("hashm_maxbucket", meta.hashm_maxbucket.into(), &expected);
        } else if meta.hashm_ovflpoint as usize >= meta.hashm_spares.len() {
            let expected = format!("less than {}", meta.hashm_spares.len());
            self.metapage("hashm_ovflpoint", meta.hashm_ovflpoint.into(), &expected);
        } else if u64::from(meta.hashm_nmaps) > mapp {
            self.metapage("hashm_nmaps", meta.hashm_nmaps.into(), &format!("at most {mapp}"));
        }
    }
}
