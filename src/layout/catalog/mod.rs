//! placeholder until generated
#![allow(missing_docs, reason = "placeholder")]
#[derive(Debug, Clone, Copy)]
pub struct Catalogs {}
pub mod v12 {
    pub const CATALOGS: super::Catalogs = super::Catalogs {};
}
pub use v12 as v13;
pub use v12 as v14;
pub use v12 as v15;
pub use v12 as v16;
pub use v12 as v17;
pub use v12 as v18;
pub use v12 as v19;
