//! A page as a picture: what its bytes, or of a map the blocks that it is about, are used for.
use super::PageDump;
use crate::report::doc::{Block, Doc, Hue, Ink, Picture, Run};
use serde::Serialize;

/// A page drawn to scale. Its parts follow each other without gaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Diagram {
    /// What `at` and `len` count.
    pub unit: Unit,
    /// Where the first part begins: 0, or of a map its first block.
    pub start: u32,
    /// All of it.
    pub len: u32,
    /// From the first to the last.
    pub parts: Vec<Drawn>,
    /// The chains of more than one line pointer, each from its first. Heap pages only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chains: Vec<Vec<Link>>,
}

/// What a diagram counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Unit {
    /// Bytes of the page.
    #[serde(rename = "bytes")]
    Bytes,
    /// Blocks that a map is about.
    #[serde(rename = "blocks")]
    Blocks,
    /// Pages of a map one level below.
    #[serde(rename = "pages")]
    Pages,
}

/// One part of a diagram.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Drawn {
    /// Where it begins.
    pub at: u32,
    /// How long it is.
    pub len: u32,
    /// What it is used for.
    #[serde(rename = "use")]
    pub of: Use,
    /// The number of the line pointer, of the tuple's line pointer, or of the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u16>,
}

/// A step of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Link {
    /// The line pointer.
    pub lp: u16,
    /// `redirect`, or what became of the tuple.
    pub what: &'static str,
}

/// Defines what parts of a page are used for: names as JSON has them and people read them, and
/// how they are drawn.
macro_rules! uses {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $fill:literal, $hue:ident $(, $framed:ident)?;)*) => {
        /// What a part of a page is used for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        pub enum Use {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Use {
            /// How it is drawn.
            const fn ink(self) -> Ink {
                match self {
                    $(Self::$name => Ink {
                        name: $text,
                        fill: $fill,
                        hue: Hue::$hue,
                        framed: uses!(@ $($framed)?),
                    },)*
                }
            }
        }
    };
    (@ framed) => { true };
    (@) => { false };
}

uses! {
    /// The page header.
    Header = "header", 'h', Blue;
    /// A line pointer with a tuple.
    Pointer = "line pointer", '•', Plain;
    /// A line pointer that leads to another.
    Redirect = "redirecting line pointer", '→', Cyan;
    /// A line pointer whose tuple is dead.
    DeadPointer = "dead line pointer", '×', Red;
    /// A line pointer that is free.
    UnusedPointer = "unused line pointer", '○', Faint;
    /// The hole between pd_lower and pd_upper.
    Hole = "hole", '·', Faint;
    /// A row that is live.
    Live = "live tuple", '█', Green, framed;
    /// A row whose insertion or deletion has not ended, or of which nothing is known.
    Unsure = "tuple in doubt", '▒', Yellow, framed;
    /// A row that is dead or deleted.
    Dead = "dead tuple", '░', Red, framed;
    /// Of an index, an entry for a row.
    Entry = "entry", '█', Green, framed;
    /// Of an index, an entry that is known to be dead.
    DeadEntry = "dead entry", '░', Red, framed;
    /// Of an index, an entry for several rows.
    Posting = "posting list", '▓', Cyan, framed;
    /// Of an index, what leads to a child.
    Child = "link to a child", '▒', Magenta, framed;
    /// Of a B-tree, the upper bound of the page's keys.
    HighKey = "high key", '◆', Yellow, framed;
    /// Of an SP-GiST index, a tuple that was moved, or is only there to be counted.
    Placeholder = "redirect or placeholder", '░', Faint, framed;
    /// Of a BRIN index, the summary of a range.
    Summary = "summary", '█', Green, framed;
    /// What the metapage says.
    Meta = "metapage", 'm', Magenta;
    /// A map's entries that say something.
    Map = "map", '▓', Cyan;
    /// A map's entries that say nothing.
    EmptyMap = "empty map", '░', Faint;
    /// Storage behind a line pointer of which no more is known.
    Storage = "storage", '▒', Yellow, framed;
    /// Of a page that was never initialised.
    New = "never initialised", '·', Faint;
    /// Behind tuples, up to the next multiple of 8.
    Padding = "padding", ' ', Faint;
    /// Behind pd_upper, of no tuple.
    Unclaimed = "of no tuple", '~', Faint;
    /// The special space.
    Special = "special space", 's', Blue;
    /// Blocks that are all-frozen.
    AllFrozen = "all-frozen", '█', Blue;
    /// Blocks that are all-visible, and not all-frozen.
    AllVisible = "all-visible", '▓', Green;
    /// Blocks of which the map says nothing.
    NotVisible = "not all-visible", '·', Faint;
    /// Blocks without free space.
    Full = "full", '█', Red;
    /// Blocks with less than a quarter free.
    QuarterFree = "less than 25 % free", '▓', Yellow;
    /// Blocks with less than half free.
    HalfFree = "less than 50 % free", '▒', Green;
    /// Blocks with less than three quarters free.
    MostlyFree = "less than 75 % free", '░', Cyan;
    /// Blocks that are nearly empty.
    Free = "75 % free or more", '·', Faint;
}

/// Adds the picture of `page`.
pub(super) fn show(page: &PageDump, doc: &mut Doc) {
    let Some(diagram) = &page.diagram else { return };
    let unit = match diagram.unit {
        Unit::Bytes => "byte",
        Unit::Blocks => "block",
        Unit::Pages => "page",
    };
    let run =
        |part: &Drawn| Run { at: part.at, len: part.len, ink: part.of.ink(), label: part.number };
    let runs = diagram.parts.iter().map(run).collect();
    doc.push(Block::Picture(Picture { unit, runs }));
    if !diagram.chains.is_empty() {
        doc.push(Block::Heading("HOT chains".to_owned()));
        let link = |link: &Link| format!("{} {}", link.lp, link.what);
        let chain = |links: &Vec<Link>| links.iter().map(link).collect::<Vec<_>>().join(" → ");
        doc.push(Block::List(diagram.chains.iter().map(chain).collect()));
    }
}
