//! Opening an input: what it is, and the trees it is put together from.
use super::archive::{self, Archive, Indexed, Note, Refused};
use super::directory::{self, Directory};
use super::relation::Indexes;
use super::tablespace::{self, LinkState, TablespaceLink};
use super::tree::{Mount, Tree};
use super::unpack::{self, Unpacked};
use super::wal::WalFileName;
use super::{
    Compression, EntryKind, File, Io, Kind, Options, Progress, ReadError, ReadErrorKind, Source,
    live,
};
use crate::format;
use crate::types::Oid;
use std::path::{Path, PathBuf};

/// Names of which a data directory has at least one.
const SIGNS: [&str; 5] = ["PG_VERSION", "global", "base", "pg_xact", "pg_wal"];

/// Bytes of a tablespace_map that are read; one line for each tablespace is far less.
const LARGEST_MAP: u64 = 1 << 20;

/// A source in the making.
pub(super) struct Opening<'o> {
    options: &'o Options,
    progress: &'o dyn Progress,
    io: Io,
    mounts: Vec<Mount>,
    refused: Vec<Refused>,
    notes: Vec<Note>,
    tablespaces: Vec<TablespaceLink>,
    live: Option<u32>,
}

impl<'o> Opening<'o> {
    pub(super) fn new(options: &'o Options, progress: &'o dyn Progress) -> Self {
        let (refused, notes, tablespaces) = (Vec::new(), Vec::new(), Vec::new());
        let (io, mounts, live) = (options.io, Vec::new(), None);
        Self { options, progress, io, mounts, refused, notes, tablespaces, live }
    }

    pub(super) fn open(mut self, path: &Path) -> Result<Source, ReadError> {
        let shown = path.to_string_lossy();
        let metadata =
            std::fs::metadata(path).map_err(|error| ReadError::io(shown.as_ref(), &error))?;
        let kind = if !metadata.is_dir() {
            self.file(path)?
        } else if SIGNS.iter().any(|sign| path.join(sign).exists()) {
            self.data_directory(path);
            Kind::DataDirectory
        } else if let Some(base) = find_archive(path, "base") {
            self.base_backup(path, &base)?;
            Kind::BaseBackup
        } else {
            let what = "it is neither a data directory (it has no PG_VERSION, global or base) \
                        nor a base backup (it has no base.tar)";
            return Err(ReadError::new(shown, ReadErrorKind::Archive(what.to_owned())));
        };
        self.remap_tablespaces()?;
        Ok(self.source(path, kind))
    }

    /// As [`Self::open`]; what is no data directory is opened as files.
    pub(super) fn open_wal(mut self, path: &Path) -> Result<Source, ReadError> {
        let shown = path.to_string_lossy();
        let metadata =
            std::fs::metadata(path).map_err(|error| ReadError::io(shown.as_ref(), &error))?;
        if !metadata.is_dir() {
            let kind = if let Some((archive, compression)) = self.wal_archive_at(path)? {
                self.wal_archive(archive, compression)
            } else {
                // What was said about an archive that is none.
                self.notes.clear();
                self.mount(&file_name(path), Tree::Single(path.to_owned(), self.io));
                Kind::Files
            };
            return Ok(self.source(path, kind));
        }
        let has = |name: &str| path.join(name).exists();
        // Archiving tools have directories called base and pg_wal too.
        if has("PG_VERSION") || has("global") || (has("base") && has("pg_wal")) {
            return self.open(path);
        }
        if find_archive(path, "base").is_some() {
            return self.open(path);
        }
        let directory = Directory::new(path.to_owned(), self.io);
        self.mount("", Tree::Directory(directory));
        Ok(self.source(path, Kind::Files))
    }

    /// The tar at `path`; `None` if it is none, and of what is compressed only by its suffix can
    /// one tell.
    fn wal_archive_at(&mut self, path: &Path) -> Result<Option<(Archive, Compression)>, ReadError> {
        let name = file_name(path);
        let is_segment = WalFileName::parse(&name).is_some();
        let tar = if is_segment { None } else { self.archive_at(path)? };
        let Some((file, compression)) = tar else { return Ok(None) };
        let archive = self.index(file, path)?;
        let is_tar = compression == Compression::None || !archive.is_empty();
        Ok(is_tar.then_some((archive, compression)))
    }

