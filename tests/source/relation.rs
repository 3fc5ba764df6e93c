//! Segment files of a relation: what the server would find of it, and what lies beyond.
use crate::build::{data_directory, open, open_read, write};
use pgdissect::source::relation::RelationFiles;
use pgdissect::source::{ReadErrorKind, Source};
use pgdissect::types::{Fork, RelFileNumber};

const BLOCK: u32 = 1024;
const PER_SEGMENT: u32 = 4;

/// A source with segments of relation 16390, each of so many bytes; blocks hold their number.
fn with_segments(segments: &[(u32, usize)]) -> tempfile::TempDir {
    let dir = data_directory();
    for &(number, len) in segments {
        let byte = |at: usize| u8::try_from(number as usize * 4 + at / 1024).unwrap();
        let content: Vec<u8> = (0..len).map(byte).collect();
        let name = if number == 0 { "16390".to_owned() } else { format!("16390.{number}") };
        write(dir.path(), &format!("base/5/{name}"), &content);
    }
    dir
}

fn discover(source: &Source) -> RelationFiles<'_> {
    let number = RelFileNumber(16390);
    RelationFiles::discover(source, "base/5", number, Fork::Main, BLOCK, PER_SEGMENT).unwrap()
}

fn irregularities(files: &RelationFiles<'_>) -> Vec<String> {
    let all = files.irregularities();
    all.iter().map(|found| format!("{}: {found}", found.path())).collect()
}

#[test]
fn a_healthy_relation_is_read_block_by_block() {
    let dir = with_segments(&[(0, 4096), (1, 4096), (2, 2048)]);
    for source in [open(dir.path()).unwrap(), open_read(dir.path())] {
        let files = discover(&source);
        assert_eq!((files.blocks(), files.end(), files.bytes()), (10, 10, 10240));
        assert!(irregularities(&files).is_empty());
        let mut scratch = Vec::new();
        for block in 0..10 {
            let bytes = files.read_blocks(block..block + 1, &mut scratch).unwrap();
            assert_eq!(bytes, [u8::try_from(block).unwrap(); 1024]);
        }
        let to_the_end_of_the_segment = files.read_blocks(2..9, &mut scratch).unwrap();
        assert_eq!(to_the_end_of_the_segment.len(), 2048);
        assert!(files.read_blocks(10..11, &mut scratch).unwrap().is_empty());
    }
}

#[test]
fn a_relation_that_ends_with_a_full_segment_is_whole() {
    // `mdnblocks` looks for the next segment, and its absence is the end.
    let dir = with_segments(&[(0, 4096), (1, 4096)]);
    let source = open(dir.path()).unwrap();
    assert_eq!((discover(&source).blocks(), irregularities(&discover(&source)).len()), (8, 0));
    // As does truncation, which leaves empty segments behind.
    let dir = with_segments(&[(0, 4096), (1, 0)]);
    let source = open(dir.path()).unwrap();
    assert_eq!((discover(&source).blocks(), irregularities(&discover(&source)).len()), (4, 0));
    let dir = with_segments(&[(0, 3072), (1, 0), (2, 0)]);
    let source = open(dir.path()).unwrap();
    assert_eq!((discover(&source).blocks(), irregularities(&discover(&source)).len()), (3, 0));
}

#[test]
fn a_missing_segment_hides_the_rest_from_the_server_only() {
    let dir = with_segments(&[(0, 4096), (3, 1024)]);
    let source = open(dir.path()).unwrap();
    let files = discover(&source);
    assert_eq!((files.blocks(), files.end()), (4, 13));
    let said = "base/5/16390.1: segments 1 to 2 are missing, later segments are there";
    assert_eq!(irregularities(&files), [said]);
    let mut scratch = Vec::new();
    assert_eq!(files.read_blocks(12..13, &mut scratch).unwrap(), [12; 1024]);
    let error = files.read_blocks(5..6, &mut scratch).unwrap_err();
    assert_eq!((error.path.as_str(), error.kind), ("base/5/16390.1", ReadErrorKind::Absent));
}

