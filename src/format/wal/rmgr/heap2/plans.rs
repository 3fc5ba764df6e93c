//! What freezing does to rows (`xl_heap_freeze_tuple`, `xl_heap_freeze_plan`, `xlhp_freeze_plan`:
//! access/heapam_xlog.h).
//!
//! ```text
//! 0 xmax | 4 offset | 6 t_infomask2 | 8 t_infomask | 10 frzflags | 11 padding    to 15
//! 0 xmax | 4 t_infomask2 | 6 t_infomask | 8 frzflags | 9 padding | 10 ntuples    from 16
//! ```
use crate::format::bytes::{skip, take, u8, u16, u32};
use crate::format::error::Parse;
use crate::format::heap::{Infomask, Infomask2};
use crate::format::wal::rmgr::{Array, Desc};
use crate::types::{OffsetNumber, Xid};
use serde::ser::{Serialize, Serializer};
use std::fmt;

/// Bytes of one plan, in all majors.
const PLAN_LEN: usize = 12;

/// What some rows of a page are to be like.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FreezePlan<'a> {
    /// Their new t_xmax.
    pub xmax: Xid,
    /// Their new flags.
    pub t_infomask2: Infomask2,
    /// Their new flags.
    pub t_infomask: Infomask,
    /// `XLH_FREEZE_XVAC`, `XLH_INVALID_XVAC`.
    pub frzflags: u8,
    /// Their line pointers: to 15 there is one row to a plan.
    pub offsets: Array<'a, OffsetNumber>,
}

/// Plans one after another. Serialises as an array.
#[derive(Clone, Copy)]
pub struct FreezePlans<'a> {
    plans: &'a [u8],
    /// From 16, the line pointers of all plans in their order; to 15 each plan has its own.
    offsets: Option<&'a [u8]>,
}

impl<'a> FreezePlans<'a> {
    /// No plans.
    pub const EMPTY: Self = Self { plans: &[], offsets: None };

    /// Reads plans, without line pointers that are elsewhere.
    ///
    /// # Errors
    /// [`crate::format::Fault::Truncated`] if they are not there.
    pub fn parse(nplans: u16) -> impl Fn(&'a [u8]) -> Parse<'a, Self> {
        move |input| {
            let (rest, plans) = take(usize::from(nplans).saturating_mul(PLAN_LEN))(input)?;
            Ok((rest, Self { plans, offsets: None }))
        }
    }

    /// Reads the line pointers of all plans (16 and later).
    ///
    /// # Errors
    /// [`crate::format::Fault::Truncated`] if there are fewer than the plans count.
    pub fn with_offsets(self, input: &'a [u8]) -> Parse<'a, Self> {
        let (mut plans, mut offsets) = (self.plans, Some(input));
        while !plans.is_empty() {
            (plans, (_, offsets)) = FreezePlan::parse(plans, offsets)?;
        }
        Ok((offsets.unwrap_or(&[]), Self { plans: self.plans, offsets: Some(input) }))
    }

    /// How many plans there are.
    pub const fn len(&self) -> usize {
        self.plans.len() / PLAN_LEN
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The plans, each with its line pointers.
    pub fn iter(&self) -> impl Iterator<Item = FreezePlan<'a>> + use<'a> {
        let (mut plans, mut offsets) = (self.plans, self.offsets);
        std::iter::from_fn(move || {
            let plan;
            (plans, (plan, offsets)) = FreezePlan::parse(plans, offsets).ok()?;
            Some(plan)
        })
    }

    /// Writes `, plans:` and them (`plan_elem_desc`, access/rmgrdesc/heapdesc.c).
    ///
    /// # Errors
    /// None but what `out` gives.
    pub fn desc(&self, out: &mut Desc<'_>) -> fmt::Result {
        out.text(", plans: [")?;
        for (at, plan) in self.iter().enumerate() {
            out.text(if at == 0 { "{" } else { ", {" })?;
            out.pair(" xmax: ", plan.xmax.0)?;
            out.pair(", infomask: ", plan.t_infomask.0)?;
            out.pair(", infomask2: ", plan.t_infomask2.0)?;
            out.pair(", ntuples: ", plan.offsets.len())?;
            out.text(", offsets:")?;
            plan.offsets.desc(out, |offset, out| out.number(offset.0))?;
            out.text(" }")?;
        }
        out.text("]")
    }
}

impl<'a> FreezePlan<'a> {
    /// Reads one: its line pointers are its own (to 15) or the first of `offsets`, of which the
    /// others are given back.
    fn parse(plan: &'a [u8], offsets: Option<&'a [u8]>) -> Parse<'a, (Self, Option<&'a [u8]>)> {
        let (rest, xmax) = u32(plan)?;
        let (rest, own) = Array::parse(usize::from(offsets.is_none()))(rest)?;
        let (rest, t_infomask2) = u16(rest)?;
        let (rest, t_infomask) = u16(rest)?;
        let (rest, frzflags) = u8(rest)?;
        let (rest, ()) = skip(1)(rest)?;
        let (rest, offsets, after) = match offsets {
            None => (rest, own, None),
            Some(all) => {
                let (rest, ntuples) = u16(rest)?;
                let (after, offsets) = Array::parse(ntuples.into())(all)?;
                (rest, offsets, Some(after))
            }
        };
        let (t_infomask2, t_infomask) = (Infomask2(t_infomask2), Infomask(t_infomask));
        let plan = Self { xmax: Xid(xmax), t_infomask2, t_infomask, frzflags, offsets };
        Ok((rest, (plan, after)))
    }
}

impl fmt::Debug for FreezePlans<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for FreezePlans<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
impl schemars::JsonSchema for FreezePlans<'_> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FreezePlans".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<FreezePlan<'_>>::json_schema(generator)
    }

    fn inline_schema() -> bool {
        true
    }
}
