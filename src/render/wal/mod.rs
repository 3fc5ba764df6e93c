//! Records of WAL as text, one after the other: there may be many millions.
mod pg_waldump;
mod put;

pub use pg_waldump::PgWaldump;
