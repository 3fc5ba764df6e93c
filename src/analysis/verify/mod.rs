//! Judging what was decoded, one page at a time. What PostgreSQL would refuse or misread is a
//! finding, with its own words where it has any (contrib/amcheck/verify_heapam.c, bufmgr.c).
//!
//! What an unclean stop leaves behind is no damage: rules that need transaction status believe only
//! what pg_xact says for certain, so healthy pages give no findings, recovered or not.
pub mod files;
pub mod heap;
pub mod index;
pub mod page;
