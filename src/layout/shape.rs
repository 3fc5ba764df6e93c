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
