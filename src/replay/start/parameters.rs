//! Settings that must not be lower than where the WAL was written (`CheckRequiredParameterValues`,
//! access/transam/xlog.c; `RecoveryRequiresIntParameter`, access/transam/xlogrecovery.c).
use crate::cluster::{Settings, Unit};
use crate::format::control::WalSettings;
use crate::layout::{ParameterWords, StartupRules};
use crate::report::replay::Refusal;

/// Those that are compared: name, default, and what the WAL was written with.
const fn required(of: &WalSettings, rules: StartupRules) -> [(&'static str, i64, i32); 5] {
    [
        ("max_connections", 100, of.max_connections),
        ("max_worker_processes", 8, of.max_worker_processes),
        ("max_wal_senders", 10, of.max_wal_senders),
        ("max_prepared_transactions", 0, of.max_prepared_xacts),
        ("max_locks_per_transaction", rules.max_locks, of.max_locks_per_xact),
    ]
}

/// Whether archive recovery refuses WAL that was written with `of`; `open` if queries run already.
pub(in crate::replay) fn check(
    of: &WalSettings,
    settings: &Settings,
    rules: StartupRules,
    open: bool,
) -> Result<(), Refusal> {
    let aborts = rules.parameters == ParameterWords::Aborts;
    if of.wal_level == 0 && aborts {
        return Err(minimal(rules));
    }
    if !settings.hot_standby || (open && aborts) {
        return Ok(());
    }
    if of.wal_level == 0 {
        return Err(Refusal::fatal("hot standby is not possible because wal_level was not set to \"replica\" or higher on the master server")
            .hint("Either set wal_level to \"replica\" on the master, or turn off hot_standby here."));
    }
    for (name, default, least) in required(of, rules) {
        let value = settings.number(name, Unit::None).unwrap_or(default);
        if value < i64::from(least) {
            return Err(too_low(name, value, least, aborts));
        }
    }
    Ok(())
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
