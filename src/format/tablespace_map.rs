//! `tablespace_map` (`read_tablespace_map`, access/transam/xlogrecovery.c): where a base backup
//! had its tablespaces. One line for each, `OID PATH`; a backslash quotes a line's end and itself.
use super::error::{Fault, ParseError};
use crate::types::Oid;

/// Reads a whole file: tablespace and path, in the file's order.
///
/// # Errors
/// [`Fault::Text`] where the server says `invalid data in file "tablespace_map"`.
pub fn parse(bytes: &[u8]) -> Result<Vec<(Oid, String)>, ParseError> {
    let mut entries = Vec::new();
    let mut line = Vec::new();
    let (mut quoted, mut started) = (false, 0);
    let wrong = |at: usize| ParseError {
        at: at as u64,
        what: "tablespace_map",
        fault: Fault::Text { field: "line", form: "OID PATH" },
    };
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'\n' | b'\r' if !quoted => {
                if !line.is_empty() {
                    entries.push(entry(&line).ok_or_else(|| wrong(started))?);
                    line.clear();
                }
                started = at.saturating_add(1);
            }
            b'\\' if !quoted => quoted = true,
            _ => {
                line.push(byte);
                quoted = false;
            }
        }
    }
    if line.is_empty() && !quoted { Ok(entries) } else { Err(wrong(started)) }
}

/// One line without its quoting.
fn entry(line: &[u8]) -> Option<(Oid, String)> {
    let line = String::from_utf8_lossy(line);
    let (oid, path) = line.split_once(' ').filter(|(_, path)| !path.is_empty())?;
    Some((Oid(oid.parse().ok()?), path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::types::Oid;

    #[test]
    fn a_path_may_hold_spaces_and_quoted_line_ends() {
        let map = parse(b"16385 /srv/fast disk\r\n16386 /srv/odd\\\nname\\\\\n").unwrap();
        let expected = [(Oid(16385), "/srv/fast disk"), (Oid(16386), "/srv/odd\nname\\")];
        assert_eq!(map, expected.map(|(oid, path)| (oid, path.to_owned())));
    }

    #[test]
    fn what_the_server_refuses_is_refused() {
        let bad: [&[u8]; 4] = [b"16385\n", b"16385 \n", b"x /srv\n", b"16385 /srv"];
        assert!(bad.into_iter().all(|map| parse(map).is_err()));
        assert_eq!(parse(b""), Ok(Vec::new()));
    }
}
