//! Which records are shown. Filters combine: a record has to pass all of them.
use crate::format::wal::rmgr::xact::Xact;
use crate::format::wal::rmgr::{self, Body};
use crate::format::wal::{BlockRef, Record};
use crate::layout::{Dialect, Layout};
use crate::types::{BlockNumber, Fork, RelFileLocator, Xid};
use std::ops::RangeInclusive;

/// `RM_XACT_ID`.
const RM_XACT: u8 = 1;

/// What a record has to be. Nothing set, every record passes.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// One of these types.
    pub types: Option<Types>,
    /// Of one of these transactions, sorted.
    pub xids: Option<Vec<Xid>>,
    /// About one of these relations, sorted.
    pub relations: Option<Vec<RelFileLocator>>,
    /// About one of these blocks.
    pub blocks: Option<RangeInclusive<u32>>,
    /// About this fork.
    pub fork: Option<Fork>,
    /// With a full-page image.
    pub fullpage: bool,
    /// Come by replication from this origin; 0 for those that did not.
    pub origin: Option<u16>,
}

/// Types of records, by resource manager and the bits of xl_info that are its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Types(Vec<(u8, u8)>);

/// A name that no type of record, or no resource manager, has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSuchType {
    /// The manager.
    #[error("resource manager \"{0}\" does not exist")]
    Manager(String),
    /// The type.
    #[error("resource manager {manager} of this major has no records of type \"{name}\"")]
    Type {
        /// The manager.
        manager: String,
        /// What is not one of its types.
        name: String,
        /// Its types.
        known: Vec<&'static str>,
    },
}

impl Types {
    /// Adds what `text` names: a resource manager (`Heap`), or a type of its records
    /// (`Heap/HOT_UPDATE`), with or without `+INIT`. Case does not matter.
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn add(&mut self, text: &str, layout: &Layout) -> Result<(), NoSuchType> {
        let (manager, name) =
            text.split_once('/').map_or((text, None), |(manager, name)| (manager, Some(name)));
        let rmid = (0..=u8::MAX).find(|&rmid| {
            rmgr::is_valid(rmid, layout) && rmgr::name(rmid).eq_ignore_ascii_case(manager)
        });
        let rmid = rmid.ok_or_else(|| NoSuchType::Manager(manager.to_owned()))?;
        let known = || {
            let infos = (0..16_u8).map(|nibble| nibble << 4);
            infos.filter_map(|info| Some((info, rmgr::identify(rmid, info, layout)?)))
        };
        let before = self.0.len();
        match name {
            None => self.0.extend((0..16_u8).map(|nibble| (rmid, nibble << 4))),
            Some(name) => {
                let meant = known().filter(|(_, known)| is_meant(known, name));
                self.0.extend(meant.map(|(info, _)| (rmid, info)));
            }
        }
        if self.0.len() > before {
            return Ok(());
        }
        let mut known: Vec<_> = known().map(|(_, name)| name).collect();
        known.dedup();
        let (manager, name) = (rmgr::name(rmid).into_owned(), name.unwrap_or_default().to_owned());
        Err(NoSuchType::Type { manager, name, known })
    }

    fn has(&self, record: &Record<'_>) -> bool {
        self.0.contains(&(record.header.xl_rmid, record.info()))
    }
}

/// Whether a type is the one that is asked for: `INSERT` is `INSERT+INIT` too.
fn is_meant(known: &str, name: &str) -> bool {
    let plain = known.split_once('+').map_or(known, |(plain, _)| plain);
    known.eq_ignore_ascii_case(name) || plain.eq_ignore_ascii_case(name)
}

impl Filter {
    /// Whether a record is one of those.
    pub fn passes(&self, record: &Record<'_>, dialect: &Dialect) -> bool {
        self.types.as_ref().is_none_or(|types| types.has(record))
            && self.origin.is_none_or(|origin| record.origin.unwrap_or(0) == origin)
            && (!self.is_of_blocks() || record.blocks.iter().any(|block| self.is_meant(block)))
            && (!self.fullpage || record.blocks.iter().any(|block| block.image.is_some()))
            && self.xids.as_ref().is_none_or(|xids| is_of(xids, record, dialect))
    }

    const fn is_of_blocks(&self) -> bool {
        self.relations.is_some() || self.blocks.is_some() || self.fork.is_some()
    }

    /// One reference has to agree with all that is asked (`XLogRecordMatchesRelationBlock`).
    pub(super) fn is_meant(&self, block: &BlockRef<'_>) -> bool {
        self.wants((block.locator, block.fork, block.block))
    }

    /// Whether a block is one of those that are asked for.
    pub fn wants(&self, (locator, fork, block): (RelFileLocator, Fork, BlockNumber)) -> bool {
        let relations = self.relations.as_ref();
        self.fork.is_none_or(|wanted| wanted == fork)
            && self.blocks.as_ref().is_none_or(|blocks| blocks.contains(&block.0))
            && relations.is_none_or(|relations| relations.binary_search(&locator).is_ok())
    }
}

/// Whether a record is of one of the transactions. That which ends a prepared one is, though its xid
/// is another.
fn is_of(xids: &[Xid], record: &Record<'_>, dialect: &Dialect) -> bool {
    let has = |xid: Xid| xids.binary_search(&xid).is_ok();
    if has(record.header.xl_xid) {
        return true;
    }
    if record.header.xl_rmid != RM_XACT {
        return false;
    }
    match Body::parse(record, dialect) {
        Ok(Body::Xact(Xact::Commit(ending) | Xact::Abort(ending))) => {
            ending.twophase_xid.is_some_and(has)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{NoSuchType, Types};
    use crate::layout::PgVersion;

    #[test]
    fn types_are_named_as_pg_waldump_names_them() {
        let layout = PgVersion::V18.layout();
        let mut types = Types::default();
        types.add("heap/insert", layout).unwrap();
        assert_eq!(types, Types(vec![(10, 0x00), (10, 0x80)]));
        types.add("Heap/UPDATE+INIT", layout).unwrap();
        assert_eq!(types.0.last(), Some(&(10, 0xA0)));
        let error = types.add("Heap/NONE", layout).unwrap_err();
        assert!(matches!(error, NoSuchType::Type { known, .. } if known.contains(&"HOT_UPDATE")));
        assert_eq!(types.add("Pile", layout), Err(NoSuchType::Manager("Pile".into())));
        assert!(types.add("custom128", layout).is_ok());
        assert!(types.add("custom128", PgVersion::V12.layout()).is_err());
    }
}
