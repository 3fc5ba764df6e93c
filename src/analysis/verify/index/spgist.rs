//! SP-GiST indexes (access/spgist_private.h; `spgTestLeafTuple`, access/spgist/spgscan.c).
use super::items::Also;
use super::{Judge, is_row};
use crate::finding::rules;
use crate::format::index::spgist::{Inner, Leaf, MAGIC, Meta, Opaque, State};
use crate::format::parse_at;
use crate::types::{BlockNumber, OffsetNumber, Tid};

/// `SPGIST_NULLS` and those below it.
const FLAGS: u16 = 0x000F;

/// What is known of the leaves of a page, by line pointer.
struct Chains {
    /// Of a live leaf the next one, 0 for none; `None` of anything else.
    next: Vec<Option<u16>>,
    /// How many lead to it.
    before: Vec<u16>,
}

impl Judge<'_, '_> {
    pub(super) fn spgist(&mut self) {
        let Ok(opaque) = Opaque::of(self.page) else { return };
        if self.flags(opaque.flags, FLAGS, opaque.is_meta()) {
            return match Meta::of(self.page) {
                Ok(meta) if meta.magic == MAGIC => {}
                Ok(meta) => self.metapage("magicNumber", meta.magic.into(), &MAGIC.to_string()),
                Err(_) => self.say(&rules::INDEX_METAPAGE, None, "it is cut off"),
            };
        }
        let count = usize::from(self.page.item_count());
        let mut chains = Chains { next: vec![None; count + 1], before: vec![0; count + 1] };
        let (mut redirects, mut placeholders) = (0_u16, 0_u16);
        self.items(Also::Nothing, |judge, number, bytes| {
            let Ok((_, state)) = State::of(bytes) else {
                return judge.tuple(number, "no room for its header");
            };
            redirects += u16::from(state == State::Redirect);
            placeholders += u16::from(state == State::Placeholder);
            if state == State::Live && !opaque.is_leaf() {
                judge.inner(number, bytes);
            } else {
                judge.leaf(number, bytes, &mut chains);
            }
        });
        // The counts may be too high, as after a crash, but VACUUM relies on there being no more.
        for (field, says, there) in [
            ("nRedirection", opaque.nRedirection, redirects),
            ("nPlaceholder", opaque.nPlaceholder, placeholders),
        ] {
            if there > says {
                self.special(format!("{field} is {says}, and there are {there}"));
            }
        }
        self.chains(&mut chains);
    }

    fn inner(&mut self, number: OffsetNumber, bytes: &[u8]) {
        let inner = match parse_at(bytes, 0, "SpGistInnerTupleData", Inner::parse) {
            Ok(inner) => inner,
            Err(error) => return self.tuple(number, error.to_string()),
        };
        for (at, node) in inner.nodes().enumerate() {
            match node {
                Err(error) => self.tuple(number, format!("node {at}: {error}")),
                // Such a node leads nowhere yet.
                Ok(node) if node.t_tid.block == BlockNumber::INVALID => {}
                Ok(node) => self.link(number, &format!("node {at}"), node.t_tid),
            }
        }
    }

    fn leaf(&mut self, number: OffsetNumber, bytes: &[u8], chains: &mut Chains) {
        let leaf = match parse_at(bytes, 0, "SpGistLeafTupleData", Leaf::parse) {
            Ok(leaf) => leaf,
            Err(error) => return self.tuple(number, error.to_string()),
        };
        if leaf.size as usize != bytes.len() {
            let (size, len) = (leaf.size, bytes.len());
            self.tuple(number, format!("its size is {size}, and lp_len {len}"));
        }
        match leaf.state {
            State::Live => {
                self.row(number, leaf.pointer);
                if let Some(next) = chains.next.get_mut(usize::from(number.0)) {
                    *next = Some(leaf.next_offset.0);
                }
            }
            State::Redirect => self.link(number, "the redirection", leaf.pointer),
            State::Dead | State::Placeholder => {}
        }
    }

    /// Whether a tuple of the index can be where a link leads.
    fn link(&mut self, number: OffsetNumber, what: &str, to: Tid) {
        if !is_row(to) || to.block.0 == 0 {
            let evidence = format!("{what} leads to {to}, where no tuple can be");
            self.say(&rules::INDEX_CHILD_LINK, Some(number), evidence);
        }
    }

    /// Judges the chains of leaves: each goes from one live tuple to the next, ends, and has one
    /// beginning.
    fn chains(&mut self, chains: &mut Chains) {
        for number in 1..chains.next.len() {
            let Some(next) = chains.next[number].filter(|next| *next != 0) else { continue };
            let wrong = match chains.next.get(usize::from(next)) {
                None => Some("there is none"),
                Some(None) => Some("no live leaf"),
                Some(Some(_)) => {
                    chains.before[usize::from(next)] += 1;
                    (chains.before[usize::from(next)] > 1).then_some("which another leads to")
                }
            };
            if let Some(wrong) = wrong {
                let evidence = format!("its chain goes on at line pointer {next}: {wrong}");
                self.chain(number, evidence);
            }
        }
        self.endless(chains);
    }

    /// Says which chains have no beginning, and so no end.
    fn endless(&mut self, chains: &mut Chains) {
        for first in 1..chains.next.len() {
            let mut at = first;
            if chains.before[first] > 0 {
                continue;
            }
            // Takes each tuple on the way, so that the walk ends.
            while let Some(next) = chains.next.get_mut(at).and_then(Option::take) {
                at = usize::from(next);
            }
        }
        let left = (1..chains.next.len()).find(|at| chains.next[*at].is_some());
        if let Some(at) = left {
            self.chain(at, "its chain comes back to itself".to_owned());
        }
    }

    fn chain(&mut self, number: usize, evidence: String) {
        let number = u16::try_from(number).ok().map(OffsetNumber);
        self.say(&rules::INDEX_TUPLE_CHAIN, number, evidence);
    }
}
