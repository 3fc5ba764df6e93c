//! GiST indexes (`gistcheckpage`, access/gist/gistutil.c; access/gist.h).
use super::Judge;
use super::items::Also;
use crate::format::index::gist::Opaque;
use crate::types::BlockNumber;

/// `F_HAS_GARBAGE` and those below it.
const FLAGS: u16 = 0x001F;
/// `TUPLE_IS_INVALID` (access/gist_private.h): what a crash before 9.1 left.
const INVALID: u16 = 0xFFFE;

impl Judge<'_, '_> {
    pub(super) fn gist(&mut self) {
        let Ok(opaque) = Opaque::of(self.page) else { return };
        let unknown = opaque.flags & !FLAGS;
        if unknown != 0 {
            let flags = opaque.flags;
            self.special(format!("flags {flags:#06x}, of which {unknown:#06x} have no meaning"));
        }
        if opaque.follows_right() && opaque.rightlink == BlockNumber::INVALID {
            self.special("follow_right, and no right sibling");
        }
        // The root is block 0, which is nobody's sibling.
        self.sibling("rightlink", opaque.rightlink, BlockNumber::INVALID);
        // A deleted page holds a transaction id where line pointers were.
        if opaque.is_deleted() {
            return;
        }
        let also = if opaque.is_leaf() { Also::Dead } else { Also::Nothing };
        self.index_tuples(also, |judge, number, tuple| {
            if opaque.is_leaf() {
                return judge.row(number, tuple.t_tid);
            }
            judge.child(number, tuple.t_tid.block, 1);
            if tuple.t_tid.offset.0 == INVALID {
                judge.tuple(number, "is marked as invalid");
            }
        });
    }
}
