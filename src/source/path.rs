//! Names inside a source: relative to the data directory, with `/`, never leading out of it.
use super::{ReadError, ReadErrorKind};

/// `path` without a trailing slash; the empty path is the data directory itself.
///
/// # Errors
/// For anything that could lead out of it: an absolute path, `..`, an empty part, a NUL.
pub(super) fn checked(path: &str) -> Result<&str, ReadError> {
    let trimmed = path.strip_suffix('/').unwrap_or(path);
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains('\0');
    if trimmed.is_empty() && !path.starts_with('/') || trimmed.split('/').all(plain) {
        return Ok(trimmed);
    }
    let reason = "is not a path inside the data directory";
    Err(ReadError::new(path, ReadErrorKind::Io(reason.to_owned())))
}

/// `dir/name`, without the slash if either is empty.
pub(super) fn join(dir: &str, name: &str) -> String {
    match (dir, name) {
        ("", path) | (path, "") => path.to_owned(),
        (dir, name) => format!("{dir}/{name}"),
    }
}

/// What remains of `path` below `dir`: empty if they are the same, `None` if it is not below.
pub(super) fn below<'p>(path: &'p str, dir: &str) -> Option<&'p str> {
    match path.strip_prefix(dir)? {
        rest if dir.is_empty() || rest.is_empty() => Some(rest),
        rest => rest.strip_prefix('/'),
    }
}

#[cfg(test)]
mod tests {
    use super::{below, checked};

    #[test]
    fn no_name_leads_out_of_the_data_directory() {
        for fine in ["", "global/pg_control", "base/5/"] {
            assert!(checked(fine).is_ok(), "{fine}");
        }
        for bad in ["/", "/etc/passwd", "..", "base/../..", "base//5", "./base", "a\0b"] {
            assert!(checked(bad).is_err(), "{bad}");
        }
        assert_eq!(below("pg_wal/000", "pg_wal"), Some("000"));
        assert_eq!((below("pg_wal", "pg_wal"), below("pg_wally", "pg_wal")), (Some(""), None));
    }
}
