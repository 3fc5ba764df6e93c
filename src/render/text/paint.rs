//! Colour: by tone, in the terminal's own sixteen colours, or none at all.
use crate::finding::Severity;
use crate::report::doc::{Hue, Tone};
use anstyle::{AnsiColor, Style};

/// Whether to colour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint(pub(super) bool);

impl Paint {
    /// A heading, or the names of columns.
    pub(super) fn heading(self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    /// The value of a cell.
    pub(super) fn tone(self, tone: Tone, text: &str) -> String {
        let style = match tone {
            Tone::Plain => return text.to_owned(),
            Tone::Faint => Style::new().dimmed(),
            Tone::Warning => AnsiColor::Yellow.on_default(),
            Tone::Critical => AnsiColor::Red.on_default().bold(),
        };
        self.paint(style, text)
    }

    /// A part of a picture.
    pub(super) fn hue(self, hue: Hue, text: &str) -> String {
        let color = match hue {
            Hue::Plain => return text.to_owned(),
            Hue::Faint => return self.tone(Tone::Faint, text),
            Hue::Red => AnsiColor::Red,
            Hue::Green => AnsiColor::Green,
            Hue::Yellow => AnsiColor::Yellow,
            Hue::Blue => AnsiColor::Blue,
            Hue::Magenta => AnsiColor::Magenta,
            Hue::Cyan => AnsiColor::Cyan,
        };
        self.paint(color.on_default(), text)
    }

    /// The mark before a row whose cells passed a threshold.
    pub(super) fn mark(self, mark: &str) -> String {
        let tone = match mark.trim_end() {
            "" => Tone::Plain,
            "!" => Tone::Warning,
            _ => Tone::Critical,
        };
        self.tone(tone, mark)
    }

    /// Text as bad as `severity`.
    pub(super) fn severity(self, severity: Severity, text: &str) -> String {
        let tone = match severity {
            Severity::Notice => Tone::Plain,
            Severity::Warning => Tone::Warning,
            Severity::Error => Tone::Critical,
        };
        self.tone(tone, text)
    }

    fn paint(self, style: Style, text: &str) -> String {
        if self.0 && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}
