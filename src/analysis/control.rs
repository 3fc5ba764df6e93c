//! `control`: finds pg_control in a source, and the layout to read it with. Works where no cluster
//! can be opened, for that is when one wants to see it.
use crate::finding::rules::{CONTROL_LAYOUT, CONTROL_UNREADABLE, CONTROL_VERSION};
use crate::finding::{Finding, Findings, Place, judge, of_archives};
use crate::format::backup_label::BackupLabel;
use crate::format::control::{ControlFile, ControlIdent, identify};
use crate::format::page::is_zeroed;
use crate::layout::{Layout, PgVersion};
use crate::report::control::{Circumstances, Control};
use crate::report::{Coverage, Envelope, Input};
use crate::source::{ReadError, Source};
use jiff::tz::TimeZone;

/// Where pg_control is in a data directory.
const CONTROL_FILE: &str = "global/pg_control";
/// No more than this is read of any file here; pg_control has 8 kB.
const MOST: u64 = 1 << 20;

/// Schema of the answer.
pub const SCHEMA: &str = "control/1";

/// Reads pg_control out of `source`, as `pg_version` if that is given.
pub fn control(
    source: &Source,
    pg_version: Option<PgVersion>,
    zone: &TimeZone,
) -> Envelope<Control> {
    let mut reading = Reading::new(source);
    let report = reading.report(pg_version, zone);
    let Reading { input, coverage, findings, .. } = reading;
    Envelope::new(SCHEMA, input, coverage, &findings, report)
}

/// An answer in the making.
struct Reading<'s> {
    source: &'s Source,
    path: &'s str,
    input: Input,
    coverage: Coverage,
    findings: Findings,
}

impl<'s> Reading<'s> {
    fn new(source: &'s Source) -> Self {
        let input = Input {
            path: source.input().display().to_string(),
            kind: source.describe().to_owned(),
            ..Input::default()
        };
        let path = source.single_file().unwrap_or(CONTROL_FILE);
        let (coverage, mut findings) = (Coverage::default(), Findings::default());
        of_archives(source).for_each(|finding| findings.push(finding));
        Self { source, path, input, coverage, findings }
    }

    fn report(&mut self, pg_version: Option<PgVersion>, zone: &TimeZone) -> Control {
        let bytes = match self.source.read(self.path, MOST) {
            Ok(bytes) => bytes,
            Err(error) => return self.unread(&error),
        };
        self.coverage.files = 1;
        self.coverage.bytes = bytes.len() as u64;
        if is_zeroed(&bytes) {
            return self.damaged(&format!("all its {} bytes are zero", bytes.len()));
        }
        let ident = match identify(&bytes) {
            Ok(ident) => ident,
            Err(error) => return self.damaged(&error.to_string()),
        };
        self.input.system_identifier = Some(ident.system_identifier.to_string());
        if let Some(finding) = judge::unsupported_control(self.path, &ident) {
            let why = format!("unsupported: {}", finding.evidence);
            self.findings.push(finding);
            return self.skip(&why);
        }
        let Some(layout) = self.layout(pg_version, &ident) else {
            let why = self.unknown(&ident);
            return self.skip(&why);
        };
        self.input.postgres = Some(layout.version.major());
        match ControlFile::parse(&bytes, layout) {
            Ok(control) => {
                self.input.state = Some(control.state.to_string());
                let found = judge::control(self.path, &ident, &control, layout);
                for finding in found {
                    self.findings.push(finding);
                }
                Control::new(&control, layout, zone, &self.circumstances())
            }
            Err(error) => self.damaged(&error.to_string()),
        }
    }

    /// The layout: as was asked for, or by pg_control's own versions, which know best what it is;
    /// majors that share a control version share its layout, and PG_VERSION tells them apart.
    fn layout(
        &mut self,
        pg_version: Option<PgVersion>,
        ident: &ControlIdent,
    ) -> Option<&'static Layout> {
        let (control, catalog) = (ident.control_version, ident.catalog_version);
        let claimed = self.pg_version().map(PgVersion::layout);
        let by_control = || {
            let mut all = PgVersion::ALL.into_iter().map(PgVersion::layout);
            all.find(|layout| layout.control_version == control)
        };
        let own = pg_version
            .map(PgVersion::layout)
            .or_else(|| Layout::by_control(control, catalog))
            .or_else(|| claimed.filter(|layout| layout.control_version == control))
            .or_else(by_control);
        if let (Some(claimed), Some(own)) = (claimed, own)
            && claimed.version != own.version
        {
            let evidence = format!("PG_VERSION says {}, it is of {}", claimed.version, own.version);
            let says = "database files are incompatible with server";
            let place = Place::file(self.path);
            self.findings.push(Finding::new(&CONTROL_VERSION, place, evidence).says(says));
        }
        own.or(claimed)
    }

    /// What the file PG_VERSION says.
    fn pg_version(&self) -> Option<PgVersion> {
        let bytes = self.source.read("PG_VERSION", MOST).ok()?;
        let text = std::str::from_utf8(&bytes).ok()?;
        PgVersion::from_major(text.trim().parse().ok()?)
    }

    fn circumstances(&self) -> Circumstances {
        let label = self.source.read("backup_label", MOST).ok();
        Circumstances {
            backup_label: label.and_then(|bytes| BackupLabel::parse(&bytes).ok()),
            live: self.source.live(),
        }
    }

    fn unread(&mut self, error: &ReadError) -> Control {
        self.findings.push(Finding::from(error));
        self.skip(&error.to_string())
    }

    /// A version that no release has: of a newer one or a fork if a CRC fits, else damage.
    fn unknown(&mut self, ident: &ControlIdent) -> String {
        let version = ident.control_version;
        let (rule, why) = match ident.crc_at {
            Some(at) => (&CONTROL_LAYOUT, format!("a CRC fits at byte {at}")),
            None => (&CONTROL_UNREADABLE, "no CRC fits".to_owned()),
        };
        let why = format!("control version {version} is of no known release; {why}");
        self.findings.push(Finding::new(rule, Place::file(self.path), &why));
        format!("{why}; --pg-version reads it as one")
    }

    fn damaged(&mut self, why: &str) -> Control {
        self.findings.push(Finding::new(&CONTROL_UNREADABLE, Place::file(self.path), why));
        self.skip(why)
    }

    fn skip(&mut self, why: &str) -> Control {
        self.coverage.skip(self.path, why);
        Control::unreadable(format!("pg_control could not be read: {why}."))
    }
}
