//! Pages of SP-GiST indexes (access/spgist_private.h): inner tuples that split the space among
//! nodes, and chains of leaf tuples.
//!
//! ```text
//! inner: 0 state 2, all-the-same 1, nNodes 13, prefixSize 16 bits | 4 size | 8 prefix | nodes
//! leaf:  0 state 2, size 30 bits | 4 t_info: next offset, has nulls | 6 heap TID | 16 values
//! dead:  as a leaf, with a TID in the index in place of the heap's, and | 12 xid
//! ```
use super::tuple::{IndexTuple, tid};
use crate::format::bytes::{i32, u16, u32};
use crate::format::error::{Fault, Parse, ParseError, parse_at, stop};
use crate::format::page::{HEADER_SIZE, Page};
use crate::types::{BlockNumber, OffsetNumber, Tid, Xid};

/// `SPGIST_MAGIC_NUMBER`.
pub const MAGIC: u32 = 0xBA0B_ABEE;
/// `SPGIST_PAGE_ID`: the last two bytes of every page.
pub const PAGE_ID: u16 = 0xFF82;
/// `SPGIST_CACHED_PAGES`.
const CACHED_PAGES: usize = 8;
/// `SGITHDRSZ`, and the header of a node.
const HEADER: usize = 8;
/// Names of the flags, from the lowest bit.
const NAMES: [&str; 4] = ["meta", "deleted", "leaf", "nulls"];

/// The special space (`SpGistPageOpaqueData`), 8 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(non_snake_case, reason = "the C names")]
pub struct Opaque {
    /// Flags.
    pub flags: u16,
    /// Redirections on the page.
    pub nRedirection: u16,
    /// Placeholders on the page.
    pub nPlaceholder: u16,
    /// [`PAGE_ID`].
    pub spgist_page_id: u16,
}

impl Opaque {
    /// Reads the special space of a page.
    ///
    /// # Errors
    /// [`Fault::Truncated`] only.
    pub fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, flags) = u16(input)?;
        let (rest, redirections) = u16(rest)?;
        let (rest, placeholders) = u16(rest)?;
        let (rest, spgist_page_id) = u16(rest)?;
        let opaque =
            Self { flags, nRedirection: redirections, nPlaceholder: placeholders, spgist_page_id };
        Ok((rest, opaque))
    }

    /// The opaque data of `page`.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn of(page: &Page<'_>) -> Result<Self, ParseError> {
        let at = u64::from(page.header().pd_special);
        parse_at(page.special(), at, "SpGistPageOpaqueData", Self::parse)
    }

    /// Whether it is the metapage.
    pub const fn is_meta(&self) -> bool {
        self.flags & 1 != 0
    }

    /// Whether its tuples are leaves.
    pub const fn is_leaf(&self) -> bool {
        self.flags & 4 != 0
    }

    /// Whether it belongs to the tree of null keys.
    pub const fn stores_nulls(&self) -> bool {
        self.flags & 8 != 0
    }

    /// The flags by name.
    pub fn flag_names(&self) -> Vec<String> {
        super::flag_names(self.flags, &NAMES)
    }
}

/// What is on the first page (`SpGistMetaPageData`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// [`MAGIC`].
    pub magic: u32,
    /// Pages that had room when they were last used, and how many bytes: inner pages by three
    /// classes and leaves, of values and then of nulls.
    pub last_used: Vec<(BlockNumber, i32)>,
}

impl Meta {
    /// Reads the metapage.
    ///
    /// # Errors
    /// [`Fault::Truncated`] only.
    pub fn of(page: &Page<'_>) -> Result<Self, ParseError> {
        let contents = page.bytes().get(HEADER_SIZE..).unwrap_or_default();
        parse_at(contents, HEADER_SIZE as u64, "SpGistMetaPageData", |input| {
            let (mut rest, magic) = u32(input)?;
            let mut last_used = Vec::with_capacity(CACHED_PAGES);
            for _ in 0..CACHED_PAGES {
                let (after, block) = u32(rest)?;
                let (after, free) = i32(after)?;
                last_used.push((BlockNumber(block), free));
                rest = after;
            }
            Ok((rest, Self { magic, last_used }))
        })
    }
}

/// What became of a tuple (`tupstate`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// In use.
    Live,
    /// Moved: searches on the way here go on elsewhere.
    Redirect,
    /// Dead, kept because a link leads to it.
    Dead,
    /// Keeps the offset numbers of others.
    Placeholder,
}

impl State {
    const fn from_word(word: u32) -> Self {
        match word & 3 {
            0 => Self::Live,
            1 => Self::Redirect,
            2 => Self::Dead,
            _ => Self::Placeholder,
        }
    }

