//! `backup_manifest` (common/parse_manifest.c): what pg_basebackup put into a backup.
//!
//! Its last line, `"Manifest-Checksum"`, is a SHA-256 of all lines before it ([`sealed_part`]). What the
//! manifest says of each file is for pg_verifybackup to check.
use super::error::{Fault, ParseError};
use crate::types::{Lsn, TimelineId};
use serde::{Deserialize, Serialize};

/// A manifest, under the keys of its JSON.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Manifest {
    /// 1; from 17 on 2, which adds the system identifier.
    #[serde(rename = "PostgreSQL-Backup-Manifest-Version")]
    pub version: u32,
    /// System identifier of the cluster.
    #[serde(rename = "System-Identifier")]
    pub system_identifier: Option<u64>,
    /// Every file of the backup but those of pg_wal and the manifest.
    #[serde(rename = "Files", default)]
    pub files: Vec<ManifestFile>,
    /// WAL that recovery of the backup needs.
    #[serde(rename = "WAL-Ranges", default)]
    pub wal_ranges: Vec<WalRange>,
    /// SHA-256 of the lines before, in hexadecimal.
    #[serde(rename = "Manifest-Checksum")]
    pub checksum: Option<String>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ManifestFile {
    /// Path relative to the data directory, if it is UTF-8.
    #[serde(rename = "Path")]
    pub path: Option<String>,
    /// Path in hexadecimal, if it is not.
    #[serde(rename = "Encoded-Path")]
    pub encoded_path: Option<String>,
    /// Bytes.
    #[serde(rename = "Size")]
    pub size: u64,
    /// When the file was last modified, GMT.
    #[serde(rename = "Last-Modified")]
    pub last_modified: Option<String>,
    /// `CRC32C`, `SHA256` …; none if the backup was made without.
    #[serde(rename = "Checksum-Algorithm")]
    pub checksum_algorithm: Option<String>,
    /// In hexadecimal, bytes in the order of the machine that made it.
    #[serde(rename = "Checksum")]
    pub checksum: Option<String>,
}

/// A stretch of WAL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub struct WalRange {
    /// Timeline.
    #[serde(rename = "Timeline", deserialize_with = "timeline")]
    pub timeline: TimelineId,
    /// First byte.
    #[serde(rename = "Start-LSN", deserialize_with = "lsn")]
    pub start: Lsn,
    /// Byte after the last.
    #[serde(rename = "End-LSN", deserialize_with = "lsn")]
    pub end: Lsn,
}

impl Manifest {
    /// Reads a whole file. Memory grows with the number of files it names.
    ///
    /// # Errors
    /// [`Fault::Text`] if it is not JSON or lacks what a manifest must have.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        serde_json::from_slice(bytes).map_err(|_| ParseError {
            at: 0,
            what: "backup_manifest",
            fault: Fault::Text { field: "file", form: "a PostgreSQL backup manifest in JSON" },
        })
    }
}

/// The bytes that the manifest's own checksum covers: all lines but the last.
///
/// # Errors
/// [`Fault::Text`] if there are fewer than two lines, or the last one does not end.
pub fn sealed_part(bytes: &[u8]) -> Result<&[u8], ParseError> {
    let wrong = || ParseError {
        at: 0,
        what: "backup_manifest",
        fault: Fault::Text { field: "file", form: "at least two lines, the last one ended" },
    };
    let ended = bytes.strip_suffix(b"\n").ok_or_else(wrong)?;
    let before = ended.iter().rposition(|&byte| byte == b'\n').ok_or_else(wrong)?;
    bytes.get(..=before).ok_or_else(wrong)
}

fn timeline<'de, D: serde::Deserializer<'de>>(from: D) -> Result<TimelineId, D::Error> {
    u32::deserialize(from).map(TimelineId)
}

fn lsn<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Lsn, D::Error> {
    String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::{Manifest, sealed_part};
    use crate::types::Lsn;

    #[test]
    fn a_manifest_is_read() {
        let text = r#"{ "PostgreSQL-Backup-Manifest-Version": 2,
"System-Identifier": 7710401594701228037,
"Files": [
{ "Path": "backup_label", "Size": 226, "Last-Modified": "2026-11-20 23:36:06 GMT",
  "Checksum-Algorithm": "CRC32C", "Checksum": "eb1b2941" }
],
"WAL-Ranges": [
{ "Timeline": 1, "Start-LSN": "0/2000028", "End-LSN": "0/2000120" }
],
"Manifest-Checksum": "00"}
"#;
        let manifest = Manifest::parse(text.as_bytes()).unwrap();
        assert_eq!(manifest.system_identifier, Some(7_710_401_594_701_228_037));
        assert_eq!(manifest.files[0].path.as_deref(), Some("backup_label"));
        assert_eq!(manifest.wal_ranges[0].end, Lsn(0x200_0120));
        assert!(Manifest::parse(b"{}").is_err());
        let sealed = sealed_part(text.as_bytes()).unwrap();
        assert!(sealed.ends_with(b"],\n") && !sealed.ends_with(b"}\n"));
        assert!(sealed_part(b"{}\n").is_err() && sealed_part(b"{\n}").is_err());
    }
}
