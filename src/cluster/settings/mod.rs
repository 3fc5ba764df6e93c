//! Settings that matter for reading: postgresql.conf, postgresql.auto.conf and what they include
//! (utils/misc/guc.c, guc-file.l).
mod files;
mod unit;

pub use unit::Unit;

use crate::finding::{Finding, Findings, Place, rules};
use crate::layout::Layout;
use crate::source::Source;
use std::collections::BTreeMap;

/// A setting as it stands in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its value, without quotes.
    pub value: String,
    /// The file, relative to the data directory or absolute.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// Declares the typed settings: name, default, and for those that not every major has, whether
/// the layout has it.
macro_rules! settings {
    ($( $(#[$doc:meta])* $name:ident: $type:ty = $default:literal
        $(if $has:ident)? $(in $unit:ident)?; )*) => {
        /// Settings as the server would have had them at its next start, without what its command
        /// line and environment, databases and roles change. One that the cluster's major does not
        /// have is `None`.
        #[derive(Debug, Clone, PartialEq)]
        pub struct Settings {
            $( $(#[$doc])* pub $name: settings!(@type $type $(, $has)?), )*
            /// Every setting that the files have, typed here or not, by its name in lower case.
            pub in_files: BTreeMap<String, Setting>,
        }

        impl Settings {
            /// The defaults of a major.
            pub fn defaults(layout: &Layout) -> Self {
                Self {
                    $( $name: settings!(@default layout, $default $(, $has)?), )*
                    in_files: BTreeMap::new(),
                }
            }

            /// Takes over the values in `in_files`; those that the server would refuse are skipped.
            fn take_over(&mut self, findings: &mut Findings) {
                $(
                    if let Some(setting) = self.in_files.get(stringify!($name)) {
                        let unit = settings!(@unit $($unit)?);
                        match <$type>::from_setting(&setting.value, unit) {
                            Some(value) => settings!(@set self.$name, value $(, $has)?),
                            None => findings.push(refused(stringify!($name), setting)),
                        }
                    }
                )*
            }
        }
    };
    (@unit) => { Unit::None };
    (@unit $unit:ident) => { Unit::$unit };
    (@type $type:ty) => { $type };
    (@type $type:ty, $has:ident) => { Option<$type> };
    (@default $layout:ident, $default:literal) => { $default };
    (@default $layout:ident, $default:literal, $has:ident) => {
        $layout.vacuum_settings.$has.then_some($default)
    };
    (@set $place:expr, $value:ident) => { $place = $value };
    (@set $place:expr, $value:ident, $has:ident) => {
        if let Some(place) = &mut $place { *place = $value; }
    };
}

settings! {
    /// Whether the autovacuum daemon runs; against wraparound it always does.
    autovacuum: bool = true;
    /// Whether activity is counted, which autovacuum needs.
    track_counts: bool = true;
    /// Dead rows before a vacuum, least.
    autovacuum_vacuum_threshold: i64 = 50;
    /// Dead rows before a vacuum, as a part of the rows.
    autovacuum_vacuum_scale_factor: f64 = 0.2;
    /// Dead rows before a vacuum, most; -1 for no limit. From 18.
    autovacuum_vacuum_max_threshold: i64 = 100_000_000 if max_threshold;
    /// Inserted rows before a vacuum, least; -1 for never. From 13.
    autovacuum_vacuum_insert_threshold: i64 = 1000 if insert;
    /// Inserted rows before a vacuum, as a part of the rows. From 13.
    autovacuum_vacuum_insert_scale_factor: f64 = 0.2 if insert;
    /// Changed rows before an analyze, least.
    autovacuum_analyze_threshold: i64 = 50;
    /// Changed rows before an analyze, as a part of the rows.
    autovacuum_analyze_scale_factor: f64 = 0.1;
    /// Age of `relfrozenxid` that forces a vacuum, in transactions.
    autovacuum_freeze_max_age: i64 = 200_000_000;
    /// Age of `relminmxid` that forces a vacuum, in multixacts.
    autovacuum_multixact_freeze_max_age: i64 = 400_000_000;
    /// Age at which a vacuum freezes a row, in transactions.
    vacuum_freeze_min_age: i64 = 50_000_000;
    /// Age of `relfrozenxid` that makes a vacuum aggressive, in transactions.
    vacuum_freeze_table_age: i64 = 150_000_000;
    /// Age at which a vacuum replaces a multixact, in multixacts.
    vacuum_multixact_freeze_min_age: i64 = 5_000_000;
    /// Age of `relminmxid` that makes a vacuum aggressive, in multixacts.
    vacuum_multixact_freeze_table_age: i64 = 150_000_000;
    /// Age of `relfrozenxid` at which a vacuum does nothing but freeze, in transactions. From 14.
    vacuum_failsafe_age: i64 = 1_600_000_000 if failsafe;
    /// Age of `relminmxid` at which a vacuum does nothing but freeze, in multixacts. From 14.
    vacuum_multixact_failsafe_age: i64 = 1_600_000_000 if failsafe;
    /// Memory for CREATE INDEX and VACUUM, in kB.
    maintenance_work_mem: i64 = 65_536 in Kilobyte;
    /// Whether a standby answers queries.
    hot_standby: bool = true;
    /// Whether a standby tells its primary which rows it still needs.
    hot_standby_feedback: bool = false;
    /// Whether commit times are recorded.
    track_commit_timestamp: bool = false;
    /// Whether hint bits are logged, even without checksums.
    wal_log_hints: bool = false;
    /// WAL between two checkpoints, most, in MB.
    max_wal_size: i64 = 1024 in Megabyte;
    /// WAL files kept for reuse, least, in MB.
    min_wal_size: i64 = 80 in Megabyte;
    /// Between two checkpoints, in seconds.
    checkpoint_timeout: i64 = 300 in Second;
}

impl Settings {
    /// Reads the configuration in `source`. What cannot be read is found, not refused.
    pub(super) fn read(source: &Source, layout: &Layout, findings: &mut Findings) -> Self {
        let mut settings = Self::defaults(layout);
        settings.in_files = files::read(source, findings);
        settings.take_over(findings);
        settings
    }

    /// A setting by its name as the files have it, typed here or not: `wal_level`,
    /// `recovery_target_time`, `primary_conninfo` … `None` if no file sets it.
    pub fn get(&self, name: &str) -> Option<&Setting> {
        self.in_files.get(&name.to_ascii_lowercase())
    }

    /// A setting that the files have, as a number of `unit`; `None` if no file sets it, or to what
    /// the server would refuse.
    pub fn number(&self, name: &str, unit: Unit) -> Option<i64> {
        unit.parse(&self.get(name)?.value)
    }
}

fn refused(name: &str, setting: &Setting) -> Finding {
    let evidence = format!("line {}: {name} = {:?} is no such value", setting.line, setting.value);
    Finding::new(&rules::CLUSTER_SETTINGS_UNREADABLE, Place::file(&*setting.file), evidence)
        .says(format!("invalid value for parameter \"{name}\": \"{}\"", setting.value))
}

/// A type of setting, read as guc.c reads it.
trait FromSetting: Sized {
    fn from_setting(text: &str, unit: Unit) -> Option<Self>;
}

impl FromSetting for bool {
    /// `parse_bool_with_len` (utils/adt/bool.c): any beginning of a word that leaves no doubt.
    fn from_setting(text: &str, _: Unit) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        let begins = |word: &str, least: usize| lower.len() >= least && word.starts_with(&lower);
        match () {
            () if begins("true", 1) || begins("yes", 1) || begins("on", 2) || lower == "1" => {
                Some(true)
            }
            () if begins("false", 1) || begins("no", 1) || begins("off", 2) || lower == "0" => {
                Some(false)
            }
            () => None,
        }
    }
}

impl FromSetting for f64 {
    fn from_setting(text: &str, _: Unit) -> Option<Self> {
        text.trim().parse().ok().filter(|value: &Self| value.is_finite())
    }
}

impl FromSetting for i64 {
    fn from_setting(text: &str, unit: Unit) -> Option<Self> {
        unit.parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::{FromSetting, Settings, Unit};
    use crate::layout::PgVersion;

    #[test]
    fn values_are_read_as_guc_reads_them() {
        assert_eq!(bool::from_setting("Of", Unit::None), Some(false));
        assert_eq!(bool::from_setting("o", Unit::None), None);
        assert_eq!(bool::from_setting("y", Unit::None), Some(true));
        assert_eq!(f64::from_setting(".1", Unit::None), Some(0.1));
    }

    #[test]
    fn what_a_major_lacks_is_none() {
        let [oldest, .., newest] =
            PgVersion::ALL.map(|version| Settings::defaults(version.layout()));
        assert_eq!(oldest.vacuum_failsafe_age, None);
        assert_eq!(oldest.autovacuum_vacuum_insert_threshold, None);
        assert_eq!(newest.vacuum_failsafe_age, Some(1_600_000_000));
        assert_eq!(newest.autovacuum_vacuum_max_threshold, Some(100_000_000));
    }
}
