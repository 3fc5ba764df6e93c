//! Any page: header and checksum (`PageIsVerified`, storage/page/bufpage.c).
mod looks;

use crate::finding::{Finding, Place, rules};
use crate::format::page::{HEADER_SIZE, LAYOUT_VERSION, PageHeader, checksum, is_new, is_zeroed};
use crate::types::BlockNumber;

/// What is known about a page from outside of it.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Its block.
    pub block: BlockNumber,
    /// The relation as this major's messages name it (`Layout::relation_in_message`): its path, such
    /// as `base/5/16390`, without the segment.
    pub relation: &'a str,
    /// Whether pages of this cluster carry checksums.
    pub checksums: bool,
}

/// Judges the header and the checksum of `page`, a whole block; gives whether its content can be
/// trusted. A page of zeros is trusted to be new. The places of findings are left to the caller.
#[inline]
pub fn judge(page: &[u8], known: Known<'_>, found: &mut dyn FnMut(Finding)) -> bool {
    let Ok((_, header)) = PageHeader::parse(page) else { return false };
    let sound = !is_new(page)
        && header.check(page.len()).is_ok()
        && right_size(&header, page.len())
        && usize::from(header.pd_lower) >= HEADER_SIZE
        && !(known.checksums && checksum(page, known.block) != header.pd_checksum);
    sound || is_zeroed(page) || judge_damage(page, &header, known, found)
}

fn right_size(header: &PageHeader, page_len: usize) -> bool {
    usize::from(header.page_size()) == page_len && header.layout_version() == LAYOUT_VERSION
}

/// Says what is wrong; always false.
#[cold]
fn judge_damage(
    page: &[u8],
    header: &PageHeader,
    known: Known<'_>,
    found: &mut dyn FnMut(Finding),
) -> bool {
    let invalid = format!("invalid page in block {} of relation {}", known.block, known.relation);
    let mut push = |rule, evidence: String, says: Option<&str>| {
        let finding = Finding::new(rule, Place::default(), evidence);
        found(says.into_iter().fold(finding, Finding::says));
    };
    if is_new(page) {
        push(&rules::PAGE_NEW_NOT_ZEROED, looks::not_zeroed(page), Some(&invalid));
        return false;
    }
    let computed = checksum(page, known.block);
    if known.checksums && computed != header.pd_checksum {
        let stored = header.pd_checksum;
        let says = format!(
            "page verification failed, calculated checksum {computed} but expected {stored}"
        );
        push(
            &rules::PAGE_CHECKSUM,
            looks::checksum_mismatch(page, header, known.block),
            Some(&says),
        );
    }
    if let Err(fault) = header.check(page.len()) {
        push(&rules::PAGE_HEADER, format!("{fault}{}", looks::hint(page)), Some(&invalid));
    } else if usize::from(header.pd_lower) < HEADER_SIZE {
        let evidence = format!("pd_lower is {}, inside the page header", header.pd_lower);
        push(&rules::PAGE_HEADER, evidence, None);
    }
    if !right_size(header, page.len()) {
        let (size, version) = (header.page_size(), header.layout_version());
        let evidence = format!(
            "page size {size}, layout version {version}, expected {} and {LAYOUT_VERSION}",
            page.len()
        );
        push(&rules::PAGE_SIZE_VERSION, evidence, None);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{Known, judge};
    use crate::format::page::checksum;
    use crate::types::BlockNumber;

    /// An empty page as PageInit leaves it, with its checksum as block 3.
    fn healthy() -> Vec<u8> {
        let mut page = vec![0; 8192];
        for (word, value) in [(6, 24_u16), (7, 8192), (8, 8192), (9, 0x2004)] {
            page.as_chunks_mut().0[word] = value.to_le_bytes();
        }
        sealed(page)
    }

    fn sealed(mut page: Vec<u8>) -> Vec<u8> {
        let sum = checksum(&page, BlockNumber(3));
        page[8..10].copy_from_slice(&sum.to_le_bytes());
        page
    }

    fn findings(page: &[u8], checksums: bool) -> Vec<(&'static str, String)> {
        let mut all = Vec::new();
        let known = Known { block: BlockNumber(3), relation: "base/5/16390", checksums };
        let sound =
            judge(page, known, &mut |finding| all.push((finding.rule.id, finding.evidence)));
        assert_eq!(sound, all.is_empty());
        all
    }

    #[test]
    fn healthy_and_zeroed_pages_give_nothing() {
        assert_eq!(findings(&healthy(), true), []);
        assert_eq!(findings(&[0; 8192], true), []);
    }

    #[test]
    fn each_rule_finds_its_damage() {
        let damaged = |at: usize, byte: u8| {
            let mut page = healthy();
            page[at] = byte;
            page
        };
        let ids = |page: &[u8], checksums| -> Vec<_> {
            findings(page, checksums).into_iter().map(|(id, _)| id).collect()
        };
        assert_eq!(ids(&damaged(4000, 1), true), ["page.checksum"]);
        assert_eq!(ids(&damaged(4000, 1), false), [""; 0]);
        assert_eq!(ids(&damaged(10, 8), true), ["page.checksum", "page.header"]);
        assert_eq!(ids(&damaged(12, 20), false), ["page.header"]);
        assert_eq!(ids(&damaged(19, 0x40), false), ["page.size-version"]);
        let mut page = healthy();
        page[..4096].fill(0);
        page[5000] = 1;
        assert_eq!(
            findings(&page, true),
            [("page.new-not-zeroed", "pd_upper is 0, and 1 byte is not zero, at 5000".to_owned())]
        );
    }
}
