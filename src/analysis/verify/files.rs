//! The files of one fork of a relation: all of them there, and as long as they should be.
use crate::cluster::{Cluster, Persistence, Relation};
use crate::finding::{Finding, Place, rules};
use crate::format::control::ClusterState;
use crate::source::relation::RelationFiles;
use crate::types::Fork;

/// Says what is wrong with the files of `fork` as such: whether a fork that has to be there is not,
/// segments that are missing or of a wrong length, fewer blocks than the catalog has recorded.
pub fn judge(
    cluster: &Cluster,
    relation: &Relation,
    fork: Fork,
    files: &RelationFiles<'_>,
    found: &mut dyn FnMut(Finding),
) {
    let object = Some(cluster.name_of(relation));
    let mut push = |finding: Finding| {
        let (object, fork) = (object.clone(), Some(fork));
        found(Finding { place: Place { object, fork, ..finding.place }, ..finding });
    };
    for irregularity in files.irregularities() {
        push(Finding::from(&irregularity));
    }
    // Out of reach is found where the tablespace is.
    let Some(dir) = cluster.directory_of(relation) else { return };
    let path = format!("{dir}/{}{}", relation.locator.number, fork.suffix());
    if files.is_absent() {
        let needed = match fork {
            Fork::Main => !recovery_makes_main(cluster, relation),
            Fork::Init => relation.persistence == Persistence::Unlogged,
            _ => false,
        };
        if needed {
            let says = format!("could not open file \"{path}\": No such file or directory");
            let evidence = format!("the {fork} fork of the relation is not there");
            push(Finding::new(&rules::FILE_ABSENT, Place::file(path), evidence).says(says));
        }
        return;
    }
    let (blocks, recorded) = (files.blocks(), relation.relpages);
    if fork == Fork::Main && blocks < recorded {
        let evidence = format!("{blocks} blocks, relpages is {recorded}");
        push(Finding::new(&rules::FILE_SHORTER_THAN_RECORDED, Place::file(path), evidence));
    }
}

/// Whether recovery will make the main fork of a relation that has none: that of an unlogged one, out of
/// its init fork (`ResetUnloggedRelations`, storage/file/reinit.c). Base backups leave it out, and
/// standbys have none, so it is as good as empty.
pub fn recovery_makes_main(cluster: &Cluster, relation: &Relation) -> bool {
    let stopped = cluster.control().is_some_and(|control| control.state == ClusterState::ShutDown);
    let has_init = || cluster.files(relation, Fork::Init).is_ok_and(|files| !files.is_absent());
    relation.persistence == Persistence::Unlogged && !stopped && has_init()
}
