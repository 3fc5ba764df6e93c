//! Recovery targets, as the settings of that name say (`recovery_target_…`, and their checks in
//! access/transam/xlogrecovery.c).
use crate::cluster::{Setting, Settings};
use crate::layout::StartupRules;
use crate::report::replay::Refusal;
use crate::types::{Lsn, TimelineId, TimestampTz, Xid};
use jiff::tz::TimeZone;

/// Where recovery is to stop, and on which timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Where; `None` for the end of WAL.
    pub goal: Option<Goal>,
    /// Whether what is named is replayed too.
    pub inclusive: bool,
    /// Which timeline is followed.
    pub timeline: TimelineGoal,
}

/// Where recovery is to stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// By the time of transactions' ends.
    Time(TimestampTz),
    /// By the end of a transaction.
    Xid(Xid),
    /// By position.
    Lsn(Lsn),
    /// At a restore point.
    Name(String),
    /// As soon as the files are consistent.
    Immediate,
}

/// Which timeline is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimelineGoal {
    /// The newest that has a history file, counted up from that of the control file.
    #[default]
    Latest,
    /// That of the control file.
    Current,
    /// This one.
    Number(TimelineId),
}

/// A setting that the server would refuse, or that is not read here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid value for parameter \"{name}\": \"{value}\"")]
pub struct TargetError {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

impl Default for Target {
    fn default() -> Self {
        Self { goal: None, inclusive: true, timeline: TimelineGoal::Latest }
    }
}

impl Goal {
    /// What the setting and its value are called: "time", "xid", "lsn", "name", "immediate".
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Time(_) => "time",
            Self::Xid(_) => "xid",
            Self::Lsn(_) => "lsn",
            Self::Name(_) => "name",
            Self::Immediate => "immediate",
        }
    }

    /// Its value as text.
    pub fn value(&self) -> String {
        match self {
            Self::Time(time) => time.to_string(),
            Self::Xid(xid) => xid.to_string(),
            Self::Lsn(lsn) => lsn.to_string(),
            Self::Name(name) => name.clone(),
            Self::Immediate => "immediate".into(),
        }
    }
}

impl Target {
    /// What the settings say. A setting that is empty is not set.
    ///
    /// # Errors
    /// What the server refuses to start with.
    pub(super) fn of_settings(settings: &Settings, rules: StartupRules) -> Result<Self, Refusal> {
        let refused = |error: TargetError| Refusal::fatal(error.to_string());
        let mut goals = Vec::new();
        let zone = settings.get("timezone").and_then(|zone| TimeZone::get(&zone.value).ok());
        for (name, parse) in GOALS {
            let Some(value) = set(settings, name) else { continue };
            let parsed = parse(value, zone.as_ref().unwrap_or(&TimeZone::UTC));
            let error = || TargetError { name, value: value.to_owned() };
            goals.push(parsed.ok_or_else(error).map_err(refused)?);
        }
        if goals.len() > 1 {
            return Err(several(rules));
        }
        let inclusive = set(settings, "recovery_target_inclusive");
        let inclusive = inclusive.is_none_or(|value| !is_off(value));
        let timeline = match set(settings, "recovery_target_timeline") {
            None => TimelineGoal::Latest,
            Some(value) => TimelineGoal::parse(value).map_err(refused)?,
        };
        Ok(Self { goal: goals.pop(), inclusive, timeline })
    }
}

type Parser = fn(&str, &TimeZone) -> Option<Goal>;

/// The settings that say where.
const GOALS: [(&str, Parser); 5] = [
    ("recovery_target", |value, _| (value == "immediate").then_some(Goal::Immediate)),
    ("recovery_target_lsn", |value, _| value.parse().ok().map(Goal::Lsn)),
    ("recovery_target_name", |value, _| (value.len() < 64).then(|| Goal::Name(value.to_owned()))),
    ("recovery_target_time", |value, zone| TimestampTz::parse(value, zone).ok().map(Goal::Time)),
    ("recovery_target_xid", |value, _| number(value).map(|xid| Goal::Xid(low(xid)))),
];

impl TimelineGoal {
    /// Reads `latest`, `current`, or a number, as strtoul does.
    ///
    /// # Errors
    /// If it is none of these.
    pub fn parse(value: &str) -> Result<Self, TargetError> {
        match value {
            "latest" => Ok(Self::Latest),
            "current" => Ok(Self::Current),
            _ => {
                let parsed = number(value).and_then(|number| u32::try_from(number).ok());
                let error =
                    || TargetError { name: "recovery_target_timeline", value: value.to_owned() };
                parsed.map(|number| Self::Number(TimelineId(number))).ok_or_else(error)
            }
        }
    }
}

/// A setting that is not empty.
fn set<'s>(settings: &'s Settings, name: &str) -> Option<&'s str> {
    settings.get(name).map(|Setting { value, .. }| value.as_str()).filter(|value| !value.is_empty())
}

fn is_off(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    lower == "0"
        || ["false", "no"].iter().any(|word| !lower.is_empty() && word.starts_with(&lower))
        || (lower.len() > 1 && "off".starts_with(&lower))
}

/// A number as strtoul reads it with base 0: decimal, hexadecimal or octal.
fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    match (lower.strip_prefix("0x"), lower.strip_prefix('0')) {
        (Some(digits), _) => u64::from_str_radix(digits, 16).ok(),
        (None, Some(digits)) if !digits.is_empty() => u64::from_str_radix(digits, 8).ok(),
        _ => text.parse().ok(),
    }
}

/// The xid of a number with its epoch.
const fn low(number: u64) -> Xid {
    Xid((number & 0xffff_ffff) as u32)
}

fn several(rules: StartupRules) -> Refusal {
    let names = GOALS.map(|(name, _)| super::start::words::setting(name, rules));
    Refusal::fatal("multiple recovery targets specified")
        .detail(format!("At most one of {} may be set.", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::{Goal, Target, TimelineGoal, number};
    use crate::cluster::{Setting, Settings};
    use crate::layout::PgVersion;
    use crate::types::{TimelineId, Xid};

    fn read(version: PgVersion, set: &[(&str, &str)]) -> Result<Target, String> {
        let mut settings = Settings::defaults(version.layout());
        for (name, value) in set {
            let setting = Setting { value: (*value).into(), file: String::new(), line: 1 };
            settings.in_files.insert((*name).into(), setting);
        }
        let read = Target::of_settings(&settings, version.layout().startup());
        read.map_err(|refusal| {
            format!("{} {}", refusal.message, refusal.detail.unwrap_or_default())
        })
    }

    #[test]
    fn a_target_is_read_as_the_server_reads_its_settings() {
        let one = read(
            PgVersion::V15,
            &[("recovery_target_xid", "0x10000002A"), ("recovery_target_inclusive", "of")],
        );
        let one = one.unwrap();
        assert_eq!((one.goal, one.inclusive), (Some(Goal::Xid(Xid(42))), false));
        let empty = read(PgVersion::V15, &[("recovery_target_name", "")]).unwrap();
        assert_eq!(empty, Target::default());
        let other = read(PgVersion::V18, &[("recovery_target_timeline", "3")]).unwrap();
        assert_eq!(other.timeline, TimelineGoal::Number(TimelineId(3)));
        let two = [("recovery_target_name", "a"), ("recovery_target", "immediate")];
        let said = read(PgVersion::V17, &two).unwrap_err();
        assert!(said.contains("At most one of \"recovery_target\", \"recovery_target_lsn\""));
        assert_eq!((number("010"), number("0"), number("x")), (Some(8), Some(0), None));
    }
}
