//! The command, run with a limit on its time and its memory.
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Far more than any command needs for a fixture.
const LIMIT: Duration = Duration::from_secs(30);
/// Of address space, in kilobytes: mapped files and threads count, an allocation gone wild does not fit.
const MEMORY: u32 = 3 << 20;

/// What a command did.
pub(crate) struct Ran {
    command: String,
    pub(crate) exit: i32,
    pub(crate) json: Option<serde_json::Value>,
    pub(crate) stderr: String,
    took: Option<Duration>,
}

/// Runs pgdissect with these arguments.
pub(crate) fn run(arguments: &[String]) -> Ran {
    let limited = format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"");
    let mut child = Command::new("sh")
        .args(["-c", &limited, env!("CARGO_BIN_EXE_pgdissect")])
        .args(arguments)
        .env_remove("PGDATA")
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let stdout = thread::spawn(move || {
        let mut bytes = Vec::new();
        out.read_to_end(&mut bytes).map(|_| bytes).unwrap()
    });
    let stderr = thread::spawn(move || {
        let mut bytes = Vec::new();
        err.read_to_end(&mut bytes).map(|_| bytes).unwrap()
    });
    let started = Instant::now();
    let (status, took) = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break (status, Some(started.elapsed()));
        }
        if started.elapsed() > LIMIT {
            child.kill().unwrap();
            break (child.wait().unwrap(), None);
        }
        thread::sleep(Duration::from_millis(2));
    };
    let stdout = stdout.join().unwrap();
    Ran {
        command: arguments.join(" "),
        exit: status.code().unwrap_or(-1),
        json: serde_json::from_slice(&stdout).ok(),
        stderr: String::from_utf8_lossy(&stderr.join().unwrap()).into_owned(),
        took,
    }
}

impl Ran {
    /// The findings of the answer, by rule.
    pub(crate) fn findings(&self) -> &[serde_json::Value] {
        let findings = self.json.as_ref().and_then(|json| json["findings"].as_array());
        findings.map(Vec::as_slice).unwrap_or_default()
    }

    /// As [`Self::check`], of a command that answers with lines of its own.
    pub(crate) fn check_end(&self) -> Result<(), String> {
        let wrong = match self.exit {
            _ if self.took.is_none() => "does not end",
            0..=3 if self.stderr.contains("panicked") => "panics",
            0 | 1 | 3 => return Ok(()),
            _ => "crashes, or takes the input for a wrong command line",
        };
        Err(format!("{} {wrong} (exit {}): {}", self.command, self.exit, self.stderr))
    }

    /// What no damage may lead to: a crash, a hang, or silence.
    pub(crate) fn check(&self) -> Result<(), String> {
        let wrong = match self.exit {
            _ if self.took.is_none() => "does not end",
            0 | 1 if self.json.is_none() => "gives no answer",
            3 if self.json.is_none() && self.stderr.is_empty() => "gives neither answer nor reason",
            0..=3 if self.stderr.contains("panicked") => "panics",
            0 | 1 | 3 => return Ok(()),
            // What was asked for by name may have lost its name.
            2 if self.stderr.contains("is not here") => return Ok(()),
            _ => "crashes, or takes the input for a wrong command line",
        };
        Err(format!("{} {wrong} (exit {}): {}", self.command, self.exit, self.stderr))
    }
}
