//! A heap page: line pointers, tuple headers, HOT chains (contrib/amcheck/verify_heapam.c).
mod chain;
mod items;
mod shape;
mod sound;
#[cfg(test)]
mod tests;
mod tuple;
mod values;

pub use shape::Shape;
pub use sound::Glance;
pub(super) use tuple::data_offset;

use crate::analysis::visibility::Transactions;
use crate::finding::Finding;
use crate::format::heap::HeapTupleHeader;
use crate::format::page::Page;
use crate::types::{BlockNumber, FullXid, OffsetNumber};

/// `MaxHeapAttributeNumber` (access/htup_details.h).
const MAX_ATTRIBUTES: u16 = 1600;

/// What is known about a heap page from outside of it.
#[derive(Debug)]
pub struct Known<'a, X> {
    /// Its block.
    pub block: BlockNumber,
    /// What became of transactions.
    pub transactions: &'a X,
    /// The next transaction id, if no page can be ahead of it: only where the server stopped
    /// cleanly, because pages may be written before pg_control is.
    pub next_xid: Option<FullXid>,
    /// How the table's rows are stored, if known.
    pub shape: Option<&'a Shape>,
}

/// What judging one page after another works with, so that it need not be allocated each time.
#[derive(Debug, Default)]
pub struct Scratch {
    slots: Vec<Slot>,
    storage: Vec<(u32, u32, u16)>,
}

/// One line pointer, judged.
#[derive(Debug, Clone, Copy)]
struct Slot {
    state: State,
    /// Bytes of the tuple.
    len: u16,
    /// Where the chain goes on, 0 for nowhere.
    successor: u16,
    /// What leads here, 0 for nothing.
    predecessor: u16,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// Unused, dead, or so wrong that nothing can be said of it.
    Nothing,
    /// Redirects to where `successor` says.
    Redirect,
    /// A tuple whose header can be read.
    Tuple(HeapTupleHeader),
}

/// Where findings go, with the line pointer they are about; `None` for the page itself. Their
/// places are left to the caller.
pub type Found<'a> = dyn FnMut(Option<OffsetNumber>, Finding) + 'a;

/// Judges the line pointers and tuples of a page whose header was found sane. Most pages are found
/// sound in one look without HOT chains; only the others are taken apart.
pub fn judge<X: Transactions>(
    page: &Page<'_>,
    known: &Known<'_, X>,
    scratch: &mut Scratch,
    found: &mut Found<'_>,
) {
    if !sound::at_first_sight(page, known) {
        judge_closely(page, known, scratch, found);
    }
}

/// The same for a page at which a [`Glance`] was taken, which was not enough.
pub fn judge_closely<X: Transactions>(
    page: &Page<'_>,
    known: &Known<'_, X>,
    scratch: &mut Scratch,
    found: &mut Found<'_>,
) {
    items::judge(page, known, scratch, found);
    tuple::judge(page, known, &scratch.slots, found);
    chain::judge(known, &mut scratch.slots, found);
}

impl Scratch {
    fn reset(&mut self, count: u16) {
        let nothing = Slot { state: State::Nothing, len: 0, successor: 0, predecessor: 0 };
        self.slots.clear();
        self.slots.resize(usize::from(count), nothing);
        self.storage.clear();
    }
}

/// The slot of an offset number.
fn slot(slots: &[Slot], number: u16) -> Option<&Slot> {
    slots.get(usize::from(number).checked_sub(1)?)
}

fn slot_mut(slots: &mut [Slot], number: u16) -> Option<&mut Slot> {
    slots.get_mut(usize::from(number).checked_sub(1)?)
}

/// Slots with their offset numbers.
fn numbered(slots: &[Slot]) -> impl Iterator<Item = (u16, &Slot)> {
    (1..=u16::MAX).zip(slots)
}
