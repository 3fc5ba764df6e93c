//! Records of WAL as text, one after the other: there may be many millions.
mod json;
mod pg_waldump;
mod put;
mod replay;
mod stats;
mod text;

pub use json::WalJson;
pub use pg_waldump::PgWaldump;
pub use replay::replay_text;
pub use stats::pg_waldump_stats;
pub use text::WalText;
