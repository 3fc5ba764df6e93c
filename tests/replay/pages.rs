//! Which pages replay leaves with which LSN, and which files with which length.
use crate::case::Case;
use crate::course::number;
use crate::laid::{laid, recovered};
use pgdissect::replay::Ground;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// A file, a path below the data directory, and a block of it.
type Page = (String, u32);

/// What replay leaves: pages whose LSN it changes, and the length of each file that it had to do with.
struct Left {
    pages: BTreeMap<Page, u64>,
    lengths: BTreeMap<String, Option<u64>>,
}

#[test]
fn pages_and_files_are_left_as_the_server_left_them() {
    let (mut pages, mut files, mut wrong) = (0, 0, Vec::new());
    for case in recovered() {
        let (_, ours) = laid(case, ours);
        let theirs = theirs(case);
        let all: BTreeSet<_> = ours.pages.keys().chain(theirs.pages.keys()).collect();
        for page in all.into_iter().filter(|(file, _)| told(case, file)) {
            let (our, their) = (ours.pages.get(page), theirs.pages.get(page));
            pages += 1;
            // A page that was added and never written is all zeros; of a database that is copied as a
            // whole only what records name is looked at.
            let aside =
                (our, their) == (None, Some(&0)) || our.is_none() && theirs.copied(&page.0, &ours);
            if our != their && !aside {
                wrong.push(format!("{}: {page:?}: {our:X?}, the server {their:X?}", case.name));
            }
        }
        for (file, our) in ours.lengths.iter().filter(|(file, _)| told(case, file)) {
            let on_disk = || Some(fs::metadata(case.folder.join("data").join(file)).ok()?.len());
            let their = theirs.lengths.get(file).copied().unwrap_or_else(on_disk);
            files += 1;
            if *our != their {
                wrong.push(format!("{}: {file} has {our:?}, the server's {their:?}", case.name));
            }
        }
        for file in theirs.lengths.keys().filter(|file| told(case, file)) {
            if !ours.lengths.contains_key(file) && !theirs.copied(file, &ours) {
                wrong.push(format!("{}: the server changes the length of {file}", case.name));
            }
        }
    }
    let shown = wrong.iter().take(60).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {} differ:\n{shown}", wrong.len(), pages + files);
    assert!(pages > 3000 && files > 1000, "{pages} pages and {files} files compared");
    println!("{pages} pages and {files} files compared");
}

/// By the simulation.
fn ours(ground: &Ground<'_>) -> Left {
    let (mut pages, mut lengths) = (BTreeMap::new(), BTreeMap::new());
    let replayed = ground.replay(
        2,
        |_, _| None::<()>,
        |simulation, part| simulation.take(part.order, |_, _, _, _| {}),
    );
    let block_size = u64::from(ground.cluster.dialect().geometry.block_size);
    for (locator, fork, _, state) in replayed.simulation.forks() {
        let tablespaces = ground.cluster.tablespaces();
        let Some(folder) = tablespaces.directory(locator.tablespace, locator.database) else {
            continue;
        };
        let Some(state) = state else { continue };
        let file = format!("{folder}/{}{}", locator.number, fork.suffix());
        let length = state.exists().then(|| u64::from(state.blocks()) * block_size);
        for (&block, page) in state.pages().iter().filter(|(_, page)| page.lsn != page.before) {
            pages.insert((file.clone(), block), page.lsn.0);
        }
        lengths.insert(file, length);
    }
    Left { pages, lengths }
}

/// By the files before and after.
fn theirs(case: &Case) -> Left {
    let (mut pages, mut lengths) = (BTreeMap::new(), BTreeMap::new());
    for page in case.server["pages"].as_array().unwrap() {
        let block = u32::try_from(page[1].as_u64().unwrap()).unwrap();
        let lsn = number(page[2].as_str().unwrap());
        pages.insert((page[0].as_str().unwrap().to_owned(), block), lsn);
    }
    for file in case.server["files"].as_array().unwrap() {
        lengths.insert(file[0].as_str().unwrap().to_owned(), file[2].as_u64());
    }
    Left { pages, lengths }
}

impl Left {
    /// Whether a file came with a whole database, or went with it.
    fn copied(&self, file: &str, ours: &Self) -> bool {
        let folder = file.rsplit_once('/').unwrap().0;
        let version = format!("{folder}/PG_VERSION");
        self.lengths.contains_key(&version) && !ours.lengths.contains_key(&version)
    }
}

/// Whether WAL says what becomes of a file: not of free space maps, which have no LSN, nor of what is not
/// logged. Unlogged relations are emptied, temporary ones and caches removed.
fn told(case: &Case, file: &str) -> bool {
    let name = file.rsplit_once('/').unwrap().1;
    let of_init = |file: &str| format!("{}_init", file.split('_').next().unwrap_or(file));
    let unlogged = case.folder.join("data").join(of_init(file)).exists()
        || case.server["files"].as_array().unwrap().iter().any(|one| one[0] == *of_init(file));
    name.starts_with(|first: char| first.is_ascii_digit()) && !name.ends_with("_fsm") && !unlogged
}
