//! The witness page header: every page says how large it is.
use super::{OpenError, Size, Witness};
use crate::format::page::{HEADER_SIZE, LAYOUT_VERSION, PageHeader, is_new, is_zeroed};
use crate::format::parse_at;
use crate::source::relation::RelationFile;
use crate::source::{EntryKind, Source};
use crate::types::Fork;

/// How many files are looked at in each directory.
const LOOKED_AT: usize = 8;
/// The largest block size: so much of a file is looked at.
const WINDOW: u64 = 32 << 10;

/// The first page of one file.
#[derive(Debug)]
pub(super) struct Sample {
    pub(super) path: String,
    /// What it says, if its header makes sense.
    pub(super) witness: Option<Witness>,
    /// Whether its bytes look like those of any cipher.
    pub(super) random: bool,
}

/// Looks at the first pages of some relations: shared ones, and those of the first databases.
///
/// # Errors
/// If they are of a big-endian machine.
pub(super) fn witnesses(source: &Source) -> Result<Vec<Sample>, OpenError> {
    let databases = source.list("base").unwrap_or_default();
    let databases = databases.iter().filter(|entry| entry.kind == EntryKind::Directory);
    let dirs = std::iter::once("global".to_owned())
        .chain(databases.take(2).map(|entry| format!("base/{}", entry.name)));
    let mut samples = Vec::new();
    for dir in dirs {
        let Ok(index) = source.relation_index(&dir) else { continue };
        let main = |file: &&RelationFile| {
            let name = file.name;
            let first = name.fork == Fork::Main && name.segment == 0 && name.backend.is_none();
            first && file.kind == EntryKind::File && file.len >= 1024
        };
        for file in index.files().iter().filter(main).take(LOOKED_AT) {
            samples.extend(sample(source, format!("{dir}/{}", file.name)));
        }
    }
    let swapped = samples.iter().filter(|(_, swapped)| *swapped).count();
    if swapped > 0 && samples.iter().all(|(sample, _)| sample.witness.is_none()) {
        let witness = samples.iter().find(|(_, swapped)| *swapped).map(|(s, _)| s.path.clone());
        return Err(OpenError::BigEndian { witness: witness.unwrap_or_default() });
    }
    Ok(samples.into_iter().map(|(sample, _)| sample).collect())
}

/// Looks at one file; also whether its header makes sense with its bytes swapped.
fn sample(source: &Source, path: String) -> Option<(Sample, bool)> {
    let file = source.file(&path).ok()?;
    let mut scratch = Vec::new();
    let bytes = file.window(0..WINDOW, &mut scratch).ok()?;
    if is_zeroed(bytes) {
        return None;
    }
    let witness = of_page(&path, bytes);
    let swapped = bytes.get(18..20).is_some_and(|version| {
        version.get(1) == Some(&LAYOUT_VERSION)
            && version.first().is_some_and(|size| size.is_power_of_two())
    });
    let random = looks_random(bytes.get(..1024).unwrap_or(bytes));
    Some((Sample { path, witness, random }, swapped))
}

/// What a page says about its size and checksum.
pub(super) fn of_page(path: &str, bytes: &[u8]) -> Option<Witness> {
    let header = parse_at(bytes, 0, "PageHeaderData", PageHeader::parse).ok()?;
    let block_size = u32::from(header.page_size());
    let sane = header.layout_version() == LAYOUT_VERSION
        && Size::BLOCK.fits(block_size.into())
        && header.check(usize::try_from(block_size).ok()?).is_ok();
    sane.then(|| Witness {
        who: path.to_owned(),
        block_size: Some(block_size),
        checksums: Some(header.pd_checksum != 0),
        ..Witness::default()
    })
}

/// Whether a page is one of a heap: without the special space that index and sequence pages have.
pub(crate) fn looks_like_heap(page: &[u8]) -> bool {
    let header = parse_at(page, 0, "PageHeaderData", PageHeader::parse);
    let heap = |header: &PageHeader| usize::from(header.pd_special) == page.len();
    page.len() > HEADER_SIZE && !is_new(page) && header.is_ok_and(|header| heap(&header))
}

/// Whether bytes have more different values than any page PostgreSQL fills: of 1024 random bytes,
/// 250 of the 256 values or so occur.
fn looks_random(bytes: &[u8]) -> bool {
    let mut seen = [false; 256];
    for &byte in bytes {
        if let Some(value) = seen.get_mut(usize::from(byte)) {
            *value = true;
        }
    }
    bytes.len() >= 1024 && seen.iter().filter(|value| **value).count() > 235
}
