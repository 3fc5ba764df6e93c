//! Where a finding is: in terms of files and in terms of PostgreSQL, as far as both are known.
use crate::types::{BlockNumber, Fork, Lsn, OffsetNumber, TimelineId};
use serde::Serialize;
use std::fmt;

/// A place. Every field is optional; fill in all that is known, names included.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Place {
    /// File, relative to the data directory, with `/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Byte offset in that file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte: Option<u64>,
    /// Qualified name of the relation (`db.schema.table`), of the database, slot, transaction …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// Fork of the relation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fork: Option<Fork>,
    /// Block of the fork, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<BlockNumber>,
    /// Line pointer on the page, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<OffsetNumber>,
    /// Timeline of `lsn`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeline: Option<TimelineId>,
    /// Position in WAL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lsn: Option<Lsn>,
}

impl Place {
    /// A file, relative to the data directory.
    pub fn file(path: impl Into<String>) -> Self {
        Self { file: Some(path.into()), ..Self::default() }
    }

    /// An object by name, in no one file.
    pub fn object(name: impl Into<String>) -> Self {
        Self { object: Some(name.into()), ..Self::default() }
    }
}

/// `lab.public.t block 3 (3,7) in base/16384/16390 at byte 24576`, without what is not known.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        parts.extend(self.object.clone());
        parts.extend(
            self.fork.filter(|&fork| fork != Fork::Main).map(|fork| format!("fork {fork}")),
        );
        match (self.block, self.offset) {
            (Some(block), Some(offset)) => parts.push(format!("tuple ({block},{offset})")),
            (Some(block), None) => parts.push(format!("block {block}")),
            (None, Some(offset)) => parts.push(format!("line pointer {offset}")),
            (None, None) => {}
        }
        match (self.timeline, self.lsn) {
            (Some(timeline), Some(lsn)) => parts.push(format!("LSN {lsn} on timeline {timeline}")),
            (None, Some(lsn)) => parts.push(format!("LSN {lsn}")),
            (Some(timeline), None) => parts.push(format!("timeline {timeline}")),
            (None, None) => {}
        }
        match (&self.file, parts.is_empty()) {
            (Some(file), true) => parts.push(file.clone()),
            (Some(file), false) => parts.push(format!("in {file}")),
            (None, _) => {}
        }
        parts.extend(self.byte.map(|byte| format!("at byte {byte}")));
        f.write_str(&parts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::Place;
    use crate::types::{BlockNumber, OffsetNumber};

    #[test]
    fn a_place_says_all_that_is_known() {
        let place = Place {
            object: Some("lab.public.t".into()),
            block: Some(BlockNumber(3)),
            offset: Some(OffsetNumber(7)),
            byte: Some(24576),
            ..Place::file("base/16384/16390")
        };
        let text = "lab.public.t tuple (3,7) in base/16384/16390 at byte 24576";
        assert_eq!(place.to_string(), text);
        assert_eq!(Place::file("global/pg_control").to_string(), "global/pg_control");
    }
}
