//! Pages of indexes, one at a time and one file for each access method: what is judged here can be
//! seen on the page alone, as far as PostgreSQL relies on it (the access method's own checks of a
//! page, contrib/amcheck, and what replay would refuse). How pages lead to each other and to rows
//! `crate::analysis::index` judges.
mod bloom;
mod brin;
mod btree;
mod gin;
mod gist;
mod hash;
mod items;
mod spgist;

use crate::analysis::index::{Method, Role};
use crate::finding::{Finding, Place, Rule, rules};
use crate::format::page::Page;
use crate::layout::Layout;
use crate::types::{BlockNumber, OffsetNumber, Tid};

/// What is known of a page from outside of it.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// The access method of its index.
    pub method: Method,
    /// Its block.
    pub block: BlockNumber,
    /// How pages of this major are laid out.
    pub layout: &'static Layout,
    /// The columns of the index, if the catalogs say.
    pub columns: Option<usize>,
    /// Whether the rows inside of posting lists and of pages of rows are judged one by one.
    pub rows: bool,
}

/// Where findings go, each with the line pointer it is about.
type Found<'f> = dyn FnMut(Option<OffsetNumber>, Finding) + 'f;

/// A page that is being judged.
struct Judge<'a, 'f> {
    page: &'a Page<'a>,
    known: Known,
    found: &'a mut Found<'f>,
}

/// Judges what is on a page of an index whose header and checksum are right, and gives what the page
/// is for; `None` if it is none of the access method. A new page has nothing on it. The places of
/// findings are left to the caller, but for the line pointer.
pub fn judge(page: &Page<'_>, known: Known, found: &mut Found<'_>) -> Option<Role> {
    if page.header().is_new() {
        return Some(Role::New);
    }
    let mut judge = Judge { page, known, found };
    let role = match known.method.role(page) {
        Ok(role) => role,
        Err(evidence) => {
            judge.say(&rules::INDEX_FOREIGN_PAGE, None, evidence);
            return None;
        }
    };
    match known.method {
        Method::Btree => judge.btree(),
        Method::Hash => judge.hash(),
        Method::Gin => judge.gin(),
        Method::Gist => judge.gist(),
        Method::Spgist => judge.spgist(),
        Method::Brin => judge.brin(),
        Method::Bloom => judge.bloom(),
        Method::Other => {}
    }
    Some(role)
}

impl Judge<'_, '_> {
    fn say(
        &mut self,
        rule: &'static Rule,
        offset: Option<OffsetNumber>,
        evidence: impl Into<String>,
    ) {
        (self.found)(offset, Finding::new(rule, Place::default(), evidence));
    }

    /// Says what contradicts itself in the special space.
    fn special(&mut self, evidence: impl Into<String>) {
        self.say(&rules::INDEX_SPECIAL_SPACE, None, evidence);
    }

    /// Says what is wrong with a tuple.
    fn tuple(&mut self, offset: OffsetNumber, evidence: impl Into<String>) {
        self.say(&rules::INDEX_TUPLE, Some(offset), evidence);
    }

    /// Whether flags are those that there are, and the metapage is where it must be; gives whether
    /// it is the metapage.
    fn flags(&mut self, flags: u16, there_are: u16, meta: bool) -> bool {
        if flags & !there_are != 0 {
            let unknown = flags & !there_are;
            self.special(format!("flags {flags:#06x}, of which {unknown:#06x} have no meaning"));
        }
        match (self.known.block.0, meta) {
            (0, false) => {
                let evidence = "the first page does not say that it is the metapage";
                self.say(&rules::INDEX_METAPAGE, None, evidence);
            }
            (1.., true) => self.special("says that it is the metapage, which is block 0"),
            _ => {}
        }
        meta
    }

    /// Says which number of a metapage is not what it must be.
    fn metapage(&mut self, field: &str, found: u64, expected: &str) {
        let evidence = format!("{field} is {found}, expected {expected}");
        self.say(&rules::INDEX_METAPAGE, None, evidence);
    }

    /// Whether a sibling can be one: not the metapage, and not the page itself. `none` is what
    /// stands for none.
    fn sibling(&mut self, field: &str, to: BlockNumber, none: BlockNumber) {
        if to != none && (to.0 == 0 || to == self.known.block) {
            let who = if to.0 == 0 { "the metapage" } else { "the page itself" };
            self.say(&rules::INDEX_SIBLING_LINK, None, format!("{field} is {to}, {who}"));
        }
    }

    /// Whether a child can be one: `first` is the lowest block that can.
    fn child(&mut self, offset: OffsetNumber, to: BlockNumber, first: u32) {
        if to.0 < first || to == self.known.block || to == BlockNumber::INVALID {
            let evidence = format!("leads to block {to}, which cannot be below this one");
            self.say(&rules::INDEX_CHILD_LINK, Some(offset), evidence);
        }
    }

    /// Whether a row can be one (`ItemPointerIsValid`).
    fn row(&mut self, offset: OffsetNumber, row: Tid) {
        if !is_row(row) {
            self.tuple(offset, format!("leads to {row}, which is no row"));
        }
    }
}

/// Whether a TID can be that of a row.
const fn is_row(tid: Tid) -> bool {
    tid.offset.0 != 0 && tid.block.0 != BlockNumber::INVALID.0
}

/// The place of the first of `rows` that is none, or does not come behind the one before it.
fn misplaced(rows: impl IntoIterator<Item = Tid>) -> Option<String> {
    let mut before: Option<Tid> = None;
    for (at, row) in rows.into_iter().enumerate() {
        if !is_row(row) {
            return Some(format!("its row {} is {row}, which is none", at + 1));
        }
        if let Some(before) = before.filter(|before| *before >= row) {
            return Some(format!("its row {} is {row}, behind {before}", at + 1));
        }
        before = Some(row);
    }
    None
}
