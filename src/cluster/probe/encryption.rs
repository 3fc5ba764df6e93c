//! Transparent data encryption: products keep their keys in a place of their own, and their pages
//! make no sense here.
use super::OpenError;
use super::page::Sample;
use crate::source::Source;

/// Where products keep the wrapped key of a wholly encrypted cluster.
const KEYS: [(&str, &str); 2] = [
    ("pg_encryption/key.bin", "EDB Transparent Data Encryption"),
    ("pg_cryptokeys/live", "cluster file encryption"),
];

/// Refuses by name what is encrypted as a whole.
pub(super) fn check_keys(source: &Source) -> Result<(), OpenError> {
    for (path, product) in KEYS {
        if source.file(path).is_ok() || source.list(path).is_ok() {
            return Err(OpenError::Encrypted { evidence: format!("{path} is a key of {product}") });
        }
    }
    Ok(())
}

/// Refuses pages that all look like random bytes: damage does not do that to every file.
pub(super) fn check_pages(samples: &[Sample]) -> Result<(), OpenError> {
    const ENOUGH: usize = 6;
    let unreadable = samples.iter().all(|sample| sample.witness.is_none() && sample.random);
    if samples.len() < ENOUGH || !unreadable {
        return Ok(());
    }
    let paths: Vec<_> = samples.iter().take(2).map(|sample| sample.path.as_str()).collect();
    let (count, paths) = (samples.len(), paths.join(", "));
    Err(OpenError::Encrypted {
        evidence: format!(
            "none of {count} relations has a page header, all look random: {paths} …"
        ),
    })
}
