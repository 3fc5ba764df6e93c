//! Compressed archives, decompressed once into a file without a name.
//!
//! The file is removed from its directory before anything is written to it (or never has a name,
//! where the system knows `O_TMPFILE`): nobody else can open it, and its space is given back when
//! the process ends, however it ends.
use super::{Compression, Progress, ReadError, ReadErrorKind};
use std::fs;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write as _};
use std::path::Path;

/// What came out of a compressed file.
pub(super) struct Unpacked {
    pub(super) file: fs::File,
    pub(super) len: u64,
    /// Why there is no more of it, if it is damaged.
    pub(super) damage: Option<String>,
}

/// How a file is compressed, by its first bytes.
///
/// # Errors
/// Names a compression that is not read here.
pub(super) fn recognise(start: &[u8]) -> Result<Compression, &'static str> {
    match start {
        [0x1f, 0x8b, ..] => Ok(Compression::Gzip),
        // Skippable frames are common to lz4 and zstd; zstd's parallel compressors begin with one.
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Ok(Compression::Zstd),
        [0x04, 0x22, 0x4d, 0x18, ..] => Ok(Compression::Lz4),
        [0x02, 0x21, 0x4c, 0x18, ..] => Err("lz4's legacy format"),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Err("xz"),
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => Err("bzip2"),
        [b'P', b'K', 3, 4, ..] => Err("zip"),
        _ => Ok(Compression::None),
    }
}

/// Decompresses the file at `path` into `directory`, or the system's place for temporary files.
/// Damaged data gives what comes before the damage.
pub(super) fn unpack(
    path: &Path,
    compression: Compression,
    directory: Option<&Path>,
    progress: &dyn Progress,
) -> Result<Unpacked, ReadError> {
    let shown = path.to_string_lossy();
    let failed = |error: &io::Error| ReadError::io(shown.as_ref(), error);
    let packed = fs::File::open(path).map_err(|error| failed(&error))?;
    let total = packed.metadata().map_err(|error| failed(&error))?.len();
    let place = directory.map_or_else(std::env::temp_dir, Path::to_owned);
    let out = tempfile::tempfile_in(&place)
        .map_err(|error| ReadError::io(place.to_string_lossy(), &error))?;
    progress.start(&format!("unpacking {shown}"), Some(total));
    let reader = BufReader::with_capacity(1 << 17, Counted { inner: packed, progress });
    let unpacked = decoder(reader, compression)
        .map_err(|error| failed(&error))
        .and_then(|decoder| pour(decoder, out, &place));
    progress.finish();
    let unpacked = unpacked?;
    match unpacked.damage {
        Some(damage) if unpacked.len == 0 => {
            Err(ReadError::new(shown, ReadErrorKind::Archive(damage)))
        }
        _ => Ok(unpacked),
    }
}

/// Gives what `reader` was compressed from.
///
/// # Errors
/// If there is no memory for it.
pub(super) fn decoder<'r>(
    reader: impl BufRead + 'r,
    compression: Compression,
) -> io::Result<Box<dyn Read + 'r>> {
    Ok(match compression {
        Compression::None => Box::new(reader),
        Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(reader)),
        Compression::Zstd => {
            let mut decoder = zstd::Decoder::with_buffer(reader)?;
            decoder.window_log_max(LARGEST_WINDOW)?;
            Box::new(decoder)
        }
        Compression::Lz4 => Box::new(Lz4Frames(lz4_flex::frame::FrameDecoder::new(reader))),
    })
}

/// `zstd --long` without a number: windows up to 2^27 bytes, which is what the decoder holds in memory.
const LARGEST_WINDOW: u32 = 27;

/// Copies all that `decoder` gives to `out`, which lies in `place`.
fn pour(
    mut decoder: Box<dyn Read + '_>,
    mut out: fs::File,
    place: &Path,
) -> Result<Unpacked, ReadError> {
    let mut buffer = vec![0; 1 << 17];
    let mut len = 0_u64;
    let damage = loop {
        let read = match decoder.read(&mut buffer) {
            Ok(0) => break None,
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => break Some(say(&error)),
        };
        out.write_all(buffer.get(..read).unwrap_or_default()).map_err(|error| {
            let directory = place.to_string_lossy().into_owned();
            match error.kind() {
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                    let kind =
                        ReadErrorKind::NoSpace { directory: directory.clone(), written: len };
                    ReadError::new(directory, kind)
                }
                _ => ReadError::io(directory, &error),
            }
        })?;
        len = len.saturating_add(read as u64);
    };
    Ok(Unpacked { file: out, len, damage })
}

