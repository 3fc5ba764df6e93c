//! One enum per fork in the road, named for the change and matched in exactly one parser.

/// What pgstattuple adds up as `free_space`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FreeSpace {
    /// To 17, `PageGetHeapFreeSpace`: room for a line pointer is taken off, and a page whose line
    /// pointers are used up has none.
    ForOneMoreTuple,
    /// From 18, `PageGetExactFreeSpace`: all bytes between pd_lower and pd_upper.
    Exact,
}

/// Fields of `CheckPoint` (catalog/pg_control.h), in pg_control and in checkpoint records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckPointShape {
    /// To 16.
    Plain,
    /// From 17: `wal_level` after `fullPageWrites`.
    WalLevel,
    /// From 19: `logicalDecodingEnabled` after it, and `nextMultiOffset` has 64 bits.
    LogicalDecoding,
}

/// Fields of `ControlFileData` (catalog/pg_control.h) from `maxAlign` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlShape {
    /// 12: how float4 is passed, beside float8.
    Float4ByVal,
    /// 13 to 17.
    Float8ByVal,
    /// 18: `default_char_signedness` after the checksum version.
    CharSignedness,
    /// From 19: `slru_pages_per_segment`, and the checksum version that initdb chose.
    SlruPages,
}

/// Fields of `TwoPhaseFileHeader` (`xl_xact_prepare`, access/xact.h), in pg_twophase and in WAL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TwoPhaseShape {
    /// To 14.
    Plain,
    /// From 15: counts of statistics to drop, each of 12 bytes.
    DropsStats,
    /// From 18: of 16 bytes each, their object ids having 64 bits.
    DropsWideStats,
}
