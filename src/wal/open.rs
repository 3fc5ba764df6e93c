//! Opening what the user names: a data directory, or WAL without one, and archives beside it.
use super::log::{Log, Timelines};
use crate::cluster::{Cluster, OpenError, OpenOptions};
use crate::report::Input;
use crate::source::{self, Kind, Progress, Source, WalPlace};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An input and its log.
#[derive(Debug)]
pub struct Opened {
    /// The data directory, if the input is one.
    pub cluster: Option<Cluster>,
    /// The log.
    pub log: Log,
    /// What a report says about the input.
    pub input: Input,
}

impl Opened {
    /// Opens `path`: a data directory in any of its forms, or a directory, tar or file with WAL;
    /// and `archives`, any of these too, for segments that are not there.
    ///
    /// # Errors
    /// If one of them cannot be opened, or nothing tells which major wrote the WAL.
    pub fn open(
        path: &Path,
        archives: &[PathBuf],
        (reading, options): (&source::Options, &OpenOptions),
        timelines: Timelines,
        progress: &dyn Progress,
    ) -> Result<Self, OpenError> {
        let source = Source::open_wal(path, reading, progress)?;
        let archives = archives.iter().map(|archive| {
            // Tablespaces are the main input's.
            let reading = source::Options { tablespaces: Vec::new(), ..reading.clone() };
            let archive = Arc::new(Source::open_wal(archive, &reading, progress)?);
            Ok(WalPlace::of_source(&archive, false))
        });
        let archives = archives.collect::<Result<Vec<_>, OpenError>>()?;
        if source.kind() != Kind::Files {
            let cluster = Cluster::open(source, options)?;
            let log = Log::of_cluster_and(&cluster, archives, timelines);
            let input = cluster.input();
            return Ok(Self { cluster: Some(cluster), log, input });
        }
        let source = Arc::new(source);
        let mut places = vec![WalPlace::of_source(&source, true)];
        places.extend(archives);
        let log = Log::of_places(places, options, timelines)?;
        let input = Input {
            path: path.display().to_string(),
            kind: source.describe().to_owned(),
            postgres: Some(log.dialect.layout.version.major()),
            system_identifier: log.shape.system_identifier.map(|number| number.to_string()),
            state: None,
            notes: Vec::new(),
        };
        Ok(Self { cluster: None, log, input })
    }
}