/// What an error of a decoder means.
pub(super) fn say(error: &io::Error) -> String {
    let said = error.to_string();
    if said.contains("requires too much memory") {
        return "zstd compressed with a window of more than 128 MiB: unpack it with \
                zstd -d --long=31 first"
            .to_owned();
    }
    if error.kind() == ErrorKind::UnexpectedEof {
        return "compressed data ends early".to_owned();
    }
    format!("compressed data is damaged: {said}")
}

/// lz4 frames one after the other. The decoder stops at the end of each.
struct Lz4Frames<R: Read>(lz4_flex::frame::FrameDecoder<R>);

impl<R: BufRead> Read for Lz4Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.0.read(buffer)?;
            if read > 0 || buffer.is_empty() || self.0.get_mut().fill_buf()?.is_empty() {
                return Ok(read);
            }
        }
    }
}

/// A reader that says how far it is.
struct Counted<'p> {
    inner: fs::File,
    progress: &'p dyn Progress,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.progress.advance(read as u64);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::{Compression, recognise, unpack};
    use crate::source::{Quiet, ReadErrorKind};
    use std::io::{Read as _, Seek as _, Write as _};

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn lz4(bytes: &[u8]) -> Vec<u8> {
        use lz4_flex::frame::{BlockSize, FrameEncoder, FrameInfo};
        let frame = FrameInfo::new().block_size(BlockSize::Max64KB);
        let mut encoder = FrameEncoder::with_frame_info(frame, Vec::new());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// What comes out of `packed`, and what is said to be wrong with it.
    fn unpacked(packed: &[u8]) -> (Vec<u8>, Option<String>) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(packed).unwrap();
        let how = recognise(packed).unwrap();
        let mut unpacked = unpack(file.path(), how, None, &Quiet).unwrap();
        let mut bytes = Vec::new();
        unpacked.file.rewind().unwrap();
        unpacked.file.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes.len() as u64, unpacked.len);
        (bytes, unpacked.damage)
    }

    #[test]
    fn members_and_frames_that_follow_each_other_are_one_stream() {
        let zstd = |bytes: &[u8]| zstd::encode_all(bytes, 1).unwrap();
        for (first, second) in [
            (gzip(b"first"), gzip(b" second")),
            (lz4(b"first"), lz4(b" second")),
            (zstd(b"first"), zstd(b" second")),
        ] {
            assert_eq!(unpacked(&[first, second].concat()), (b"first second".to_vec(), None));
        }
    }

    #[test]
    fn what_comes_before_the_damage_is_kept() {
        let plain: Vec<u8> = (0..400_000_u32).flat_map(|n| (n ^ (n << 7)).to_le_bytes()).collect();
        for packed in [gzip(&plain), lz4(&plain), zstd::encode_all(&*plain, 1).unwrap()] {
            let (bytes, damage) = unpacked(&packed[..packed.len() / 2]);
            assert!(!bytes.is_empty() && plain.starts_with(&bytes));
            assert_eq!(damage.as_deref(), Some("compressed data ends early"));
        }
    }

    #[test]
    fn a_window_too_large_for_memory_is_named() {
        // A frame header that asks for a window of 2^31 bytes, and one empty raw block.
        let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, (31 - 10) << 3, 1, 0, 0];
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&frame).unwrap();
        let error = unpack(file.path(), Compression::Zstd, None, &Quiet).err().unwrap();
        assert!(error.to_string().contains("--long=31"), "{error}");
    }

    #[test]
    fn a_full_disk_is_named_with_the_remedy() {
        // Every write to this device fails as on a full disk.
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let place = std::path::Path::new("/somewhere");
        let error = super::pour(Box::new(&b"bytes"[..]), full, place).err().unwrap();
        let NoSpace { directory, written } = error.kind.clone() else { panic!("{error}") };
        assert_eq!((directory.as_str(), written), ("/somewhere", 0));
        assert!(error.to_string().contains("--temp-dir"));
    }
    use ReadErrorKind::NoSpace;
}
