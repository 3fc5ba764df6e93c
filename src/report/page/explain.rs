//! Every byte of a page with what it means.
use super::Region;
use crate::report::doc::{Bytes, BytesOf};

/// The regions, those of one structure together.
pub(super) fn parts(regions: &[Region]) -> Vec<BytesOf> {
    let mut parts: Vec<BytesOf> = Vec::new();
    for region in regions {
        let title = format!("{}, {}", region.part, region.header);
        if parts.last().is_none_or(|part| part.title != title) {
            parts.push(BytesOf { title, fields: Vec::new() });
        }
        let bytes = Bytes {
            at: region.at,
            digits: region.bytes.clone(),
            field: region.field.clone(),
            value: region.value.clone(),
            meaning: region.meaning.clone(),
        };
        if let Some(part) = parts.last_mut() {
            part.fields.push(bytes);
        }
    }
    parts
}
