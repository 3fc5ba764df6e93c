//! What a table's reloptions make of the settings that autovacuum goes by (`AutoVacOpts`,
//! utils/rel.h; `relation_needs_vacanalyze`, postmaster/autovacuum.c).
use crate::cluster::Settings;

/// What decides about one table.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// Whether autovacuum looks after it: the setting and autovacuum_enabled.
    pub enabled: bool,
    /// autovacuum_vacuum_threshold, in tuples.
    pub threshold: f64,
    /// autovacuum_vacuum_scale_factor, part of reltuples.
    pub scale_factor: f64,
    /// autovacuum_vacuum_max_threshold; none before 18, or where it is -1.
    pub max_threshold: Option<f64>,
    /// autovacuum_vacuum_insert_threshold; none before 13, or where it is -1.
    pub insert_threshold: Option<f64>,
    /// autovacuum_vacuum_insert_scale_factor.
    pub insert_scale_factor: f64,
    /// autovacuum_freeze_max_age: the lower of setting and reloption.
    pub freeze_max_age: u32,
    /// autovacuum_multixact_freeze_max_age, likewise.
    pub multixact_freeze_max_age: u32,
    /// Percent of a page that a rewrite fills.
    pub fillfactor: u32,
}

/// The value of a reloption, without blanks around it.
pub fn option<'a>(reloptions: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = reloptions.iter().find(|(option, _)| option == name);
    found.map(|(_, value)| value.trim())
}

/// The fillfactor among reloptions, in percent: 10 to 100, as the server allows it.
pub fn fillfactor(reloptions: &[(String, String)]) -> Option<u32> {
    let value = option(reloptions, "fillfactor").and_then(|value| value.parse().ok());
    value.filter(|value| (10..=100).contains(value))
}

impl Parameters {
    /// For a table with these reloptions.
    pub fn new(settings: &Settings, reloptions: &[(String, String)]) -> Self {
        let get = |name: &str| option(reloptions, name);
        let number = |name: &str| get(name).and_then(|value| value.parse::<f64>().ok());
        // Below 0 a reloption means "as the setting"; where -1 has a meaning, that is -2.
        let or = |name: &str, setting: f64| number(name).filter(|&n| n >= 0.0).unwrap_or(setting);
        let limit = |name: &str, setting: Option<i64>| {
            let limit = number(name).filter(|&n| n >= -1.0).unwrap_or(real(setting?));
            Some(limit).filter(|&limit| limit >= 0.0)
        };
        let lower = |name: &str, setting: i64| {
            let setting = id_count(setting);
            let option = get(name).and_then(|value| value.parse().ok());
            option.map_or(setting, |option: u32| option.min(setting))
        };
        Self {
            enabled: settings.autovacuum
                && get("autovacuum_enabled").and_then(parse_bool).unwrap_or(true),
            threshold: or(
                "autovacuum_vacuum_threshold",
                real(settings.autovacuum_vacuum_threshold),
            ),
            scale_factor: or(
                "autovacuum_vacuum_scale_factor",
                settings.autovacuum_vacuum_scale_factor,
            ),
            max_threshold: limit(
                "autovacuum_vacuum_max_threshold",
                settings.autovacuum_vacuum_max_threshold,
            ),
            insert_threshold: limit(
                "autovacuum_vacuum_insert_threshold",
                settings.autovacuum_vacuum_insert_threshold,
            ),
            insert_scale_factor: or(
                "autovacuum_vacuum_insert_scale_factor",
                settings.autovacuum_vacuum_insert_scale_factor.unwrap_or(0.0),
            ),
            freeze_max_age: lower("autovacuum_freeze_max_age", settings.autovacuum_freeze_max_age),
            multixact_freeze_max_age: lower(
                "autovacuum_multixact_freeze_max_age",
                settings.autovacuum_multixact_freeze_max_age,
            ),
            fillfactor: fillfactor(reloptions).unwrap_or(100),
        }
    }
}

/// A setting that counts ids: 0 to 2 billion in any sane configuration.
pub fn id_count(setting: i64) -> u32 {
    u32::try_from(setting.max(0)).unwrap_or(u32::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "the server compares thresholds as float4")]
fn real(setting: i64) -> f64 {
    setting as f64
}

/// `parse_bool` (utils/adt/bool.c): any unique beginning of the words will do.
pub fn parse_bool(text: &str) -> Option<bool> {
    let text = text.to_ascii_lowercase();
    let begins = |words: &[(&str, usize)]| {
        words.iter().any(|(word, least)| text.len() >= *least && word.starts_with(&text))
    };
    if begins(&[("true", 1), ("yes", 1), ("on", 2), ("1", 1)]) {
        Some(true)
    } else if begins(&[("false", 1), ("no", 1), ("off", 2), ("0", 1)]) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Parameters, parse_bool};
    use crate::cluster::Settings;
    use crate::layout::PgVersion;

    fn with(options: &[(&str, &str)]) -> Parameters {
        let options: Vec<_> =
            options.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Parameters::new(&settings(), &options)
    }

    /// The defaults of the newest major.
    fn settings() -> Settings {
        let newest = PgVersion::ALL.into_iter().max_by_key(|version| version.major());
        Settings::defaults(newest.unwrap().layout())
    }

    #[test]
    fn a_reloption_can_only_lower_the_age_that_forces_a_vacuum() {
        let age = |value| with(&[("autovacuum_freeze_max_age", value)]).freeze_max_age;
        assert_eq!(
            (age("100000"), age("300000000"), age("-1")),
            (100_000, 200_000_000, 200_000_000)
        );
    }

    #[test]
    fn minus_one_switches_limits_off_and_minus_two_leaves_them() {
        let both = |value| {
            let names = ["autovacuum_vacuum_max_threshold", "autovacuum_vacuum_insert_threshold"];
            let parameters = with(&names.map(|name| (name, value)));
            (parameters.max_threshold, parameters.insert_threshold)
        };
        assert_eq!(both("-1"), (None, None));
        assert_eq!(both("-2"), (Some(100_000_000.0), Some(1000.0)));
        assert_eq!(both("7"), (Some(7.0), Some(7.0)));
        let old = Settings { autovacuum_vacuum_insert_threshold: None, ..settings() };
        let options = [("autovacuum_vacuum_insert_threshold".into(), "7".into())];
        assert_eq!(Parameters::new(&old, &options).insert_threshold, None);
    }

    #[test]
    fn words_are_read_as_the_server_reads_them() {
        assert!(!with(&[("autovacuum_enabled", "off")]).enabled && with(&[]).enabled);
        assert_eq!(
            (parse_bool("o"), parse_bool("OF"), parse_bool("t")),
            (None, Some(false), Some(true))
        );
        assert_eq!(with(&[("fillfactor", "70")]).fillfactor, 70);
        assert_eq!((with(&[]).fillfactor, with(&[("fillfactor", "5")]).fillfactor), (100, 100));
    }
}
