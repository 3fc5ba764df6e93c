//! Names of members: what they become inside the source, and which are refused.
use std::fmt;

/// A member that is listed and never followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The archive it is in, by file name.
    pub archive: String,
    /// Its name as stored; what is not UTF-8 in it is replaced.
    pub name: String,
    /// Why.
    pub why: Refusal,
}

/// Why a member is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// Its name is an absolute path.
    Absolute,
    /// Its name leads upwards by `..`.
    Upwards,
    /// Its name has more levels than any file of a data directory.
    TooDeep,
    /// It is a symbolic link; where it leads.
    SymbolicLink(String),
    /// It is a hard link to what is no file in the archive; where it leads.
    HardLink(String),
    /// It is a device or a FIFO.
    Device,
    /// It is a sparse file, whose holes are not filled in here.
    Sparse,
    /// It is of a type that is not known; the type.
    Unknown(char),
}

/// Levels of directories that a name may have. Data directories need six, and what they are in some.
const DEEPEST: usize = 32;

/// The name inside the source: relative, without `.`; empty for the top of the archive.
pub(super) fn inside(stored: &str) -> Result<String, Refusal> {
    if stored.starts_with('/') {
        return Err(Refusal::Absolute);
    }
    let parts = stored.split('/').filter(|part| !matches!(*part, "" | "."));
    if parts.clone().any(|part| part == "..") {
        return Err(Refusal::Upwards);
    }
    if parts.clone().count() > DEEPEST {
        return Err(Refusal::TooDeep);
    }
    Ok(parts.collect::<Vec<_>>().join("/"))
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absolute => f.write_str("absolute path"),
            Self::Upwards => f.write_str("path that leads upwards"),
            Self::TooDeep => write!(f, "path of more than {DEEPEST} levels"),
            Self::SymbolicLink(target) => write!(f, "symbolic link to {target}"),
            Self::HardLink(target) => write!(f, "hard link to {target}, no file in the archive"),
            Self::Device => f.write_str("device or FIFO"),
            Self::Sparse => {
                f.write_str("sparse file: unpack the archive, or make it without --sparse")
            }
            Self::Unknown(kind) => write!(f, "member of unknown type {kind:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Refusal, inside};

    #[test]
    fn names_stay_inside_or_are_refused() {
        assert_eq!(inside("./base//5/./1259").as_deref(), Ok("base/5/1259"));
        assert_eq!(inside("./").as_deref(), Ok(""));
        assert_eq!(inside("/etc/passwd"), Err(Refusal::Absolute));
        assert_eq!(inside("base/../../etc/passwd"), Err(Refusal::Upwards));
        assert_eq!(inside(&"a/".repeat(33)), Err(Refusal::TooDeep));
    }
}