#[test]
fn short_long_and_torn_segments_are_said() {
    let dir = with_segments(&[(0, 3072), (1, 5120), (2, 1500)]);
    let source = open(dir.path()).unwrap();
    let files = discover(&source);
    assert_eq!((files.blocks(), files.end()), (3, 9));
    assert_eq!(
        irregularities(&files),
        [
            "base/5/16390: 3 of 4 blocks, though later segments are there",
            "base/5/16390.1: 5120 bytes, more than the 4096 of a full segment",
            "base/5/16390.2: 476 bytes of a block at byte 1024, which is not whole",
        ]
    );
    let last = files.segments().last().unwrap();
    assert_eq!(files.bytes_of(last, 1024..9999, &mut Vec::new()).unwrap().len(), 476);
}

#[test]
fn a_directory_in_place_of_a_segment_is_a_value() {
    let dir = with_segments(&[(0, 4096), (2, 1024)]);
    std::fs::create_dir(dir.path().join("base/5/16390.1")).unwrap();
    let source = open(dir.path()).unwrap();
    let files = discover(&source);
    assert_eq!((files.blocks(), files.end()), (4, 9));
    assert_eq!(irregularities(&files), ["base/5/16390.1: a directory where a file should be"]);
    let mut scratch = Vec::new();
    let error = files.read_blocks(4..5, &mut scratch).unwrap_err();
    assert_eq!(error.kind, ReadErrorKind::IsDirectory);
    assert_eq!(files.read_blocks(8..9, &mut scratch).unwrap(), [8; 1024]);
}

#[test]
fn numbers_at_their_limits_do_not_overflow() {
    let dir = with_segments(&[(0, 4096)]);
    write(dir.path(), "base/5/16390.4294967295", &[1; 2048]);
    let source = open(dir.path()).unwrap();
    let files = discover(&source);
    assert_eq!((files.blocks(), files.end()), (4, u32::MAX));
    let said = "base/5/16390.1: segments 1 to 4294967294 are missing, later segments are there";
    assert_eq!(irregularities(&files)[0], said);
}

#[test]
fn segment_zero_is_missing_if_only_later_ones_are_there() {
    let dir = with_segments(&[(1, 1024)]);
    let source = open(dir.path()).unwrap();
    assert_eq!(discover(&source).blocks(), 0);
    let said = "base/5/16390: segment 0 is missing, later segments are there";
    assert_eq!(irregularities(&discover(&source)), [said]);
}

#[test]
fn a_segment_by_itself_knows_its_blocks_by_its_name() {
    let dir = with_segments(&[(2, 2048)]);
    let source = open(&dir.path().join("base/5/16390.2")).unwrap();
    let files = RelationFiles::of_file(&source, "16390.2", BLOCK, PER_SEGMENT).unwrap();
    assert_eq!((files.segments()[0].blocks.clone(), files.blocks()), (8..10, 10));
    assert!(irregularities(&files).is_empty());
    assert_eq!(files.read_blocks(9..10, &mut Vec::new()).unwrap(), [9; 1024]);
}

#[test]
fn the_index_tells_relations_from_other_files() {
    let dir = with_segments(&[(0, 1024)]);
    for name in ["16390_vm", "16390_fsm.1", "t3_16391", "pg_filenode.map", "016390", "16390.00"] {
        write(dir.path(), &format!("base/5/{name}"), b"x");
    }
    let source = open(dir.path()).unwrap();
    let index = source.relation_index("base/5").unwrap();
    let names: Vec<_> = index.files().iter().map(|file| file.name.to_string()).collect();
    assert_eq!(names, ["1259", "16390", "16390_fsm.1", "16390_vm", "t3_16391"]);
    let others: Vec<_> = index.others().iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(others, ["016390", "16390.00", "PG_VERSION", "pg_filenode.map"]);
    assert_eq!(index.fork(RelFileNumber(16390), Fork::Vm).len(), 1);
}
