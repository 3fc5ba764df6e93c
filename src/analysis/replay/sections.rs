//! What the second reading of the log gives: order, pages that matter, and outcome.
use super::files::Files;
use super::{order, outcome};
use crate::cluster::Tablespace;
use crate::finding::{Finding, Findings, Place, rules};
use crate::replay::order::{Broken, ForkState, Simulation};
use crate::replay::{Ground, Replayed};
use crate::report::replay::{Order, Outcome, PageRow, Pages, Refusal};
use crate::source::{Kind, LinkState};
use crate::types::{BlockNumber, Fork, Lsn, Oid, RelFileLocator};
use crate::wal::Names;

/// What the second reading of the log gives.
pub struct Sections<'g> {
    /// What is done to blocks and files.
    pub order: Order,
    /// Pages that matter.
    pub pages: Pages,
    /// What becomes of transactions, counters and files.
    pub outcome: Outcome,
    /// Why the server would end before the end of replay, if it would.
    pub refusal: Option<Refusal>,
    /// Blocks and files at the end.
    pub simulation: Simulation<'g>,
}

/// What to call things, and where replay begins.
#[derive(Clone, Copy)]
pub(super) struct Sight<'s> {
    pub(super) ground: &'s Ground<'s>,
    pub(super) names: &'s Names<'s>,
}

/// Goes through what is replayed, on `jobs` threads.
pub fn sections<'g>(ground: &Ground<'g>, names: &Names<'_>, jobs: usize) -> Sections<'g> {
    let sight = Sight { ground, names };
    let mut files = Files::new(names);
    let replayed = ground.replay(
        jobs,
        |_, _| None::<()>,
        |simulation, part| {
            simulation.take(part.order, |(lsn, _), _, _, deed| {
                if let Some(deed) = deed {
                    files.add(lsn, deed);
                }
            });
        },
    );
    let outcome = outcome::outcome(&sight, &replayed, jobs);
    let mut order = order::order(ground, names, &replayed);
    (order.files, order.file_deeds) = files.finish();
    let pages = order::pages(ground, names, &replayed);
    let refusal = sight.refusal(&replayed);
    Sections { order, pages, outcome, refusal, simulation: replayed.simulation }
}

impl Sight<'_> {
    pub(super) fn row(
        &self,
        (locator, fork, block): (RelFileLocator, Fork, BlockNumber),
        lsn: Option<Lsn>,
    ) -> PageRow {
        PageRow { relation: self.names.text(locator), fork, block, lsn, postgres_says: None }
    }

    /// What the server says of a damaged page that it reads.
    pub(super) fn invalid_page(&self, page: &Broken) -> String {
        let path = order::path(self.ground.cluster, page.locator, page.fork);
        let path = path.unwrap_or_else(|| self.names.text(page.locator));
        let relation = self.ground.cluster.dialect().layout.relation_in_message(&path);
        format!("invalid page in block {} of relation {relation}", page.block)
    }

    /// The first thing that ends the server in replay.
    pub(super) fn refusal(&self, replayed: &Replayed<'_>) -> Option<Refusal> {
        let simulation = &replayed.simulation;
        if let Some(refusal) = self.lost_tablespace(replayed) {
            return Some(refusal);
        }
        match (simulation.broken.first(), simulation.fatal) {
            (Some(page), fatal) if fatal.is_none_or(|fatal| page.lsn < fatal) => {
                Some(Refusal::fatal(self.invalid_page(page)))
            }
            (_, Some(_)) => Some(Refusal::panic("WAL contains references to invalid pages")),
            (_, None) => None,
        }
    }

    /// Records are about files in a tablespace whose link leads nowhere: its directory is not there, and
    /// none can be made in its place (`TablespaceCreateDbspace`, commands/tablespace.c).
    fn lost_tablespace(&self, replayed: &Replayed<'_>) -> Option<Refusal> {
        let cluster = self.ground.cluster;
        if cluster.source().kind() != Kind::DataDirectory {
            return None;
        }
        let tablespaces = cluster.tablespaces().all();
        let lost = |oid: Oid| {
            tablespaces.iter().any(|Tablespace { link, .. }| {
                link.oid == oid && link.state == LinkState::Missing && link.target.is_some()
            })
        };
        let mut forks = replayed.simulation.forks();
        let (locator, ..) = forks.find(|(locator, _, tally, state)| {
            let needed = tally.first.is_valid() || state.is_some_and(ForkState::is_created);
            needed && lost(locator.tablespace)
        })?;
        let link = format!("pg_tblspc/{}", locator.tablespace);
        Some(Refusal::fatal(format!("could not create directory \"{link}\": File exists")))
    }
}

/// What is wrong with the pages that records name.
pub(super) fn findings(pages: &Pages) -> Findings {
    let mut findings = Findings::default();
    let place = |row: &PageRow| Place {
        fork: Some(row.fork),
        block: Some(row.block),
        lsn: row.lsn,
        ..Place::object(&*row.relation)
    };
    let kinds = [
        (&pages.broken, &rules::REPLAY_PAGE_DAMAGED, "no image or initialisation comes before"),
        (&pages.missing, &rules::REPLAY_PAGE_MISSING, "no later record drops or cuts it"),
        (&pages.ahead, &rules::REPLAY_PAGE_AHEAD, "its LSN is beyond the end of WAL"),
    ];
    for (list, rule, evidence) in kinds {
        for row in &list.first {
            let finding = Finding::new(rule, place(row), evidence);
            findings.push(row.postgres_says.iter().fold(finding, Finding::says));
        }
    }
    findings
}
