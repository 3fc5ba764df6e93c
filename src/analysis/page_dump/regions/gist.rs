//! Pages of GiST indexes (access/gist.h).
use super::claims::Claims;
use super::index;
use super::{Subject, words};
use crate::format::index::gist::Opaque;
use crate::format::page::HEADER_SIZE;
use crate::report::page::Use;
use crate::types::BlockNumber;

const HEADER: &str = "access/gist.h";

pub(super) fn claim(subject: &Subject<'_>, claims: &mut Claims) {
    let page = subject.page;
    let Ok(opaque) = Opaque::of(page) else { return super::unknown(page, claims) };
    special(&opaque, page.header().pd_special.into(), claims);
    if let Some(xid) = opaque.delete_xid(page) {
        claims
            .part(Use::Meta, "deleted page (GISTDeletedPageContents)", HEADER, HEADER_SIZE)
            .field(
                8,
                "deleteXid",
                xid,
                "The page can be used again once no snapshot is older than this transaction.",
            );
        return;
    }
    index::tuples(subject, claims, |found, claims| {
        let tid = found.tuple.t_tid;
        let end = found.tuple.bytes().len();
        let mut row = if opaque.is_leaf() {
            found.begin(Use::Entry, "entry", (tid, "The row in the table."), claims)
        } else {
            let child = (
                format!("block {}", tid.block),
                "The child; the key covers all that is \
                below it.",
            );
            found.begin(Use::Child, "link to a child", child, claims)
        };
        found.keys(subject.columns, end, subject, &mut row);
    });
}

fn special(opaque: &Opaque, at: usize, claims: &mut Claims) {
    let right = match opaque.rightlink {
        BlockNumber::INVALID => "none".to_owned(),
        block => format!("block {block}"),
    };
    claims
        .part(Use::Special, "special space (GISTPageOpaqueData)", HEADER, at)
        .field(
            8,
            "nsn",
            opaque.nsn,
            "Node sequence number: set by a split, so that a search that \
            came from the parent before it looks to the right too.",
        )
        .field(4, "rightlink", right, "The page's right sibling.")
        .field(
            2,
            "flags",
            words(opaque.flags, opaque.flag_names()),
            "What kind of page it is, \
            and its state.",
        )
        .field(
            2,
            "gist_page_id",
            format!("{:#06x}", opaque.gist_page_id),
            "Says that this is a \
            page of a GiST index: 0xff81.",
        );
}