    /// The state of any tuple, leaf or inner.
    ///
    /// # Errors
    /// [`Fault::Truncated`] only.
    pub fn of(tuple: &[u8]) -> Parse<'_, Self> {
        u32(tuple).map(|(rest, word)| (rest, Self::from_word(word)))
    }
}

/// An inner tuple that is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inner<'a> {
    /// Whether all nodes are equivalent, because the values could not be told apart.
    pub all_the_same: bool,
    /// Nodes.
    pub nodes: u16,
    /// What all values below have in common, as the operator class stores it; empty for none.
    pub prefix: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Inner<'a> {
    /// Reads the tuple at the start of `input`.
    ///
    /// # Errors
    /// [`Fault::Truncated`]; [`Fault::Unexpected`] if prefix and header exceed its size.
    pub fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, word) = u32(input)?;
        let (_, size) = u16(rest)?;
        let Some((tuple, after)) = input.split_at_checked(size.into()) else {
            return stop(input, Fault::Truncated { need: size.into(), have: input.len() });
        };
        let prefix_size = (word >> 16) as usize;
        let body = tuple.get(HEADER..).and_then(|body| body.split_at_checked(prefix_size));
        let Some((prefix, rest)) = body else {
            let (field, found) = ("prefixSize", prefix_size as u64);
            return stop(input, Fault::Unexpected { field, found, expected: "less than size" });
        };
        let nodes = u16::try_from(word >> 3 & 0x1FFF).unwrap_or(0);
        Ok((after, Self { all_the_same: word & 4 != 0, nodes, prefix, rest }))
    }

    /// The nodes: where each leads (the invalid block for nowhere yet), and its label in what
    /// follows 8 bytes of header. After an error there are no more.
    pub fn nodes(&self) -> impl Iterator<Item = Result<IndexTuple<'a>, ParseError>> {
        let mut rest = Some(self.rest);
        (0..self.nodes).map_while(move |_| {
            let input = rest?;
            let read = parse_at(input, 0, "SpGistNodeTupleData", |input| {
                let (after, node) = IndexTuple::parse_without_bitmap(input)?;
                Ok((after, (after, node)))
            });
            rest = read.as_ref().ok().map(|(after, _)| *after);
            Some(read.map(|(_, node)| node))
        })
    }
}

/// The bytes of a node's label; `None` if it has none.
pub fn node_label<'a>(node: &IndexTuple<'a>) -> Option<&'a [u8]> {
    node.bytes().get(HEADER..).filter(|label| !node.has_nulls() && !label.is_empty())
}

/// A leaf tuple of any state but live ones' values: those of a live one are `data`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf<'a> {
    /// What became of it.
    pub state: State,
    /// Bytes of the tuple.
    pub size: u32,
    /// The next tuple of its chain; 0 for none. Before 14, all 16 bits.
    pub next_offset: OffsetNumber,
    /// Whether a bitmap of nulls stands before the values: from 14 on, with included columns.
    pub has_nulls: bool,
    /// The row, or of a redirection, where in the index searches go on.
    pub pointer: Tid,
    /// Of a redirection, the transaction that moved the tuples.
    pub xid: Option<Xid>,
    /// Where `has_nulls`, a set bit for each value that is not null; else empty.
    pub bitmap: &'a [u8],
    /// Of a live tuple, the values.
    pub data: &'a [u8],
}

impl<'a> Leaf<'a> {
    /// Reads the tuple at the start of `input`.
    ///
    /// # Errors
    /// [`Fault::Truncated`]; [`Fault::Unexpected`] for a size that does not hold the header.
    pub fn parse(input: &'a [u8]) -> Parse<'a, Self> {
        let (rest, word) = u32(input)?;
        let (rest, t_info) = u16(rest)?;
        let (rest, pointer) = tid(rest)?;
        let (_, xid) = u32(rest)?;
        let (state, size) = (State::from_word(word), word >> 2);
        let Some((tuple, after)) = input.split_at_checked(size as usize) else {
            return stop(input, Fault::Truncated { need: size as usize, have: input.len() });
        };
        if size < 16 {
            let (field, found) = ("size", u64::from(size));
            return stop(input, Fault::Unexpected { field, found, expected: "at least 16" });
        }
        let live = state == State::Live;
        let leaf = Self {
            state,
            size,
            next_offset: OffsetNumber(t_info & 0x3FFF),
            has_nulls: t_info & 0x8000 != 0,
            pointer,
            xid: (state == State::Redirect).then_some(Xid(xid)),
            bitmap: tuple.get(12..16).filter(|_| live && t_info & 0x8000 != 0).unwrap_or_default(),
            // The values are aligned to 8; a bitmap fits before them.
            data: tuple.get(16..).filter(|_| live).unwrap_or_default(),
        };
        Ok((after, leaf))
    }
}