    fn wal_archive(&mut self, mut archive: Archive, compression: Compression) -> Kind {
        if archive.enter_data_directory() {
            self.mount_data_directory(archive);
            return Kind::Tar(compression);
        }
        self.mount("", Tree::Archive(archive));
        Kind::Files
    }

    fn source(self, path: &Path, kind: Kind) -> Source {
        Source {
            input: path.to_owned(),
            kind,
            io: self.io,
            mounts: self.mounts,
            refused: self.refused,
            notes: self.notes,
            tablespaces: self.tablespaces,
            live: self.live,
            indexes: Indexes::default(),
        }
    }

    fn data_directory(&mut self, path: &Path) {
        self.live = live::postmaster(&Directory::new(path.to_owned(), Io::Read));
        if self.live.is_some() {
            self.io = Io::Read;
        }
        let directory = Directory::new(path.to_owned(), self.io);
        self.tablespaces = tablespace::of_directory(&directory);
        self.mount("", Tree::Directory(directory));
    }

    fn file(&mut self, path: &Path) -> Result<Kind, ReadError> {
        let shown = path.to_string_lossy().into_owned();
        let Some((file, compression)) = self.archive_at(path)? else {
            let name = file_name(path);
            self.mount(&name, Tree::Single(path.to_owned(), self.io));
            return Ok(Kind::File);
        };
        let mut archive = self.index(file, path)?;
        if !archive.enter_data_directory() {
            let what = "holds no data directory (no PG_VERSION, global or base in it)";
            return Err(ReadError::new(shown, ReadErrorKind::Archive(what.to_owned())));
        }
        self.mount_data_directory(archive);
        Ok(Kind::Tar(compression))
    }

    /// The output of `pg_basebackup -Ft`: one archive for each directory that it backed up.
    fn base_backup(&mut self, path: &Path, base: &Path) -> Result<(), ReadError> {
        let mut archive = self.tar(base)?;
        archive.enter_data_directory();
        self.mount_data_directory(archive);
        if let Some(wal) = find_archive(path, "pg_wal") {
            let archive = self.tar(&wal)?;
            self.mount("pg_wal", Tree::Archive(archive));
        }
        if path.join("backup_manifest").is_file() {
            let manifest = Tree::Single(path.join("backup_manifest"), self.io);
            self.mount("backup_manifest", manifest);
        }
        let beside = Directory::new(path.to_owned(), self.io).list("", &path.to_string_lossy())?;
        let stems = beside.iter().filter_map(|entry| entry.name.split_once(".tar"));
        let mut oids: Vec<_> = stems.filter_map(|(stem, _)| tablespace::oid(stem)).collect();
        oids.sort_unstable();
        oids.dedup();
        for oid in oids {
            let Some(tar) = find_archive(path, &oid.to_string()) else { continue };
            let archive = self.tar(&tar)?;
            self.mount(&format!("pg_tblspc/{oid}"), Tree::Archive(archive));
            let state = LinkState::Archive(tar);
            match self.tablespaces.iter_mut().find(|link| link.oid == oid) {
                Some(link) => link.state = state,
                None => self.tablespaces.push(TablespaceLink { oid, target: None, state }),
            }
        }
        self.tablespaces.sort_by_key(|link| link.oid);
        Ok(())
    }

    fn mount(&mut self, at: &str, tree: Tree) {
        self.mounts.retain(|mount| mount.at != at);
        self.mounts.push(Mount { at: at.to_owned(), tree });
    }

    fn mount_data_directory(&mut self, archive: Archive) {
        let entries = archive.list("pg_tblspc", "pg_tblspc").unwrap_or_default();
        let inside = self.refused.iter().filter_map(|refused| {
            let name = refused.name.trim_start_matches("./");
            Some((archive.below(name)?, refused))
        });
        self.tablespaces = tablespace::of_archive(&entries, inside, tablespace_map(&archive));
        self.mount("", Tree::Archive(archive));
    }

