//! Records of the resource manager LogicalMessage.
use crate::layout::{Layout, PgVersion};

/// What pg_waldump prints of a message (access/rmgrdesc/logicalmsgdesc.c).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageWords {
    /// To 13: its size.
    Size,
    /// From 14: prefix and payload.
    Payload,
}

impl Layout {
    /// What pg_waldump prints of a message.
    pub const fn message_words(&self) -> MessageWords {
        match self.version {
            PgVersion::V12 | PgVersion::V13 => MessageWords::Size,
            PgVersion::V14
            | PgVersion::V15
            | PgVersion::V16
            | PgVersion::V17
            | PgVersion::V18
            | PgVersion::V19 => MessageWords::Payload,
        }
    }
}
