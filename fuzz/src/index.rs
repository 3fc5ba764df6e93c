//! Pages of indexes: a target for each access method.
use super::judge::take_apart;
use pgdissect::analysis::index::Method;
use pgdissect::analysis::verify;
use pgdissect::format::page::Page;
use pgdissect::layout::PgVersion;
use pgdissect::report::page::PageKind;
use pgdissect::types::BlockNumber;

/// A page that is said to be one of `method`: taken apart and explained, and judged by its rules
/// even if its header is wrong, as the metapage and as another.
fn page(data: &[u8], method: Method, kind: PageKind) {
    take_apart(data, kind, false);
    let Ok(page) = Page::parse(data) else { return };
    for (block, columns, version) in
        [(0, None, PgVersion::V19), (3, Some(1), PgVersion::V12), (3, Some(3), PgVersion::V14)]
    {
        let mut said = 0_usize;
        let layout = version.layout();
        let known =
            verify::index::Known { method, block: BlockNumber(block), layout, columns, rows: true };
        verify::index::judge(&page, known, &mut |_, _| said += 1);
        assert!(said <= 64 + data.len(), "{said} findings on {} bytes", data.len());
    }
}

/// A page of a bloom index.
pub fn bloom_page(data: &[u8]) {
    page(data, Method::Bloom, PageKind::Bloom);
}

/// A page of a BRIN index.
pub fn brin_page(data: &[u8]) {
    page(data, Method::Brin, PageKind::Brin);
}

/// A page of a B-tree.
pub fn btree_page(data: &[u8]) {
    page(data, Method::Btree, PageKind::Btree);
}

/// A page of a GIN index.
pub fn gin_page(data: &[u8]) {
    page(data, Method::Gin, PageKind::Gin);
}

/// A page of a GiST index.
pub fn gist_page(data: &[u8]) {
    page(data, Method::Gist, PageKind::Gist);
}

/// A page of a hash index.
pub fn hash_page(data: &[u8]) {
    page(data, Method::Hash, PageKind::Hash);
}

/// A page of an SP-GiST index.
pub fn spgist_page(data: &[u8]) {
    page(data, Method::Spgist, PageKind::Spgist);
}
