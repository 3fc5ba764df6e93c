//! `postmaster.pid` (utils/pidfile.h): which server uses, or used, this directory; and
//! `postmaster.opts` (`CreateOptsFile`, postmaster/postmaster.c): how it was started last.
use crate::types::UnixTime;
use serde::Serialize;

/// The lock file's lines. A server that is starting has not written all of them yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PidFile {
    /// Process id of the postmaster; negative for a server in single-user mode.
    pub pid: Option<i64>,
    /// The data directory as that server saw it.
    pub data_directory: Option<String>,
    /// When it started.
    pub start_time: Option<UnixTime>,
    /// Port.
    pub port: Option<u16>,
    /// Directory of its first Unix socket.
    pub socket_directory: Option<String>,
    /// First listen address.
    pub listen_address: Option<String>,
    /// Key and id of its shared memory.
    pub shared_memory: Option<String>,
    /// "starting", "stopping", "ready" or "standby".
    pub status: Option<String>,
}

impl PidFile {
    /// Reads a whole file. Nothing is refused: a line that is not what it should be is `None`.
    pub fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = text.lines().map(str::trim);
        let mut line = || lines.next().filter(|line| !line.is_empty()).map(str::to_owned);
        Self {
            pid: line().and_then(|line| line.parse().ok()),
            data_directory: line(),
            start_time: line().and_then(|line| line.parse().ok()).map(UnixTime),
            port: line().and_then(|line| line.parse().ok()),
            socket_directory: line(),
            listen_address: line(),
            shared_memory: line(),
            status: line(),
        }
    }
}

/// The command line in postmaster.opts: the program, then its arguments, each in double quotes.
pub fn command_line(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let line = text.trim_end_matches(['\n', '\r']);
    let (program, arguments) = line.split_once(" \"").unwrap_or((line, ""));
    let arguments = arguments.strip_suffix('"').unwrap_or(arguments);
    let arguments = (!arguments.is_empty()).then(|| arguments.split("\" \""));
    std::iter::once(program).chain(arguments.into_iter().flatten()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{PidFile, command_line};
    use crate::types::UnixTime;

    #[test]
    fn a_pid_file_is_read_as_far_as_it_goes() {
        let file =
            b"4242\n/srv/pg\n1795218029\n5719\n/tmp/sock\n\n   1835129         3\nready   \n";
        let found = PidFile::parse(file);
        assert_eq!((found.pid, found.port), (Some(4242), Some(5719)));
        assert_eq!(found.start_time, Some(UnixTime(1_795_218_029)));
        assert_eq!(found.listen_address, None);
        assert_eq!(found.status.as_deref(), Some("ready"));
        assert_eq!(PidFile::parse(b"junk").pid, None);
    }

    #[test]
    fn a_command_line_is_split_at_its_quotes() {
        let line = b"/usr/lib/postgresql/18/bin/postgres \"-D\" \"/srv/my pg\" \"-c\" \"a=b\"\n";
        let expected = ["/usr/lib/postgresql/18/bin/postgres", "-D", "/srv/my pg", "-c", "a=b"];
        assert_eq!(command_line(line), expected);
        assert_eq!(command_line(b"postgres\n"), ["postgres"]);
    }
}
