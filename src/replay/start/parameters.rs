//! Settings that must not be lower than where the WAL was written (`CheckRequiredParameterValues`,
//! access/transam/xlog.c; `RecoveryRequiresIntParameter`, access/transam/xlogrecovery.c).
use crate::cluster::{Settings, Unit};
use crate::format::control::WalSettings;
use crate::format::wal::rmgr::xlog::ParameterChange;
use crate::layout::{ParameterWords, StartupRules};
use crate::report::replay::Refusal;

/// Those that are compared, with their defaults.
const fn required(rules: StartupRules) -> [(&'static str, i64); 5] {
    [
        ("max_connections", 100),
        ("max_worker_processes", 8),
        ("max_wal_senders", 10),
        ("max_prepared_transactions", 0),
        ("max_locks_per_transaction", rules.max_locks),
    ]
}

/// What the WAL was written with.
#[derive(Debug, Clone, Copy)]
pub(in crate::replay) struct Written {
    /// 0 is minimal.
    pub(in crate::replay) wal_level: i32,
    /// In the order of [`required`].
    least: [i32; 5],
}

impl From<&WalSettings> for Written {
    fn from(of: &WalSettings) -> Self {
        let least = [
            of.max_connections,
            of.max_worker_processes,
            of.max_wal_senders,
            of.max_prepared_xacts,
            of.max_locks_per_xact,
        ];
        Self { wal_level: of.wal_level, least }
    }
}

impl From<&ParameterChange> for Written {
    fn from(of: &ParameterChange) -> Self {
        let least = [
            of.max_connections,
            of.max_worker_processes,
            of.max_wal_senders,
            of.max_prepared_xacts,
            of.max_locks_per_xact,
        ];
        Self { wal_level: of.wal_level, least }
    }
}

impl Written {
    /// Whether archive recovery refuses it; `open` if queries run already.
    pub(in crate::replay) fn check(
        &self,
        settings: &Settings,
        rules: StartupRules,
        open: bool,
    ) -> Result<(), Refusal> {
        let aborts = rules.parameters == ParameterWords::Aborts;
        if self.wal_level == 0 && aborts {
            return Err(minimal(rules));
        }
        if !settings.hot_standby || (open && aborts) {
            return Ok(());
        }
        if self.wal_level == 0 {
            return Err(Refusal::fatal("hot standby is not possible because wal_level was not set to \"replica\" or higher on the master server")
                .hint("Either set wal_level to \"replica\" on the master, or turn off hot_standby here."));
        }
        for ((name, default), least) in required(rules).into_iter().zip(self.least) {
            let value = settings.number(name, Unit::None).unwrap_or(default);
            if value < i64::from(least) {
                return Err(too_low(name, value, least, aborts));
            }
        }
        Ok(())
    }
}

fn too_low(name: &str, value: i64, least: i32, aborts: bool) -> Refusal {
    if !aborts {
        return Refusal::fatal(format!(
            "hot standby is not possible because {name} = {value} is a lower setting than on the master server (its value was {least})"
        ));
    }
    Refusal::fatal("recovery aborted because of insufficient parameter settings")
        .detail(format!(
            "{name} = {value} is a lower setting than on the primary server, where its value was {least}."
        ))
        .hint("You can restart the server after making the necessary configuration changes.")
}

fn minimal(rules: StartupRules) -> Refusal {
    let quote = if rules.quotes { "\"" } else { "" };
    Refusal::fatal(format!(
        "WAL was generated with {quote}wal_level=minimal{quote}, cannot continue recovering"
    ))
    .detail(format!(
        "This happens if you temporarily set {quote}wal_level=minimal{quote} on the server."
    ))
    .hint(format!(
        "Use a backup taken after setting {quote}wal_level{quote} to higher than {quote}minimal{quote}."
    ))
}
