//! `triage` on one screen.
use super::{Check, Holder, Message, MessageState, Repair, Step, Triage, Verdict};
use crate::finding::Severity;
use crate::report::Present;
use crate::report::doc::{Block, Cell, Column, Doc, Table, Tone};
use crate::types::pretty_size;

/// Messages whose answers are shown; a log may have hundreds.
const MESSAGES: usize = 3;

impl Present for Triage {
    fn present(&self) -> Doc {
        let mut doc = Doc { tells_findings: true, ..Doc::default() };
        doc.push(Block::Points(self.story()));
        if self.messages.is_empty() {
            doc.push(Block::Heading("Checked".into()));
            doc.push(Block::Points(self.checks.iter().map(Check::point).collect()));
            if !self.holders.is_empty() {
                doc.push(Block::Heading("Holds WAL or rows back".into()));
                doc.push(Block::Points(first_of_each(&self.holders, |of| of.kind, Holder::point)));
            }
            if !self.repairs.is_empty() {
                doc.push(Block::Heading("What it would cost here (none of this is advice)".into()));
                let costs = first_of_each(&self.repairs, |of| of.kind, Repair::point);
                doc.push(Block::Points(costs));
            }
        }
        for message in self.messages.iter().take(MESSAGES) {
            doc.push(Block::Heading(message.heading()));
            doc.push(Block::Points(message.points()));
        }
        let more = (self.messages.len().saturating_sub(MESSAGES) as u64) + self.messages_left_out;
        if more > 0 {
            doc.push(Block::Text(format!(
                "{} more: --format json has them.",
                plural(more, "message")
            )));
        }
        doc.push(Block::Heading("Next".into()));
        doc.push(Block::Next(self.steps()));
        doc
    }

    fn tables(&self) -> Vec<Table> {
        vec![self.summary()]
    }
}

impl Triage {
    /// Who, how it ended, the verdict, what would be lost.
    fn story(&self) -> Vec<(String, Cell)> {
        let who = &self.who;
        let mut points = vec![
            point("Who", who.sentence()),
            point("Ended", self.ended.sentence.clone()),
            self.verdict.point(),
        ];
        if let Some(of) = &self.verdict.refusal {
            let text = format!("{}:  {}", of.severity, of.message);
            points.push((String::new(), Cell::text(text).tone(Tone::Critical)));
        }
        let lost = if self.lost.words.is_empty() {
            point("Lost", "nothing that the files show.".to_owned())
        } else {
            let critical = self.lost.behind_damage.is_some() || !self.verdict.starts;
            let tone = if critical { Tone::Critical } else { Tone::Warning };
            ("Lost".to_owned(), Cell::text(self.lost.words.join("; ") + ".").tone(tone))
        };
        points.push(lost);
        points
    }

    /// Of messages, what they lead to comes first.
    fn steps(&self) -> Vec<(String, String)> {
        let mut steps: Vec<&Step> =
            self.messages.iter().take(MESSAGES).flat_map(|message| &message.next).collect();
        if self.messages.is_empty() {
            steps.extend(&self.next);
        }
        let mut seen = Vec::new();
        steps.retain(|step| {
            let new = !seen.contains(&&step.command);
            seen.push(&step.command);
            new
        });
        steps.iter().map(|step| (step.command.clone(), step.shows.clone())).collect()
    }

    /// Everything in two columns.
    fn summary(&self) -> Table {
        let mut points = self.story();
        points.extend(self.checks.iter().map(Check::point));
        points.extend(self.holders.iter().map(Holder::point));
        points.extend(self.repairs.iter().map(Repair::point));
        for message in &self.messages {
            points.push(point("message", message.message.clone()));
            points.extend(message.points());
        }
        let rows = points.into_iter().map(|(what, value)| vec![Cell::text(what), value]).collect();
        let columns = ["what", "value"].map(Column::new).to_vec();
        Table { name: "summary", title: String::new(), columns, rows }
    }
}

