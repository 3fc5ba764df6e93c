//! File names of relations: `FILENODE[_fork][.segment]`, and with `tBACKEND_` before it those of
//! temporary ones (common/relpath.c; `parse_filename_for_nontemp_relation`, storage/file/reinit.c;
//! `looks_like_temp_rel_name`, storage/file/fd.c).
use crate::types::{Fork, RelFileNumber};
use std::fmt;

/// What a file name in a database directory says. Displays as that file name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelationFileName {
    /// Of a temporary relation: the backend it belonged to.
    pub backend: Option<u32>,
    /// Filenode, never 0.
    pub number: RelFileNumber,
    /// Fork.
    pub fork: Fork,
    /// Segment, from 0.
    pub segment: u32,
}

impl RelationFileName {
    /// Reads a file name; `None` if the server would not take it for a relation's. There is one
    /// name only for each value, so a leading zero or `.0` makes it another file.
    pub fn parse(name: &str) -> Option<Self> {
        let (backend, name) = match name.strip_prefix('t') {
            None => (None, name),
            Some(rest) => {
                let (backend, rest) = rest.split_once('_')?;
                (Some(if backend == "0" { 0 } else { positive(backend)? }), rest)
            }
        };
        let (name, segment) = match name.split_once('.') {
            None => (name, 0),
            Some((name, segment)) => (name, positive(segment)?),
        };
        let (number, fork) = match name.split_once('_') {
            None => (name, Fork::Main),
            Some((number, _)) => {
                let suffix = name.get(number.len()..)?;
                (number, Fork::ALL.into_iter().find(|fork| fork.suffix() == suffix)?)
            }
        };
        Some(Self { backend, number: RelFileNumber(positive(number)?), fork, segment })
    }
}

/// A decimal number as the server writes it: above 0, no leading zero, no sign.
fn positive(digits: &str) -> Option<u32> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    if plain { digits.parse().ok() } else { None }
}

impl fmt::Display for RelationFileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(backend) = self.backend {
            write!(f, "t{backend}_")?;
        }
        write!(f, "{}{}", self.number, self.fork.suffix())?;
        if self.segment > 0 { write!(f, ".{}", self.segment) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::RelationFileName;
    use crate::types::{Fork, RelFileNumber};

    #[test]
    fn every_name_the_server_writes_is_read_and_written_back() {
        let name = RelationFileName::parse("t12_16390_vm.3").unwrap();
        let parts = (name.backend, name.number, name.fork, name.segment);
        assert_eq!(parts, (Some(12), RelFileNumber(16390), Fork::Vm, 3));
        for text in ["16390", "16390.1", "1259_fsm", "16390_init", "t0_5", "4294967295.131071"] {
            assert_eq!(RelationFileName::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_the_server_would_not_open_is_no_relation_file() {
        for other in [
            "",
            "0",
            "016390",
            "16390.0",
            "16390.01",
            "16390.",
            "16390_",
            "16390_vm_fsm",
            "16390_x",
            "+5",
            "t_5",
            "tx_5",
            "t1_",
            "4294967296",
            "pg_filenode.map",
            "PG_VERSION",
            "16390.1.2",
        ] {
            assert_eq!(RelationFileName::parse(other), None, "{other}");
        }
    }
}
