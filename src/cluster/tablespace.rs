//! Tablespaces: where the files of the relations in them are (catalog/storage.c, common/relpath.c).
//!
//! Each cluster keeps its files in a directory of its own in the tablespace, named for its major and
//! its catalog version (`TABLESPACE_VERSION_DIRECTORY`), so that two can share one.
use crate::finding::{Finding, Findings, Place, rules};
use crate::layout::PgVersion;
use crate::source::{EntryKind, LinkState, Source, TablespaceLink};
use crate::types::Oid;

/// A tablespace other than pg_default and pg_global.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tablespace {
    /// What pg_tblspc says of it.
    pub link: TablespaceLink,
    /// This cluster's directory in it, such as `pg_tblspc/16391/PG_18_202506291`, if it is there.
    pub directory: Option<String>,
    /// Names of other clusters' directories in it.
    pub others: Vec<String>,
}

/// The tablespaces of a cluster, sorted by oid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tablespaces(Vec<Tablespace>);

impl Tablespaces {
    /// Finds the directories of a cluster of this major and this catalog version (pg_control's, or
    /// the major's own if that is not known), and says which tablespaces are out of reach.
    pub fn discover(
        source: &Source,
        version: PgVersion,
        catalog_version: u32,
        findings: &mut Findings,
    ) -> Self {
        let wanted = format!("PG_{version}_{catalog_version}");
        let all = source.tablespace_links().iter().map(|link| look(source, link, &wanted));
        let all: Vec<_> = all.collect();
        all.iter().flat_map(|tablespace| judge(tablespace, &wanted)).for_each(|finding| {
            findings.push(finding);
        });
        Self(all)
    }

    /// All of them.
    pub fn all(&self) -> &[Tablespace] {
        &self.0
    }

    /// The directory that holds the relations of one database in one tablespace, such as `base/5`.
    /// `None` if the tablespace is unknown or its files are out of reach.
    pub fn directory(&self, tablespace: Oid, database: Oid) -> Option<String> {
        match tablespace {
            Oid::GLOBAL_TABLESPACE => Some("global".to_owned()),
            Oid::DEFAULT_TABLESPACE => Some(format!("base/{database}")),
            oid => {
                let found = self.0.iter().find(|tablespace| tablespace.link.oid == oid)?;
                Some(format!("{}/{database}", found.directory.as_ref()?))
            }
        }
    }
}

fn look(source: &Source, link: &TablespaceLink, wanted: &str) -> Tablespace {
    let path = format!("pg_tblspc/{}", link.oid);
    let entries = source.list(&path).unwrap_or_default().into_iter();
    let of_cluster =
        entries.filter(|entry| entry.kind == EntryKind::Directory && entry.name.starts_with("PG_"));
    let (own, others): (Vec<_>, Vec<_>) =
        of_cluster.map(|entry| entry.name).partition(|name| name == wanted);
    let directory = own.first().map(|name| format!("{path}/{name}"));
    Tablespace { link: link.clone(), directory, others }
}

fn judge(tablespace: &Tablespace, wanted: &str) -> Vec<Finding> {
    let TablespaceLink { oid, target, state } = &tablespace.link;
    let place = || Place {
        object: Some(format!("tablespace {oid}")),
        ..Place::file(format!("pg_tblspc/{oid}"))
    };
    if *state == LinkState::Missing {
        let target = target.as_deref().map(|target| target.display().to_string());
        let evidence = target.map_or_else(
            || "is no directory".to_owned(),
            |target| format!("leads to {target}, which is not there"),
        );
        return vec![Finding::new(&rules::TABLESPACE_MISSING, place(), evidence)];
    }
    let others = tablespace.others.join(", ");
    if tablespace.directory.is_none() {
        let found = if others.is_empty() { "nothing like it".to_owned() } else { others };
        let evidence = format!("has no {wanted}, but {found}");
        return vec![Finding::new(&rules::TABLESPACE_NO_VERSION_DIRECTORY, place(), evidence)];
    }
    if others.is_empty() {
        return Vec::new();
    }
    let evidence = format!("also holds {others}");
    vec![Finding::new(&rules::TABLESPACE_OTHER_VERSION, place(), evidence)]
}

#[cfg(test)]
mod tests {
    use super::Tablespaces;
    use crate::finding::Findings;
    use crate::layout::PgVersion;
    use crate::source::{Options, Quiet, Source};
    use crate::types::Oid;
    use std::fs::create_dir_all;

    #[test]
    fn of_several_directories_the_clusters_own_is_taken() {
        let dir = tempfile::tempdir().unwrap();
        for path in [
            "global",
            "pg_tblspc/16391/PG_18_202506291/5",
            "pg_tblspc/16391/PG_17_202406281",
            "pg_tblspc/16392/PG_17_202406281",
            "pg_tblspc/16393",
        ] {
            create_dir_all(dir.path().join(path)).unwrap();
        }
        std::os::unix::fs::symlink("/srv/gone", dir.path().join("pg_tblspc/16394")).unwrap();
        let source = Source::open(dir.path(), &Options::default(), &Quiet).unwrap();
        let (version, mut findings) = (PgVersion::from_major(18).unwrap(), Findings::default());
        let found = Tablespaces::discover(&source, version, 202_506_291, &mut findings);
        let path = |tablespace| found.directory(Oid(tablespace), Oid(5));
        assert_eq!(path(16391).as_deref(), Some("pg_tblspc/16391/PG_18_202506291/5"));
        assert_eq!((path(16392), path(16393), path(16394)), (None, None, None));
        assert_eq!(path(1663).as_deref(), Some("base/5"));
        assert_eq!(path(1664).as_deref(), Some("global"));
        let said: Vec<_> = findings.by_rule().iter().flat_map(|of| of.kept.clone()).collect();
        let said: Vec<_> = said.iter().map(|f| format!("{} {}", f.rule.id, f.evidence)).collect();
        let expected = [
            "tablespace.no-version-directory has no PG_18_202506291, but PG_17_202406281",
            "tablespace.no-version-directory has no PG_18_202506291, but nothing like it",
            "tablespace.missing leads to /srv/gone, which is not there",
            "tablespace.other-version also holds PG_17_202406281",
        ];
        assert_eq!(said, expected);
    }
}
