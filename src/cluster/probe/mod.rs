//! Which PostgreSQL wrote this, and with what sizes: several files say so, and each is a witness.
//!
//! In the order in which they are believed: the option, PG_VERSION, pg_control, WAL, a database's
//! PG_VERSION, a tablespace's directory. Sizes: pg_control if it is sound, then the option, then
//! pages and WAL, then pg_control if it is not sound, then the defaults.
mod control;
mod encryption;
mod page;
mod single;
mod version;
mod wal;

pub(super) use control::Control;
pub(super) use page::looks_like_heap;
pub use wal::dialect_of_wal;

use super::{OpenError, OpenOptions};
use crate::finding::{Finding, Findings, Place, rules};
use crate::format::control::ControlFile;
use crate::layout::{Dialect, Geometry, PgVersion};
use crate::source::{Kind, Source};
use std::sync::Arc;
use version::Claim;

/// What one file says. What it does not say is `None`.
#[derive(Debug, Default)]
struct Witness {
    /// The file, as a place in the data directory.
    who: String,
    version: Option<Claim>,
    system_identifier: Option<u64>,
    block_size: Option<u32>,
    segment_blocks: Option<u32>,
    wal_block_size: Option<u32>,
    wal_segment_size: Option<u32>,
    checksums: Option<bool>,
}

/// What the witnesses said, settled.
#[derive(Debug)]
pub(super) struct Probe {
    pub(super) dialect: Dialect,
    pub(super) system_identifier: Option<u64>,
    /// pg_control as far as it decodes.
    pub(super) control: Option<ControlFile>,
    /// Whether what it says may be built upon.
    pub(super) control_usable: bool,
    pub(super) notes: Vec<String>,
    pub(super) findings: Findings,
}

impl Probe {
    /// Hears the witnesses in `source`.
    ///
    /// # Errors
    /// If it cannot be read here at all: too new, too old, of another machine, encrypted.
    pub(super) fn run(source: &Arc<Source>, options: &OpenOptions) -> Result<Self, OpenError> {
        check_options(options)?;
        match source.kind() {
            Kind::File => single::probe(source, options),
            Kind::DataDirectory | Kind::Tar(_) | Kind::BaseBackup => directory(source, options),
            Kind::Files => Err(OpenError::NotACluster(source.input().display().to_string())),
        }
    }
}

fn directory(source: &Arc<Source>, options: &OpenOptions) -> Result<Probe, OpenError> {
    let mut findings = Findings::default();
    encryption::check_keys(source)?;
    let top = version::top(source, &mut findings);
    let control = Control::read(source, control::PATH)?;
    if top.is_none() && control.bytes.is_none() && source.list("base").is_err() {
        return Err(OpenError::NotACluster(source.input().display().to_string()));
    }
    let mut witnesses: Vec<_> = top.into_iter().collect();
    witnesses.extend(control.witness());
    witnesses.extend(wal::witness(source));
    witnesses.extend(version::databases(source, &mut findings));
    witnesses.extend(version::tablespaces(source));
    let pages = page::witnesses(source)?;
    encryption::check_pages(&pages)?;
    witnesses.extend(pages.into_iter().filter_map(|sample| sample.witness));

    let version = settle_version(&witnesses, control.claim(), options)?;
    let mut notes = version::notes(source, version);
    let control = control.decode(version.layout());
    findings.merge(control.findings());
    let sound = control.file.as_ref().filter(|file| file.crc_ok());
    let geometry = settle_sizes(&witnesses, sound.is_some(), options)?;
    disagreements(&witnesses, &mut findings);
    let usable = control.is_usable(&geometry);
    notes.extend(control.notes(usable));
    let system_identifier = witnesses.iter().find_map(|witness| witness.system_identifier);
    Ok(Probe {
        dialect: Dialect { layout: version.layout(), geometry },
        system_identifier,
        control: control.file,
        control_usable: usable,
        notes,
        findings,
    })
}

fn settle_version(
    witnesses: &[Witness],
    damaged_control: Option<Claim>,
    options: &OpenOptions,
) -> Result<PgVersion, OpenError> {
    if let Some(version) = options.pg_version {
        return Ok(version);
    }
    let mut claims =
        witnesses.iter().filter_map(|witness| Some((witness, witness.version.as_ref()?)));
    match (claims.next(), damaged_control) {
        (Some((_, Claim::Known(version))), _) => Ok(*version),
        (Some((witness, claim)), _) => Err(claim.refusal(&witness.who)),
        (None, Some(Claim::Known(version))) => Ok(version),
        (None, _) => Err(OpenError::NoVersion {
            looked_at: "PG_VERSION, global/pg_control, pg_wal and base were looked at".into(),
        }),
    }
}

