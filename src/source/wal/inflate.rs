//! Compressed files in memory: never more of them than was asked for.
use crate::source::unpack::{decoder, recognise, say};
use crate::source::{Compression, File, ReadError, ReadErrorKind};
use std::io::{self, BufReader, ErrorKind, Read};

/// What came out of a file.
pub(super) struct Inflated {
    pub(super) bytes: Vec<u8>,
    /// Why there is no more, if it is damaged.
    pub(super) damage: Option<String>,
}

/// How the file is compressed, by its first bytes.
///
/// # Errors
/// What the operating system says; a compression, or encryption, that is not read here.
pub(super) fn compression(file: &File) -> Result<Compression, ReadError> {
    let mut scratch = Vec::new();
    let start = file.window(0..8, &mut scratch)?;
    let refused = |what: &str| {
        let what = format!("is compressed by {what}, which is not read here: unpack it first");
        ReadError::new(file.path(), ReadErrorKind::Archive(what))
    };
    // What openssl writes, and pgBackRest with repo-cipher-type.
    if start.starts_with(b"Salted__") {
        let what = "is encrypted: let the tool that wrote it decrypt it first".to_owned();
        return Err(ReadError::new(file.path(), ReadErrorKind::Archive(what)));
    }
    // These two have no mark of their own.
    for (suffix, what) in [(".br", "brotli"), (".lzma", "lzma"), (".snappy", "snappy")] {
        if file.path().ends_with(suffix) {
            return Err(refused(what));
        }
    }
    recognise(start).map_err(refused)
}

/// The first bytes of what the file was compressed from, at most `limit` of them.
///
/// # Errors
/// What the operating system says.
pub(super) fn inflate(
    file: &File,
    compression: Compression,
    limit: u64,
) -> Result<Inflated, ReadError> {
    let failed = |error: &io::Error| ReadError::io(file.path(), error);
    let mapped = file.mapped();
    let decoder = match mapped {
        Some(bytes) => decoder(bytes, compression),
        None => decoder(BufReader::with_capacity(1 << 17, Whole { file, at: 0 }), compression),
    };
    let mut decoder = decoder.map_err(|error| failed(&error))?.take(limit);
    let mut bytes = Vec::new();
    let damage = loop {
        // What was decompressed before an error stays in the vector.
        match decoder.read_to_end(&mut bytes) {
            Ok(_) => break None,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => break Some(say(&error)),
        }
    };
    Ok(Inflated { bytes, damage })
}

/// A file that is read from its beginning on.
struct Whole<'f> {
    file: &'f File,
    at: u64,
}

impl Read for Whole<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut scratch = Vec::new();
        let end = self.at.saturating_add(buffer.len() as u64);
        let bytes = self.file.window(self.at..end, &mut scratch);
        let bytes = bytes.map_err(|error| io::Error::other(error.kind.to_string()))?;
        let read = bytes.len().min(buffer.len());
        let (to, from) = (buffer.get_mut(..read), bytes.get(..read));
        if let (Some(to), Some(from)) = (to, from) {
            to.copy_from_slice(from);
        }
        self.at = self.at.saturating_add(read as u64);
        Ok(read)
    }
}
