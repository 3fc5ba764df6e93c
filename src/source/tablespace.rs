//! Tablespaces as the files know them: `pg_tblspc/OID`, a link, a directory, or an archive.
use super::directory::Directory;
use super::{Entry, EntryKind, Refusal, Refused};
use crate::types::Oid;
use std::path::{Path, PathBuf};

/// One name in pg_tblspc that is an oid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TablespaceLink {
    /// The tablespace.
    pub oid: Oid,
    /// Where the link leads, as recorded.
    pub target: Option<PathBuf>,
    /// Whether its files are within reach.
    pub state: LinkState,
}

/// Whether a tablespace's files are within reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkState {
    /// A symbolic link to a directory.
    Linked,
    /// A directory in pg_tblspc: `allow_in_place_tablespaces`, or a copy that followed links.
    InPlace,
    /// An archive of its own, by its path.
    Archive(PathBuf),
    /// Elsewhere, as the options say.
    Remapped(PathBuf),
    /// Nowhere to be found.
    Missing,
}

/// The tablespaces of a data directory on disk, sorted by oid.
pub(super) fn of_directory(directory: &Directory) -> Vec<TablespaceLink> {
    let entries = directory.list("pg_tblspc", "pg_tblspc").unwrap_or_default();
    let mut links: Vec<_> = entries
        .iter()
        .filter_map(|entry| {
            let oid = oid(&entry.name)?;
            let target = directory.link_target(&format!("pg_tblspc/{}", entry.name));
            let state = match (entry.kind, &target) {
                (EntryKind::Directory, Some(_)) => LinkState::Linked,
                (EntryKind::Directory, None) => LinkState::InPlace,
                _ => LinkState::Missing,
            };
            Some(TablespaceLink { oid, target, state })
        })
        .collect();
    links.sort_by_key(|link| link.oid);
    links
}

/// The tablespaces of a data directory in an archive: directories, links (by the refused members'
/// names below the data directory), and what tablespace_map lists.
pub(super) fn of_archive<'a>(
    entries: &[Entry],
    refused: impl Iterator<Item = (&'a str, &'a Refused)>,
    map: Vec<(Oid, String)>,
) -> Vec<TablespaceLink> {
    let mut links: Vec<TablespaceLink> = Vec::new();
    let mut add = |oid, target, state| match links.iter_mut().find(|link| link.oid == oid) {
        Some(known) => known.target = known.target.take().or(target),
        None => links.push(TablespaceLink { oid, target, state }),
    };
    for entry in entries.iter().filter(|entry| entry.kind == EntryKind::Directory) {
        if let Some(oid) = oid(&entry.name) {
            add(oid, None, LinkState::InPlace);
        }
    }
    for (below, refused) in refused {
        let oid = below.strip_prefix("pg_tblspc/").and_then(oid);
        if let (Some(oid), Refusal::SymbolicLink(target)) = (oid, &refused.why) {
            add(oid, Some(PathBuf::from(target)), LinkState::Missing);
        }
    }
    for (oid, target) in map {
        add(oid, Some(PathBuf::from(target)), LinkState::Missing);
    }
    links.sort_by_key(|link| link.oid);
    links
}

/// The oid that a name in pg_tblspc, or an archive's name, is.
pub(super) fn oid(name: &str) -> Option<Oid> {
    let digits = !name.starts_with('0') && name.bytes().all(|byte| byte.is_ascii_digit());
    if digits { name.parse().ok().map(Oid) } else { None }
}

/// Whether an option's OLD means this tablespace: by its recorded path, or by its oid.
pub(super) fn is_meant(link: &TablespaceLink, old: &Path) -> bool {
    link.target.as_deref() == Some(old)
        || old.to_str().and_then(oid).is_some_and(|oid| oid == link.oid)
}