    /// The archive at `path`, which has to be one.
    fn tar(&mut self, path: &Path) -> Result<Archive, ReadError> {
        let Some((file, _)) = self.archive_at(path)? else {
            let what = ReadErrorKind::Archive("is not a tar archive".to_owned());
            return Err(ReadError::new(path.to_string_lossy(), what));
        };
        self.index(file, path)
    }

    fn index(&mut self, file: File, path: &Path) -> Result<Archive, ReadError> {
        let Indexed { archive, refused, notes } = Archive::index(file, &file_name(path))?;
        self.refused.extend(refused);
        self.notes.extend(notes);
        Ok(archive)
    }

    /// The plain tar that the file at `path` is or was compressed from; `None` if it is no archive.
    fn archive_at(&mut self, path: &Path) -> Result<Option<(File, Compression)>, ReadError> {
        let shown = path.to_string_lossy();
        let file = directory::open(path, &shown, self.io)?;
        let mut scratch = Vec::new();
        let start = file.window(0..512, &mut scratch)?;
        let compression = unpack::recognise(start).map_err(|what| {
            let what = format!("is compressed by {what}, which is not read here: unpack it first");
            ReadError::new(shown.as_ref(), ReadErrorKind::Archive(what))
        })?;
        if compression == Compression::None {
            // By its suffix too: the first header of a damaged archive may not be one.
            let named = path.extension().is_some_and(|suffix| suffix == "tar");
            return Ok((named || archive::is_tar(start)).then_some((file, compression)));
        }
        let temp = self.options.temp_dir.as_deref();
        let Unpacked { file, len, damage } =
            unpack::unpack(path, compression, temp, self.progress)?;
        if let Some(text) = damage {
            self.notes.push(Note { archive: file_name(path), byte: len, text });
        }
        Ok(Some((File::new(&shown, file, len, self.io), compression)))
    }

    /// Puts tablespaces where the options say they are now.
    fn remap_tablespaces(&mut self) -> Result<(), ReadError> {
        for (old, new) in &self.options.tablespaces {
            let meant = self.tablespaces.iter().position(|link| tablespace::is_meant(link, old));
            let Some(link) = meant.and_then(|at| self.tablespaces.get_mut(at)) else {
                let recorded: Vec<_> = self.tablespaces.iter().map(say).collect();
                let what = match recorded.as_slice() {
                    [] => "is no tablespace of this cluster: it has none".to_owned(),
                    known => {
                        format!("is no tablespace of this cluster: it has {}", known.join(", "))
                    }
                };
                return Err(ReadError::new(old.to_string_lossy(), ReadErrorKind::Archive(what)));
            };
            link.state = LinkState::Remapped(new.clone());
            let at = format!("pg_tblspc/{}", link.oid);
            let tree = match directory::kind_at(new) {
                None => {
                    let absent = ReadErrorKind::Absent;
                    return Err(ReadError::new(new.to_string_lossy(), absent));
                }
                Some(EntryKind::Directory) => Tree::Directory(Directory::new(new.clone(), self.io)),
                Some(_) => Tree::Archive(self.tar(new)?),
            };
            self.mount(&at, tree);
        }
        Ok(())
    }
}

/// What a base backup says about its tablespaces; nothing, if it does not or that is damaged.
fn tablespace_map(archive: &Archive) -> Vec<(Oid, String)> {
    let mut scratch = Vec::new();
    let file = archive.open("tablespace_map", "tablespace_map");
    let file = file.ok().filter(|file| file.len() <= LARGEST_MAP);
    let bytes = file.as_ref().and_then(|file| file.window(0..file.len(), &mut scratch).ok());
    bytes.and_then(|bytes| format::tablespace_map::parse(bytes).ok()).unwrap_or_default()
}

fn say(link: &TablespaceLink) -> String {
    match &link.target {
        Some(target) => format!("{} at {}", link.oid, target.display()),
        None => link.oid.to_string(),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// `STEM.tar` or a compressed form of it in `dir`; the plain one if there are several.
fn find_archive(dir: &Path, stem: &str) -> Option<PathBuf> {
    let names = ["", ".zst", ".lz4", ".gz"].map(|suffix| format!("{stem}.tar{suffix}"));
    names.into_iter().map(|name| dir.join(name)).find(|path| path.is_file())
}