impl Verdict {
    fn point(&self) -> (String, Cell) {
        let tone = if self.starts { Tone::Plain } else { Tone::Critical };
        ("Verdict".to_owned(), Cell::text(self.sentence.clone()).tone(tone))
    }
}

impl Check {
    fn point(&self) -> (String, Cell) {
        let tone = match self.severity {
            Some(Severity::Error) => Tone::Critical,
            Some(Severity::Warning) => Tone::Warning,
            Some(Severity::Notice) | None => Tone::Plain,
        };
        (self.what.to_owned(), Cell::text(self.result.clone()).tone(tone))
    }
}

impl super::Who {
    fn sentence(&self) -> String {
        let timeline = self.timeline.map(|timeline| format!(", timeline {timeline}"));
        let timeline = timeline.unwrap_or_default();
        let databases = plural(self.databases, "database");
        let size = pretty_size(self.bytes);
        format!("{} ({}){timeline}, {databases}, {size}.", self.kind.name(), self.because)
    }
}

impl Holder {
    fn point(&self) -> (String, Cell) {
        let kind = self.kind.trim_end_matches(" transaction");
        point(format!("{kind} {}", self.name).trim_end(), self.holds.clone())
    }
}

impl Repair {
    fn point(&self) -> (String, Cell) {
        let name = self.name.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
        point(self.kind.name(), format!("{name}{}", self.cost))
    }
}

impl Message {
    fn heading(&self) -> String {
        match self.count {
            1 => self.message.clone(),
            count => format!("{} ({count} times)", self.message),
        }
    }

    fn points(&self) -> Vec<(String, Cell)> {
        let mut points = Vec::new();
        let object = match (&self.object, self.fork, self.block) {
            (Some(object), fork, Some(block)) => {
                let fork = fork.filter(|fork| *fork != crate::types::Fork::Main);
                let fork = fork.map(|fork| format!(" fork {fork}")).unwrap_or_default();
                Some(format!("{object}{fork} block {block}"))
            }
            (object, ..) => object.clone(),
        };
        points.extend(object.map(|object| point("Object", object)));
        let tone = match self.state {
            MessageState::Confirmed => Tone::Critical,
            MessageState::NotSeen | MessageState::Absent | MessageState::Unknown => Tone::Plain,
        };
        let state = format!("{}: {}", self.state.name(), self.found);
        points.push(("State".to_owned(), Cell::text(state).tone(tone)));
        points.extend(self.cause.clone().map(|cause| point("Cause", cause)));
        points.extend(self.copies.map(|copies| point("Good copies", copies.sentence())));
        points.push(point("Do", self.advice.clone()));
        points
    }
}

impl super::Copies {
    fn sentence(self) -> String {
        let Some(last) = self.last else {
            return "none in this WAL; look in archives with --archive, and in backups.".into();
        };
        let images = plural(self.images, "image");
        let after = match self.later_records {
            0 => "and no record changes the block after it".to_owned(),
            count => format!("and {} after it", plural(count, "record")),
        };
        let replay = if self.replayed { " Recovery restores the block from it." } else { "" };
        format!("{images} in WAL, the last in the record at {last}, {after}.{replay}")
    }
}

fn point(label: &str, text: String) -> (String, Cell) {
    (label.to_owned(), Cell::text(text))
}

/// Of each kind the first, which is the worst, and how many there are beside.
fn first_of_each<T, K: PartialEq>(
    all: &[T],
    kind: impl Fn(&T) -> K,
    show: impl Fn(&T) -> (String, Cell),
) -> Vec<(String, Cell)> {
    let mut seen = Vec::new();
    let mut points = Vec::new();
    for one in all {
        if !seen.contains(&kind(one)) {
            seen.push(kind(one));
            points.push(show(one));
        }
    }
    let more = all.len().saturating_sub(points.len());
    if more > 0 {
        points.push(point("", format!("{more} more like these: --format json has them.")));
    }
    points
}

pub(super) fn plural(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
