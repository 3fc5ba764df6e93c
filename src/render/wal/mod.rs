//! Records of WAL as text, one after the other: there may be many millions.
mod pg_waldump;
mod put;
mod stats;

pub use pg_waldump::PgWaldump;
pub use stats::pg_waldump_stats;
