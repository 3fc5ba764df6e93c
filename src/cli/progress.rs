//! Progress of long work on standard error: bytes done, rate, time left.
use super::global::When;
use super::output;
use crate::render::{escape, pretty_size, shorten};
use crate::source::{Progress, Quiet};
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::io::IsTerminal as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Work that is over sooner than this shows nothing, and lines are written no more often.
const PATIENCE: Duration = Duration::from_millis(500);

/// Columns that the bar leaves to what is being done.
const NAME: usize = 32;

/// Who listens, as `--progress` says: a bar on terminals, lines elsewhere, or nobody.
pub(super) fn listener(when: When) -> Box<dyn Progress> {
    match (when, std::io::stderr().is_terminal()) {
        (When::Never, _) | (When::Auto, false) => Box::new(Quiet),
        (_, terminal) => Box::new(Listener { terminal, work: Mutex::default() }),
    }
}

struct Listener {
    terminal: bool,
    work: Mutex<Option<Work>>,
}

/// What is going on.
struct Work {
    what: String,
    total: Option<u64>,
    done: u64,
    since: Instant,
    shown: Instant,
    bar: Option<ProgressBar>,
}

impl Listener {
    fn work(&self) -> MutexGuard<'_, Option<Work>> {
        // Numbers on a screen: what a panicking thread left of them is good enough.
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Listener {
    fn start(&self, what: &str, total: Option<u64>) {
        let now = Instant::now();
        let (what, bar) = (what.to_owned(), None);
        *self.work() = Some(Work { what, total, done: 0, since: now, shown: now, bar });
    }

    fn advance(&self, bytes: u64) {
        let mut work = self.work();
        let Some(work) = work.as_mut() else { return };
        work.done = work.done.saturating_add(bytes);
        if self.terminal {
            work.draw();
        } else {
            work.write_line();
        }
    }

    fn finish(&self) {
        if let Some(bar) = self.work().take().and_then(|work| work.bar) {
            bar.finish_and_clear();
        }
    }
}

impl Work {
    fn draw(&mut self) {
        if self.bar.is_none() && self.since.elapsed() > PATIENCE {
            self.bar = Some(bar(&self.what, self.total, self.since.elapsed()));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.done);
        }
    }

    fn write_line(&mut self) {
        if self.shown.elapsed() > PATIENCE {
            self.shown = Instant::now();
            let total = self.total.map(|total| format!(" of {}", pretty_size(total)));
            let (done, total) = (pretty_size(self.done), total.unwrap_or_default());
            output::complain("progress", &format!("{}: {done}{total}", self.what));
        }
    }
}

fn bar(what: &str, total: Option<u64>, elapsed: Duration) -> ProgressBar {
    let template = match total {
        Some(_) => "{msg} [{wide_bar}] {done} of {all}, {rate}/s, {left} left",
        None => "{spinner} {msg} {done}, {rate}/s",
    };
    let style = ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .with_key("done", key(|state| pretty_size(state.pos())))
        .with_key("all", key(|state| pretty_size(all(state))))
        .with_key("rate", key(|state| pretty_size(rate(state))))
        .with_key("left", key(left))
        .progress_chars("=> ");
    let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    bar.with_style(style).with_message(shorten(&escape(what), NAME)).with_elapsed(elapsed)
}

fn all(state: &ProgressState) -> u64 {
    state.len().unwrap_or(0)
}

/// Bytes in a second, over the whole work so far.
fn rate(state: &ProgressState) -> u64 {
    let millis = state.elapsed().as_millis().max(1);
    u64::try_from(u128::from(state.pos()) * 1000 / millis).unwrap_or(u64::MAX)
}

/// The time that the rest takes at this rate: `12 s`, `3 min`, `2 h`.
fn left(state: &ProgressState) -> String {
    let seconds = all(state).saturating_sub(state.pos()).div_ceil(rate(state).max(1));
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3600),
    }
}

/// A word of the template.
fn key(
    text: fn(&ProgressState) -> String,
) -> impl Fn(&ProgressState, &mut dyn Write) + Clone + Send + Sync {
    move |state, out| {
        // A progress bar that cannot be written is no reason to stop.
        let _ = out.write_str(&text(state));
    }
}
