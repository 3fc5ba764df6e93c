//! Witnesses of the version: PG_VERSION at the top and of each database, and the names of the
//! directories in tablespaces.
use super::{OpenError, Witness};
use crate::finding::{Finding, Findings, Place, rules};
use crate::layout::PgVersion;
use crate::source::{EntryKind, ReadErrorKind, Source};
use std::fmt;

/// A version that some file claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Claim {
    /// One that can be read.
    Known(PgVersion),
    /// A later major.
    Newer(u32),
    /// An earlier major.
    Older(String),
}

impl Claim {
    /// What the content of a PG_VERSION file claims: `18`, or before 10 `9.6`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let major: u32 = text.split('.').next()?.parse().ok()?;
        Some(Self::of_major(major, text))
    }

    fn of_major(major: u32, text: &str) -> Self {
        let newest = PgVersion::ALL.map(PgVersion::major).into_iter().max().unwrap_or(0);
        match u16::try_from(major).ok().and_then(PgVersion::from_major) {
            Some(version) => Self::Known(version),
            None if major > u32::from(newest) => Self::Newer(major),
            None => Self::Older(text.to_owned()),
        }
    }

    /// What the two versions in pg_control claim. Betas and forks change the second, so the first
    /// must do where only one major has it.
    pub(super) fn of_control(control_version: u32, catalog_version: u32) -> Option<Self> {
        let layouts = PgVersion::ALL.map(PgVersion::layout);
        let same: Vec<_> =
            layouts.iter().filter(|layout| layout.control_version == control_version).collect();
        let exact = same.iter().find(|layout| layout.catalog_version == catalog_version);
        match (exact, same.as_slice()) {
            (Some(layout), _) | (None, [layout]) => Some(Self::Known(layout.version)),
            // PG_CONTROL_VERSION has been the major times 100, and something, since 13.
            (None, []) if (1300..100_000).contains(&control_version) => {
                Some(Self::of_major(control_version / 100, &control_version.to_string()))
                    .filter(|claim| matches!(claim, Self::Newer(_)))
            }
            (None, []) if (500..1200).contains(&control_version) => {
                Some(Self::Older(format!("with control version {control_version}")))
            }
            (None, _) => None,
        }
    }

    /// Why that version, claimed by `witness`, is not read.
    pub(super) fn refusal(&self, witness: &str) -> OpenError {
        let witness = witness.to_owned();
        let majors = PgVersion::ALL.map(PgVersion::major);
        let newest = majors.into_iter().max().unwrap_or(0);
        let oldest = majors.into_iter().min().unwrap_or(0);
        match self {
            Self::Newer(major) => OpenError::TooNew { witness, major: *major, newest },
            Self::Older(version) => OpenError::TooOld { witness, version: version.clone(), oldest },
            Self::Known(_) => OpenError::NoVersion { looked_at: witness },
        }
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(version) => write!(f, "{version}"),
            Self::Newer(major) => write!(f, "{major}"),
            Self::Older(version) => f.write_str(version),
        }
    }
}

/// PG_VERSION of the data directory.
pub(super) fn top(source: &Source, findings: &mut Findings) -> Option<Witness> {
    file(source, "PG_VERSION", findings)
}

/// PG_VERSION of each database under `base`.
pub(super) fn databases(source: &Source, findings: &mut Findings) -> Vec<Witness> {
    let entries = source.list("base").unwrap_or_default();
    let databases = entries.iter().filter(|entry| {
        entry.kind == EntryKind::Directory && entry.name.bytes().all(|b| b.is_ascii_digit())
    });
    databases
        .filter_map(|entry| file(source, &format!("base/{}/PG_VERSION", entry.name), findings))
        .collect()
}

