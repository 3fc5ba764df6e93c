//! Which records: the options, and what they mean in this WAL.
use super::CliError;
use super::input::WalInput;
use super::position::{self, Position};
use super::{relation, time};
use crate::analysis::wal::{Filter, NoSuchType, Types, Wanted, transactions};
use crate::types::{Fork, TimestampTz, Xid};
use crate::wal::Range;
use std::ops::RangeInclusive;

/// The options that choose records.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Records")]
pub(super) struct FilterArgs {
    /// Begin with the first record at or behind this place
    #[arg(long, short, value_name = "POSITION")]
    start: Option<Position>,

    /// End before the first record that reaches beyond this place
    #[arg(long, short, value_name = "POSITION")]
    end: Option<Position>,

    /// Of this resource manager, or type, such as Heap or Heap/HOT_UPDATE; may be repeated
    #[arg(long = "rmgr", short = 'r', value_name = "RMGR[/TYPE]")]
    rmgrs: Vec<String>,

    /// Of this transaction and its subtransactions
    #[arg(long, short, value_name = "XID")]
    xid: Option<u32>,

    /// About this relation, by name or as 1663/5/16384; may be repeated
    #[arg(long = "relation", short = 'R', value_name = "RELATION")]
    relations: Vec<String>,

    /// About this block, or one of a range such as 0-9
    #[arg(long, short = 'B', value_name = "BLOCK", value_parser = relation::blocks)]
    block: Option<RangeInclusive<u32>>,

    /// About this fork: main, fsm, vm or init
    #[arg(long, short = 'F', value_name = "FORK", value_parser = relation::fork)]
    fork: Option<Fork>,

    /// With a full-page image
    #[arg(long, short = 'w')]
    fullpage: bool,

    /// Come by replication from the origin of this number; 0: not by replication
    #[arg(long, value_name = "ID")]
    origin: Option<u16>,

    /// Of transactions that ended at this time or later, such as '2026-11-21 14:00'
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    since: Option<TimestampTz>,

    /// Of transactions that ended at this time or before
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    until: Option<TimestampTz>,
}

impl FilterArgs {
    /// The part of the log that is meant.
    ///
    /// # Errors
    /// Usage errors.
    pub(super) fn range(&self, input: &WalInput) -> Result<Range, CliError> {
        position::range(input, self.start, self.end)
    }

    /// What a record has to be. Transactions are looked for in the log, which is read for that.
    ///
    /// # Errors
    /// Usage errors: something of that name is not there.
    pub(super) fn filter(
        &self,
        input: &WalInput,
        range: Range,
        jobs: usize,
    ) -> Result<Filter, CliError> {
        let mut types = Types::default();
        for text in &self.rmgrs {
            types.add(text, input.log.dialect.layout)?;
        }
        if self.block.is_some() && self.relations.is_empty() {
            return Err(CliError::usage("--block requires --relation"));
        }
        let relations = match self.relations.as_slice() {
            [] => None,
            names => {
                Some(relation::locators((input.cluster.as_ref(), &input.log), names, range, jobs)?)
            }
        };
        let find = |wanted| transactions(&input.log, range.from, wanted, jobs);
        let family = self.xid.map(|xid| find(Wanted::Xid(Xid(xid))));
        let window = (self.since.is_some() || self.until.is_some()).then(|| {
            find(Wanted::Ended {
                since: self.since.unwrap_or(TimestampTz::NEG_INFINITY),
                until: self.until.unwrap_or(TimestampTz::INFINITY),
            })
        });
        let xids = match (family, window) {
            (Some(mut family), Some(window)) => {
                family.retain(|xid| window.binary_search(xid).is_ok());
                Some(family)
            }
            (family, window) => family.or(window),
        };
        Ok(Filter {
            types: (!self.rmgrs.is_empty()).then_some(types),
            xids,
            relations,
            blocks: self.block.clone(),
            fork: self.fork,
            fullpage: self.fullpage,
            origin: self.origin,
        })
    }
}

impl From<NoSuchType> for CliError {
    fn from(error: NoSuchType) -> Self {
        let what = error.to_string();
        let known = match error {
            NoSuchType::Manager(_) => crate::format::wal::rmgr::NAMES.to_vec(),
            NoSuchType::Type { known, .. } => known,
        };
        Self::usage(what).hint(format!("There are: {}.", known.join(", ")))
    }
}
