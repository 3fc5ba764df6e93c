//! backup_manifest: whether it is as pg_basebackup wrote it. The server never reads it; it tells
//! what a backup should hold, as long as it can be trusted itself.
use crate::finding::{Finding, Findings, Place, Rule, rules};
use crate::format::manifest::{Manifest, sealed_part};
use crate::source::{ReadError, Source};
use sha2::{Digest as _, Sha256};

const FILE: &str = "backup_manifest";
/// About two million files.
const LONGEST: u64 = 512 << 20;

/// Compares the manifest, if there is one, with its own checksum (`verify_manifest_checksum`,
/// common/parse_manifest.c).
pub(super) fn check(source: &Source, findings: &mut Findings) {
    let bytes = source.read(FILE, LONGEST);
    if bytes.as_ref().is_err_and(ReadError::is_absent) {
        return;
    }
    let judged = bytes
        .map_err(|error| (&rules::MANIFEST_UNREADABLE, error.kind.to_string(), None))
        .and_then(|bytes| judge(&bytes));
    if let Err((rule, evidence, says)) = judged {
        let finding = Finding::new(rule, Place::file(FILE), evidence);
        findings.push(says.into_iter().fold(finding, Finding::says));
    }
}

/// A rule that is broken, the evidence, and what PostgreSQL says.
type Broken = (&'static Rule, String, Option<String>);

fn judge(bytes: &[u8]) -> Result<(), Broken> {
    let unreadable = |what: String| (&rules::MANIFEST_UNREADABLE, what, None);
    let manifest = Manifest::parse(bytes).map_err(|error| unreadable(error.to_string()))?;
    let stored = manifest.checksum.ok_or_else(|| {
        let says = "manifest has no checksum".to_owned();
        (&rules::MANIFEST_UNREADABLE, "no Manifest-Checksum".to_owned(), Some(says))
    })?;
    let sealed = sealed_part(bytes).map_err(|error| unreadable(error.to_string()))?;
    let computed = hex::encode(Sha256::digest(sealed));
    if computed == stored.to_ascii_lowercase() {
        return Ok(());
    }
    let evidence = format!("Manifest-Checksum is {stored}, computed {computed}");
    Err((&rules::MANIFEST_CHECKSUM, evidence, Some("manifest checksum mismatch".to_owned())))
}