fn file(source: &Source, path: &str, findings: &mut Findings) -> Option<Witness> {
    let (content, evidence) = match source.read(path, 64) {
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let evidence = format!("it holds {:?}", text.chars().take(20).collect::<String>());
            (Some(text), evidence)
        }
        Err(error) if matches!(error.kind, ReadErrorKind::TooLarge { .. }) => {
            (None, "it is too large to hold a version number only".to_owned())
        }
        Err(error) => (None, error.kind.to_string()),
    };
    let version = content.as_deref().and_then(Claim::parse);
    if version.is_none() {
        let place = Place::file(path);
        findings.push(Finding::new(&rules::CLUSTER_VERSION_UNREADABLE, place, evidence));
        return None;
    }
    Some(Witness { who: path.to_owned(), version, ..Witness::default() })
}

/// Directories such as `PG_18_202506291` in tablespaces. pg_upgrade leaves those of other majors
/// beside the own one, so a tablespace bears witness only if all its directories agree.
pub(super) fn tablespaces(source: &Source) -> Vec<Witness> {
    let entries = source.list("pg_tblspc").unwrap_or_default();
    let witness = |entry: &crate::source::Entry| {
        let dir = format!("pg_tblspc/{}", entry.name);
        let inside = source.list(&dir).unwrap_or_default();
        let mut claims =
            inside.iter().filter_map(|entry| Some((entry, of_directory(&entry.name)?)));
        let (entry, version) = claims.next()?;
        if claims.any(|(_, other)| other != version) {
            return None;
        }
        let who = format!("{dir}/{}", entry.name);
        Some(Witness { who, version: Some(version), ..Witness::default() })
    };
    entries.iter().filter_map(witness).collect()
}

/// What a directory name `PG_majorversion_catversion` claims
/// (`TABLESPACE_VERSION_DIRECTORY`, common/relpath.h).
fn of_directory(name: &str) -> Option<Claim> {
    let (major, catalog_version) = name.strip_prefix("PG_")?.split_once('_')?;
    catalog_version.parse::<u32>().ok()?;
    Claim::parse(major)
}

/// Forks of PostgreSQL that are known to be read well, and extensions that change how.
pub(super) fn notes(source: &Source, version: PgVersion) -> Vec<String> {
    let mut notes = Vec::new();
    if source.file("ivorysql.conf").is_ok() {
        notes.push(format!(
            "IvorySQL made this cluster: it is read as PostgreSQL {version}, by the columns that its own catalogs record."
        ));
    }
    if source.list("pg_tde").is_ok() {
        notes.push(
            "The extension pg_tde is in use: relations of the access method tde_heap are encrypted and are not read."
                .into(),
        );
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::{Claim, of_directory};
    use crate::layout::PgVersion;

    fn known(major: u16) -> Claim {
        Claim::Known(PgVersion::from_major(major).unwrap())
    }

    #[test]
    fn a_version_is_known_newer_or_older() {
        assert_eq!(Claim::parse("18\n"), Some(known(18)));
        assert_eq!(Claim::parse("9.6\n"), Some(Claim::Older("9.6".into())));
        assert_eq!(Claim::parse("99\n"), Some(Claim::Newer(99)));
        assert_eq!(Claim::parse("\0\0\0"), None);
        assert_eq!(of_directory("PG_18_202506291"), Some(known(18)));
        assert_eq!(of_directory("PG_9.6_201608131"), Some(Claim::Older("9.6".into())));
        assert_eq!(of_directory("pgsql_tmp"), None);
    }

    #[test]
    fn a_control_version_of_several_majors_needs_the_catalog_version() {
        for version in PgVersion::ALL {
            let layout = version.layout();
            let claim = Claim::of_control(layout.control_version, layout.catalog_version);
            assert_eq!(claim, Some(Claim::Known(version)));
        }
        assert_eq!(Claim::of_control(1300, 1), None);
        assert_eq!(Claim::of_control(1800, 1), Some(known(18)));
        assert_eq!(Claim::of_control(9900, 1), Some(Claim::Newer(99)));
        assert!(matches!(Claim::of_control(1100, 1), Some(Claim::Older(_))));
        assert_eq!(Claim::of_control(0, 0), None);
    }
}
