//! What `source` says about files, as findings.
use super::{Finding, Place, Rule, rules};
use crate::source::relation::Irregularity;
use crate::source::{Note, ReadError, ReadErrorKind, Refusal, Refused, Source};

/// What is wrong with the archives that a source is made of. Links of tablespaces are not: that
/// they are not followed matters only if the tablespace is nowhere else, which is found there.
pub fn of_archives(source: &Source) -> impl Iterator<Item = Finding> {
    let links = source.tablespace_links();
    let of_tablespace = |refused: &Refused| {
        let linked = |oid| refused.name.ends_with(&format!("pg_tblspc/{oid}"));
        let is_link = matches!(refused.why, Refusal::SymbolicLink(_));
        is_link && links.iter().any(|link| linked(link.oid))
    };
    let refused = source.refused().iter().filter(move |refused| !of_tablespace(refused));
    source.notes().iter().map(Finding::from).chain(refused.map(Finding::from))
}

impl From<&ReadError> for Finding {
    fn from(error: &ReadError) -> Self {
        let rule: &'static Rule = match error.kind {
            ReadErrorKind::Absent => &rules::FILE_ABSENT,
            ReadErrorKind::IsDirectory | ReadErrorKind::NotAFile => &rules::FILE_NOT_A_FILE,
            ReadErrorKind::TooLarge { .. } => &rules::FILE_OVERSIZED,
            _ => &rules::FILE_UNREADABLE,
        };
        let finding = Self::new(rule, Place::file(&error.path), error.kind.to_string());
        let said = match error.kind {
            ReadErrorKind::Absent => "No such file or directory",
            ReadErrorKind::Denied => "Permission denied",
            _ => return finding,
        };
        finding.says(format!("could not open file \"{}\": {said}", error.path))
    }
}

impl From<&Irregularity> for Finding {
    fn from(irregularity: &Irregularity) -> Self {
        let rule: &'static Rule = match irregularity {
            Irregularity::Missing { .. } => &rules::FILE_SEGMENT_MISSING,
            Irregularity::NotAFile { .. } => &rules::FILE_NOT_A_FILE,
            Irregularity::Short { .. } => &rules::FILE_SEGMENT_SHORT,
            Irregularity::Long { .. } => &rules::FILE_SEGMENT_LONG,
            Irregularity::PartialBlock { .. } => &rules::FILE_PARTIAL_BLOCK,
        };
        let byte = match irregularity {
            Irregularity::PartialBlock { byte, .. } => Some(*byte),
            Irregularity::Long { full, .. } => Some(*full),
            _ => None,
        };
        let place = Place { byte, ..Place::file(irregularity.path()) };
        let finding = Self::new(rule, place, irregularity.to_string());
        match irregularity {
            Irregularity::Long { .. } => finding.says("segment too big"),
            _ => finding,
        }
    }
}

impl From<&Note> for Finding {
    fn from(note: &Note) -> Self {
        let place = Place { byte: Some(note.byte), ..Place::file(&note.archive) };
        Self::new(&rules::FILE_ARCHIVE_DAMAGED, place, &note.text)
    }
}

impl From<&Refused> for Finding {
    fn from(refused: &Refused) -> Self {
        let place = Place { object: Some(refused.name.clone()), ..Place::file(&refused.archive) };
        Self::new(&rules::FILE_MEMBER_REFUSED, place, refused.why.to_string())
    }
}