/// The sizes; `sound` says whether pg_control is, which then is believed before the options.
fn settle_sizes(
    witnesses: &[Witness],
    sound: bool,
    options: &OpenOptions,
) -> Result<Geometry, OpenError> {
    let (recorded, others): (Vec<_>, Vec<_>) =
        witnesses.iter().partition(|witness| witness.who == control::PATH);
    let (first, last) = if sound { (recorded, Vec::new()) } else { (Vec::new(), recorded) };
    let settle = |of: fn(&Witness) -> Option<u32>, option: Option<u32>, default: u32| {
        let from = |witnesses: &[&Witness]| witnesses.iter().find_map(|witness| of(witness));
        from(&first).or(option).or_else(|| from(&others)).or_else(|| from(&last)).unwrap_or(default)
    };
    let default = Geometry::DEFAULT;
    let block_size = settle(|witness| witness.block_size, options.block_size, default.block_size);
    let in_blocks = |size: u64| u32::try_from(size / u64::from(block_size.max(1))).ok();
    let segment_blocks = settle(
        |witness| witness.segment_blocks,
        options.segment_size.and_then(in_blocks),
        in_blocks(1 << 30).unwrap_or(default.segment_blocks),
    );
    let checksums = |witnesses: &[&Witness]| witnesses.iter().find_map(|witness| witness.checksums);
    let geometry = Geometry {
        block_size,
        segment_blocks,
        wal_block_size: settle(
            |witness| witness.wal_block_size,
            options.wal_block_size,
            default.wal_block_size,
        ),
        wal_segment_size: settle(
            |witness| witness.wal_segment_size,
            options.wal_segment_size,
            default.wal_segment_size,
        ),
        checksums: checksums(&first).or_else(|| checksums(&others)).unwrap_or(false),
        ..default
    };
    Size::BLOCK.check(u64::from(geometry.block_size))?;
    Ok(geometry)
}

/// One finding for each thing that witnesses disagree about.
fn disagreements(witnesses: &[Witness], findings: &mut Findings) {
    let number = |value: Option<u32>| value.map(|value| value.to_string());
    let said: [(&str, Vec<_>); 6] = [
        ("version", says(witnesses, |w| w.version.as_ref().map(ToString::to_string))),
        (
            "system identifier",
            says(witnesses, |w| w.system_identifier.map(|identifier| identifier.to_string())),
        ),
        ("block size", says(witnesses, |w| number(w.block_size))),
        ("blocks in a segment file", says(witnesses, |w| number(w.segment_blocks))),
        ("WAL block size", says(witnesses, |w| number(w.wal_block_size))),
        ("WAL segment size", says(witnesses, |w| number(w.wal_segment_size))),
    ];
    for (what, said) in said {
        let Some((_, first)) = said.first() else { continue };
        if said.iter().all(|(_, value)| value == first) {
            continue;
        }
        let list: Vec<_> = said.iter().map(|(who, value)| format!("{who} says {value}")).collect();
        let evidence = format!("{what}: {}", list.join(", "));
        let place = Place::file(said.iter().find(|(_, value)| value != first).map_or("", |s| s.0));
        findings.push(Finding::new(&rules::CLUSTER_WITNESSES_DISAGREE, place, evidence));
    }
}

fn says(witnesses: &[Witness], of: impl Fn(&Witness) -> Option<String>) -> Vec<(&str, String)> {
    witnesses.iter().filter_map(|witness| Some((witness.who.as_str(), of(witness)?))).collect()
}

/// A size in bytes and what it may be: a power of two in these bounds.
struct Size(&'static str, u64, u64);

impl Size {
    const BLOCK: Self = Self("block size", 1 << 10, 32 << 10);
    const WAL_BLOCK: Self = Self("WAL block size", 1 << 10, 64 << 10);
    const WAL_SEGMENT: Self = Self("WAL segment size", 1 << 20, 1 << 30);

    fn fits(&self, size: u64) -> bool {
        size.is_power_of_two() && (self.1..=self.2).contains(&size)
    }

    fn check(&self, size: u64) -> Result<(), OpenError> {
        if self.fits(size) {
            return Ok(());
        }
        Err(OpenError::Size { what: self.0, size, least: self.1, most: self.2 })
    }
}

fn check_options(options: &OpenOptions) -> Result<(), OpenError> {
    let check = |size: &Size, given: Option<u32>| given.map_or(Ok(()), |g| size.check(g.into()));
    check(&Size::BLOCK, options.block_size)?;
    check(&Size::WAL_BLOCK, options.wal_block_size)?;
    check(&Size::WAL_SEGMENT, options.wal_segment_size)
}
