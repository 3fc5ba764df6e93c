//! The tuples of indexes that a record puts on pages, of whatever access method.
use super::index_tuple::IndexTuples;
use super::{Body, brin, btree, gin, gist, hash, spgist};
use crate::format::index::IndexTuple;
use crate::format::index::brin::Summary;
use crate::format::wal::record::Record;

/// A tuple that a record puts on a page.
#[derive(Debug, Clone, Copy)]
pub struct LoggedTuple<'a> {
    /// What the record calls the page's block.
    pub block_id: u8,
    /// The field of the record's data that it is, or is in.
    pub field: &'static str,
    /// The tuple.
    pub tuple: AnyTuple<'a>,
}

/// A tuple, by access method.
#[derive(Debug, Clone, Copy)]
pub enum AnyTuple<'a> {
    /// Of a B-tree.
    Btree(IndexTuple<'a>),
    /// Of a hash index.
    Hash(IndexTuple<'a>),
    /// Of the entries or the pending list of a GIN index.
    Gin(IndexTuple<'a>),
    /// Of a GiST index.
    Gist(IndexTuple<'a>),
    /// A leaf of an SP-GiST index.
    SpgistLeaf {
        /// The tuple.
        bytes: &'a [u8],
        /// Whether it is of the tree of nulls.
        nulls: bool,
    },
    /// The prefix of an inner tuple of an SP-GiST index.
    SpgistPrefix(&'a [u8]),
    /// A node of an inner tuple of an SP-GiST index.
    SpgistNode(IndexTuple<'a>),
    /// A summary of a BRIN index.
    Brin(Summary<'a>),
}

/// What is found, in the order of the record's fields.
struct Found<'a>(Vec<LoggedTuple<'a>>);

/// The tuples of indexes in a record, as far as no full-page image stands for them.
pub fn tuples<'a>(record: &Record<'a>, body: &Body<'a>) -> Vec<LoggedTuple<'a>> {
    let mut found = Found(Vec::new());
    match body {
        Body::Btree(body) => found.btree(body),
        Body::Hash(body) => found.hash(body),
        Body::Gin(body) => found.gin(body),
        Body::Gist(body) => found.gist(record, body),
        Body::Spgist(body) => found.spgist(record, body),
        Body::Brin(body) => found.brin(body),
        _ => {}
    }
    found.0
}

impl<'a> Found<'a> {
    fn add(
        &mut self,
        block_id: u8,
        field: &'static str,
        tuples: impl IntoIterator<Item = AnyTuple<'a>>,
    ) {
        self.0.extend(tuples.into_iter().map(|tuple| LoggedTuple { block_id, field, tuple }));
    }

    fn btree(&mut self, body: &btree::Btree<'a>) {
        match body {
            btree::Btree::Insert(body) => {
                self.add(0, "newitem", body.newitem.map(AnyTuple::Btree));
            }
            btree::Btree::Split(body) => {
                self.add(0, "newitem", body.newitem.map(AnyTuple::Btree));
                self.add(0, "lefthighkey", body.lefthighkey.map(AnyTuple::Btree));
                let right = body.rightpage.iter().flat_map(IndexTuples::iter);
                self.add(1, "rightpage", right.map(AnyTuple::Btree));
            }
            btree::Btree::NewRoot(body) => {
                let items = body.items.iter().flat_map(IndexTuples::iter);
                self.add(0, "items", items.map(AnyTuple::Btree));
            }
            _ => {}
        }
    }

    fn hash(&mut self, body: &hash::Hash<'a>) {
        let added = match body {
            hash::Hash::Insert(body) => {
                return self.add(0, "tuple", body.tuple.map(AnyTuple::Hash));
            }
            hash::Hash::MovePageContents(body) => body.added,
            hash::Hash::SqueezePage(body) => body.added,
            _ => None,
        };
        let added = added.iter().flat_map(|added| added.tuples.iter());
        self.add(1, "added", added.map(AnyTuple::Hash));
    }

    fn gin(&mut self, body: &gin::Gin<'a>) {
        let (block, tuples) = match body {
            gin::Gin::Insert(gin::Insert { payload: Some(gin::Payload::Entry(entry)), .. }) => {
                return self.add(0, "tuple", [AnyTuple::Gin(entry.tuple)]);
            }
            gin::Gin::UpdateMeta(body) => (1, body.tuples),
            gin::Gin::InsertListPage(body) => (0, body.tuples),
            _ => return,
        };
        let tuples = tuples.iter().flat_map(IndexTuples::iter);
        self.add(block, "tuples", tuples.map(AnyTuple::Gin));
    }

    fn gist(&mut self, record: &Record<'a>, body: &gist::Gist<'a>) {
        match body {
            gist::Gist::PageUpdate(body) => {
                let tuples = body.change.iter().flat_map(|change| change.toinsert.iter());
                self.add(0, "toinsert", tuples.map(AnyTuple::Gist));
            }
            gist::Gist::PageSplit(body) => {
                for page in &body.pages {
                    // Blocks of the record are as many as its pages, so that ids fit.
                    let block = record.blocks.iter().find(|block| block.block == page.block);
                    let id = block.map_or(u8::MAX, |block| block.id);
                    self.add(id, "pages", page.tuples.iter().map(AnyTuple::Gist));
                }
            }
            _ => {}
        }
    }

    fn spgist(&mut self, record: &Record<'a>, body: &spgist::Spgist<'a>) {
        let leaf = |tuple: &spgist::LeafTuple<'a>, nulls| AnyTuple::SpgistLeaf {
            bytes: tuple.bytes,
            nulls,
        };
        match body {
            spgist::Spgist::AddLeaf(body) => {
                self.add(0, "leaf_tuple", [leaf(&body.leaf_tuple, body.stores_nulls)]);
            }
            spgist::Spgist::MoveLeafs(body) => {
                let leaves = body.leaf_tuples.iter().map(|tuple| leaf(tuple, body.stores_nulls));
                self.add(1, "leaf_tuples", leaves);
            }
            spgist::Spgist::AddNode(body) => {
                let moved = u8::from(record.block(1).is_some());
                self.inner(moved, ["inner_tuple.prefix", "inner_tuple.nodes"], &body.inner_tuple);
            }
            spgist::Spgist::SplitTuple(body) => {
                let names = ["prefix_tuple.prefix", "prefix_tuple.nodes"];
                self.inner(0, names, &body.prefix_tuple);
                let names = ["postfix_tuple.prefix", "postfix_tuple.nodes"];
                self.inner(u8::from(!body.postfix_blk_same), names, &body.postfix_tuple);
            }
            spgist::Spgist::PickSplit(body) => {
                self.inner(2, ["inner_tuple.prefix", "inner_tuple.nodes"], &body.inner_tuple);
                let nulls = body.head.stores_nulls;
                for (tuple, page) in body.leaf_tuples.iter().zip(body.leaf_page_select.0) {
                    self.add(u8::from(*page != 0), "leaf_tuples", [leaf(tuple, nulls)]);
                }
            }
            _ => {}
        }
    }

    fn inner(
        &mut self,
        block: u8,
        [prefix, nodes]: [&'static str; 2],
        of: &spgist::InnerTuple<'a>,
    ) {
        let bytes = Some(of.prefix.0).filter(|bytes| !bytes.is_empty());
        self.add(block, prefix, bytes.map(AnyTuple::SpgistPrefix));
        self.add(block, nodes, of.nodes.iter().map(AnyTuple::SpgistNode));
    }

    fn brin(&mut self, body: &brin::Brin<'a>) {
        let tuple = match body {
            brin::Brin::Insert(body) => body.tuple,
            brin::Brin::Update(body) => body.insert.tuple,
            brin::Brin::SamepageUpdate(body) => body.tuple,
            _ => None,
        };
        self.add(0, "tuple", tuple.map(|tuple| AnyTuple::Brin(tuple.summary)));
    }
}
