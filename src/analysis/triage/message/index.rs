//! Indexes: a page by the rules of its access method, and how it hangs together with the others.
use super::super::Evidence;
use super::block::Found;
use crate::analysis::index::{Method, Request, inspect};
use crate::analysis::verify;
use crate::cluster::{RelKind, Selector};
use crate::finding::Finding;
use crate::format::page::Page;
use crate::source::Quiet;
use crate::types::{BlockNumber, Fork};

/// Findings of one page that are told.
const TOLD: usize = 3;

/// Whether it is the main fork of an index.
pub(super) fn is_one(found: &Found<'_>) -> bool {
    found.fork == Fork::Main && found.relation.kind == RelKind::Index
}

/// What is wrong on a page whose header and checksum are right.
pub(super) fn judge(
    evidence: &Evidence<'_>,
    found: &Found<'_>,
    bytes: &[u8],
    block: u32,
) -> Vec<Finding> {
    let Ok(page) = Page::parse(bytes) else { return Vec::new() };
    let known = verify::index::Known {
        method: Method::of(found.relation.access_method.as_deref()),
        block: BlockNumber(block),
        layout: evidence.cluster.dialect().layout,
        columns: evidence.cluster.index_shape(found.relation).map(|shape| shape.columns.len()),
        rows: true,
    };
    let mut all = Vec::new();
    verify::index::judge(&page, known, &mut |_, finding| all.push(finding));
    all.truncate(TOLD);
    all
}

/// What is wrong with the links from and to a page, and what else is wrong with the index: all of it
/// is read.
pub(super) fn links(evidence: &Evidence<'_>, found: &Found<'_>, block: u32) -> Option<String> {
    if !is_one(found) {
        return None;
    }
    let segment = found.files.segments().first()?.relation_path().to_owned();
    let request = Request {
        index: Some(Selector::parse(&segment).ok()?),
        with_heap: false,
        tree: None,
        jobs: evidence.request.jobs,
    };
    let answer = inspect(evidence.cluster, &request, &Quiet).ok()?;
    let all = answer.findings.by_rule().into_iter().flat_map(|of| &of.kept);
    let own = |finding: &&Finding| finding.place.object.as_deref() == Some(&*found.name);
    let all: Vec<_> = all.filter(own).collect();
    let here = all.iter().find(|finding| finding.place.block == Some(BlockNumber(block)));
    let said = |finding: &Finding| format!("{}: {}", finding.rule.id, finding.evidence);
    match (here, all.first()) {
        (Some(finding), _) => Some(said(finding)),
        (None, Some(first)) => {
            let at = first.place.block.map_or_else(String::new, |at| format!("block {at} "));
            Some(format!("by itself the page is sound, but the index is not: {at}{}", said(first)))
        }
        (None, None) => None,
    }
}
