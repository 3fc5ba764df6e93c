//! pg_multixact (access/transam/multixact.c, access/multixact.h): for each multixact the place
//! where its members start, and the members in groups of four.
//!
//! ```text
//! group: 4 bytes of status, one for each member | 4 × xid        409 groups to a page of 8 kB
//! ```
use super::Place;
use crate::format::bytes::{skip, u8, u32, u64};
use crate::format::error::{Parse, ParseError, parse_at};
use crate::layout::{Dialect, Layout};
use crate::types::{MultiXactId, MultiXactOffset, Xid};
use std::fmt;

/// `MULTIXACT_MEMBERS_PER_MEMBERGROUP`: 1 << 2.
const MEMBERS_PER_GROUP: usize = 4;
/// `MULTIXACT_MEMBERGROUP_SIZE`.
pub const GROUP_LEN: u32 = 20;

/// What a member does to the tuple (`MultiXactStatus`); displays as pg_get_multixact_members
/// names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MultiXactStatus {
    /// Holds `FOR KEY SHARE`.
    ForKeyShare,
    /// Holds `FOR SHARE`.
    ForShare,
    /// Holds `FOR NO KEY UPDATE`.
    ForNoKeyUpdate,
    /// Holds `FOR UPDATE`.
    ForUpdate,
    /// Updated columns of no key.
    NoKeyUpdate,
    /// Updated a key, or deleted.
    Update,
    /// No status that any release writes.
    Unknown(u8),
}

/// A transaction in a multixact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MultiXactMember {
    /// The transaction; 0 in a slot that was never written.
    pub xid: Xid,
    /// What it does.
    pub status: MultiXactStatus,
}

impl MultiXactStatus {
    /// Whether it updated or deleted the tuple (`ISUPDATE_from_mxstatus`).
    pub const fn is_update(self) -> bool {
        matches!(self, Self::NoKeyUpdate | Self::Update)
    }
}

impl From<u8> for MultiXactStatus {
    fn from(status: u8) -> Self {
        match status {
            0 => Self::ForKeyShare,
            1 => Self::ForShare,
            2 => Self::ForNoKeyUpdate,
            3 => Self::ForUpdate,
            4 => Self::NoKeyUpdate,
            5 => Self::Update,
            other => Self::Unknown(other),
        }
    }
}

impl fmt::Display for MultiXactStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ForKeyShare => "keysh",
            Self::ForShare => "sh",
            Self::ForNoKeyUpdate => "fornokeyupd",
            Self::ForUpdate => "forupd",
            Self::NoKeyUpdate => "nokeyupd",
            Self::Update => "upd",
            Self::Unknown(other) => return write!(f, "unknown status {other}"),
        })
    }
}

/// The entry of `multi` in pg_multixact/offsets; `layout.multixact_offset_len` bytes.
pub fn offset_place(multi: MultiXactId, dialect: &Dialect) -> Place {
    let len = dialect.layout.multixact_offset_len;
    super::place_of_fixed(u64::from(multi.0), len, &dialect.geometry)
}

/// An entry of pg_multixact/offsets: where the members start, 0 if never written.
///
/// # Errors
/// [`crate::format::Fault::Truncated`].
pub fn offset<'a>(input: &'a [u8], layout: &Layout) -> Parse<'a, MultiXactOffset> {
    let (rest, offset) = if layout.multixact_offset_len == 8 {
        u64(input)?
    } else {
        u32(input).map(|(rest, offset)| (rest, u64::from(offset)))?
    };
    Ok((rest, MultiXactOffset(offset)))
}

/// How many members lie between two offsets. A 32-bit offset starts over after 2^32 - 1, at 1.
/// The result is as large as damage makes it: bound it before walking.
pub const fn members_between(start: MultiXactOffset, end: MultiXactOffset, layout: &Layout) -> u64 {
    let distance = end.0.wrapping_sub(start.0);
    if layout.multixact_offset_len == 8 { distance } else { distance & 0xffff_ffff }
}

/// The group in pg_multixact/members that holds the member at `offset`; [`GROUP_LEN`] bytes.
pub fn member_place(offset: MultiXactOffset, dialect: &Dialect) -> Place {
    super::place_of_fixed(offset.0 >> 2, GROUP_LEN, &dialect.geometry)
}

/// The member at `offset`, out of its `group`.
///
/// # Errors
/// [`crate::format::Fault::Truncated`] if the group is not whole.
pub fn member(group: &[u8], offset: MultiXactOffset) -> Result<MultiXactMember, ParseError> {
    let at = usize::from(offset.0.to_le_bytes()[0]) % MEMBERS_PER_GROUP;
    parse_at(group, 0, "multixact member group", |group| {
        let (_, status) = skip(at)(group).and_then(|(rest, ())| u8(rest))?;
        let xids = MEMBERS_PER_GROUP.saturating_add(at.saturating_mul(size_of::<u32>()));
        let (rest, xid) = skip(xids)(group).and_then(|(rest, ())| u32(rest))?;
        Ok((rest, MultiXactMember { xid: Xid(xid), status: MultiXactStatus::from(status) }))
    })
}

#[cfg(test)]
mod tests {
    use super::{GROUP_LEN, member, members_between};
    use crate::layout::PgVersion;
    use crate::types::{MultiXactOffset, Xid};

    #[test]
    fn a_member_is_an_xid_and_a_status_byte() {
        let mut group = vec![0, 4, 5, 9];
        group.extend([700_u32, 701, 702, 703].map(u32::to_le_bytes).concat());
        assert_eq!(group.len(), GROUP_LEN as usize);
        let found = member(&group, MultiXactOffset(409 * 4 + 1)).unwrap();
        assert_eq!((found.xid, found.status.to_string()), (Xid(701), "nokeyupd".into()));
        let odd = member(&group, MultiXactOffset(3)).unwrap();
        assert_eq!(odd.status.to_string(), "unknown status 9");
        assert!(member(&group[..19], MultiXactOffset(3)).is_err());
    }

    #[test]
    fn narrow_offsets_start_over_and_wide_ones_do_not() {
        let (start, end) = (MultiXactOffset(u64::from(u32::MAX)), MultiXactOffset(3));
        let [narrow, .., wide] = PgVersion::ALL.map(PgVersion::layout);
        assert_eq!(members_between(start, end, narrow), 4);
        assert!(members_between(start, end, wide) > 1 << 60);
    }
}
