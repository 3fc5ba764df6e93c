//! The witness global/pg_control: version, sizes, system identifier, and whether it is sound.
use super::version::Claim;
use super::{OpenError, Size, Witness};
use crate::finding::{Finding, Findings, Place, Rule, judge, rules};
use crate::format::control::{ByteOrder, ClusterState, ControlFile, ControlIdent, identify};
use crate::format::page::is_zeroed;
use crate::layout::{Geometry, Layout};
use crate::source::Source;

/// Where it lies.
pub(super) const PATH: &str = "global/pg_control";
/// More than any release writes (`PG_CONTROL_FILE_SIZE` is 8192).
const LONGEST: u64 = 64 << 10;

/// pg_control, as far as it is known.
#[derive(Debug)]
pub(crate) struct Control {
    path: String,
    /// Its bytes; `None` if they could not be had.
    pub(super) bytes: Option<Vec<u8>>,
    ident: Option<ControlIdent>,
    /// Why it could not be had or decoded.
    problem: Option<(&'static Rule, String)>,
    /// What it says, once it is known how to read it.
    pub(super) file: Option<ControlFile>,
    /// How it was read.
    layout: Option<&'static Layout>,
}

impl Control {
    /// Reads what needs no layout.
    ///
    /// # Errors
    /// If a machine wrote it whose files are not read here.
    pub(super) fn read(source: &Source, path: &str) -> Result<Self, OpenError> {
        let (bytes, problem) = match source.read(path, LONGEST) {
            Ok(bytes) => (Some(bytes), None),
            Err(error) => (None, Some((&rules::CONTROL_UNREADABLE, error.kind.to_string()))),
        };
        let path = path.to_owned();
        let mut control = Self { path, bytes, ident: None, problem, file: None, layout: None };
        let Some(bytes) = &control.bytes else { return Ok(control) };
        if is_zeroed(bytes) {
            let evidence = match bytes.len() {
                0 => "it is empty".to_owned(),
                len => format!("all its {len} bytes are zero"),
            };
            control.problem = Some((&rules::CONTROL_UNREADABLE, evidence));
            return Ok(control);
        }
        match identify(bytes) {
            Ok(ident) => control.accept(ident)?,
            Err(error) => {
                control.problem = Some((&rules::CONTROL_UNREADABLE, error.to_string()));
            }
        }
        Ok(control)
    }

    /// A control file is of another machine only if other bytes than those of its version say so:
    /// the two bytes by which byte order is told may be damaged themselves.
    fn accept(&mut self, ident: ControlIdent) -> Result<(), OpenError> {
        let witness = || self.path.clone();
        let plausible = ident.crc_at.is_some() || ident.max_align.is_some();
        match (ident.byte_order, ident.max_align) {
            (ByteOrder::Big, _) if plausible => Err(OpenError::BigEndian { witness: witness() }),
            (ByteOrder::Little, Some(max_align)) if max_align != 8 && ident.crc_at.is_some() => {
                Err(OpenError::Alignment { witness: witness(), max_align })
            }
            _ => {
                self.ident = Some(ident);
                Ok(())
            }
        }
    }

    /// What it says about version and identity; its sizes once it is decoded by the layout that
    /// its version numbers name.
    pub(super) fn witness(&self) -> Option<Witness> {
        let (bytes, ident) = (self.bytes.as_ref()?, self.ident?);
        let version = Claim::of_control(ident.control_version, ident.catalog_version);
        let mut witness = Witness { who: self.path.clone(), ..Witness::default() };
        let Some(Claim::Known(known)) = version else {
            return Some(Witness { version, ..witness });
        };
        let Ok(file) = ControlFile::parse(bytes, known.layout()) else { return Some(witness) };
        // A damaged one witnesses only against the others: it settles nothing they know.
        witness.version = version.filter(|_| file.crc_ok());
        witness.system_identifier = file.crc_ok().then_some(file.system_identifier);
        let geometry = file.geometry();
        let size = |size: &Size, value: u32| Some(value).filter(|&value| size.fits(value.into()));
        witness.block_size = size(&Size::BLOCK, geometry.block_size);
        witness.segment_blocks = Some(geometry.segment_blocks).filter(|&blocks| blocks < 1 << 31);
        witness.wal_block_size = size(&Size::WAL_BLOCK, geometry.wal_block_size);
        witness.wal_segment_size = size(&Size::WAL_SEGMENT, geometry.wal_segment_size);
        witness.checksums = Some(geometry.checksums);
        Some(witness)
    }

    /// The version it claims, damaged or not.
    pub(super) fn claim(&self) -> Option<Claim> {
        self.ident.and_then(|ident| Claim::of_control(ident.control_version, ident.catalog_version))
    }

    /// Decodes it: by the layout that its own version numbers name, else by `layout`.
    pub(super) fn decode(mut self, layout: &'static Layout) -> Self {
        let (Some(bytes), Some(ident)) = (&self.bytes, self.ident) else { return self };
        let own = match Claim::of_control(ident.control_version, ident.catalog_version) {
            Some(Claim::Known(version)) => version.layout(),
            _ => layout,
        };
        match ControlFile::parse(bytes, own) {
            Ok(file) => {
                self.file = Some(file);
                self.layout = Some(own);
            }
            Err(error) => self.problem = Some((&rules::CONTROL_UNREADABLE, error.to_string())),
        }
        self
    }

    /// What is wrong with it.
    pub(super) fn findings(&self) -> Findings {
        let mut findings = Findings::default();
        if let Some((rule, evidence)) = &self.problem {
            findings.push(Finding::new(rule, Place::file(&*self.path), evidence.clone()));
        }
        if let (Some(file), Some(ident), Some(layout)) = (&self.file, self.ident, self.layout) {
            for finding in judge::control(&self.path, &ident, file, layout) {
                findings.push(finding);
            }
        }
        findings
    }

    /// Whether what it says may be built upon: it is sound, or at least nothing in it contradicts
    /// what is known otherwise.
    pub(super) fn is_usable(&self, geometry: &Geometry) -> bool {
        let Some(file) = &self.file else { return false };
        let own = file.geometry();
        let same_sizes = (own.block_size, own.wal_segment_size, own.max_align)
            == (geometry.block_size, geometry.wal_segment_size, geometry.max_align);
        let known_state = !matches!(file.state, ClusterState::Unknown(_));
        let checkpoint = &file.check_point_copy;
        let next = checkpoint.next_xid.xid();
        let in_order = checkpoint.oldest_xid.is_normal() && !next.precedes(checkpoint.oldest_xid);
        file.crc_ok() || same_sizes && known_state && in_order
    }

    /// What a reader must know about the state it records.
    pub(super) fn notes(&self, usable: bool) -> Vec<String> {
        match &self.file {
            None => vec!["pg_control cannot be read: transaction counters, state and sizes are not known from it.".into()],
            Some(_) if !usable => vec!["pg_control is damaged and was not believed: transaction counters and state are unknown.".into()],
            Some(file) if !file.crc_ok() => vec!["pg_control is damaged (its CRC does not fit), but makes sense; its counters and state were believed.".into()],
            Some(file) if !file.state.is_clean() => vec![format!(
                "The cluster was not stopped cleanly (pg_control says \"{}\"); its pages are as they are on disk.",
                file.state
            )],
            Some(_) => Vec::new(),
        }
    }
}
