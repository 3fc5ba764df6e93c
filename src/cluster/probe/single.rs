//! One file out of a data directory: a control file, or a segment of a relation.
use super::version::Claim;
use super::{Control, Probe, Witness, page, settle_sizes};
use crate::cluster::{OpenError, OpenOptions};
use crate::finding::Findings;
use crate::layout::{Dialect, PgVersion};
use crate::source::Source;

/// Finds out what the file is, and by which sizes to read it.
pub(super) fn probe(source: &Source, options: &OpenOptions) -> Result<Probe, OpenError> {
    let name = source.single_file().unwrap_or_default().to_owned();
    let control = Control::read(source, &name)?;
    let is_control =
        name.contains("pg_control") || matches!(control.claim(), Some(Claim::Known(_)));
    if is_control {
        of_control(&name, control, options)
    } else {
        of_relation(source, &name, options)
    }
}

fn of_control(name: &str, control: Control, options: &OpenOptions) -> Result<Probe, OpenError> {
    let version = match (options.pg_version, control.claim()) {
        (Some(version), _) | (None, Some(Claim::Known(version))) => version,
        (None, Some(claim)) => return Err(claim.refusal(name)),
        (None, None) => return Err(OpenError::NoVersion { looked_at: name.to_owned() }),
    };
    let witnesses: Vec<_> = control.witness().into_iter().collect();
    let control = control.decode(version.layout());
    let findings = control.findings();
    let geometry = settle_sizes(&witnesses, false, options)?;
    let usable = control.is_usable(&geometry);
    Ok(Probe {
        dialect: Dialect { layout: version.layout(), geometry },
        system_identifier: witnesses.iter().find_map(|witness| witness.system_identifier),
        notes: control.notes(usable),
        control: control.file,
        control_usable: usable,
        findings,
    })
}

/// Pages of relations look alike in every major that is read here, so that a file which does not
/// say who wrote it can be read as the newest.
fn of_relation(source: &Source, name: &str, options: &OpenOptions) -> Result<Probe, OpenError> {
    let file = source.file(name)?;
    let mut scratch = Vec::new();
    let newest = PgVersion::ALL.into_iter().max_by_key(|version| version.major());
    let version = options.pg_version.or(newest);
    let Some(version) = version else {
        return Err(OpenError::NoVersion { looked_at: name.to_owned() });
    };
    // The first page may be damaged: the first that makes sense says how large they are.
    let step = u64::from(options.block_size.unwrap_or(1024));
    let starts = (0..file.len().min(1 << 20)).step_by(usize::try_from(step).unwrap_or(1024));
    let mut witness: Option<Witness> = None;
    for start in starts {
        let bytes = file.window(start..start.saturating_add(32 << 10), &mut scratch)?;
        witness = page::of_page(name, bytes);
        if witness.is_some() {
            break;
        }
    }
    let mut notes = vec![
        "One file without its data directory: no names, and the status of transactions is unknown."
            .to_owned(),
    ];
    if options.pg_version.is_none() {
        notes.push(format!("The file does not say which major wrote it; it is read as {version}."));
    }
    if witness.is_none() && options.block_size.is_none() {
        notes.push("No page in it says how large pages are: 8192 bytes were assumed; --block-size says otherwise.".into());
    }
    let witnesses: Vec<_> = witness.into_iter().collect();
    let geometry = settle_sizes(&witnesses, false, options)?;
    Ok(Probe {
        dialect: Dialect { layout: version.layout(), geometry },
        system_identifier: None,
        control: None,
        control_usable: false,
        notes,
        findings: Findings::default(),
    })
}
