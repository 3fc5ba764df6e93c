//! What became of transactions, as the server itself said.
use crate::common::Case;
use pgdissect::analysis::page_dump::History;
use pgdissect::analysis::snapshot::Ancestry;
use pgdissect::analysis::visibility::{Members, Transactions, Updater};
use pgdissect::cluster::TxStatus;
use pgdissect::format::slru::multixact::{MultiXactMember, MultiXactStatus};
use pgdissect::types::{FullXid, MultiXactId, Xid};
use std::collections::HashMap;

/// What became of transactions, as the server itself said.
pub(crate) struct Oracle {
    statuses: HashMap<Xid, TxStatus>,
    members: HashMap<MultiXactId, Vec<(Xid, String)>>,
}

impl Oracle {
    pub(crate) fn of(case: &Case) -> Self {
        let statuses = case.csv("xact_status.csv");
        let statuses = statuses.rows().map(|row| {
            let status = match row.get("status") {
                "committed" => TxStatus::Committed,
                "aborted" => TxStatus::Aborted,
                "in progress" => TxStatus::InProgress,
                _ => TxStatus::Unknown,
            };
            (FullXid(row.number("xid").unwrap()).xid(), status)
        });
        let statuses = statuses.collect();
        let mut members: HashMap<_, Vec<_>> = HashMap::new();
        for row in case.csv("multixact_members.csv").rows() {
            let member = (Xid(row.number("xid").unwrap()), row.get("mode").to_owned());
            members.entry(MultiXactId(row.number("multi").unwrap())).or_default().push(member);
        }
        Self { statuses, members }
    }
}

impl Transactions for Oracle {
    fn status(&self, xid: Xid) -> TxStatus {
        match xid {
            Xid::BOOTSTRAP | Xid::FROZEN => TxStatus::Committed,
            xid => self.statuses.get(&xid).copied().unwrap_or(TxStatus::Unknown),
        }
    }

    fn members(&self, multi: MultiXactId) -> Members {
        let Some(members) = self.members.get(&multi) else {
            return Members { updater: Updater::Unknown, oldest: None };
        };
        let updater = members.iter().find(|(_, mode)| mode == "upd" || mode == "nokeyupd");
        Members {
            updater: updater.map_or(Updater::None, |(xid, _)| Updater::Xid(*xid)),
            oldest: None,
        }
    }
}

impl Ancestry for Oracle {
    fn topmost(&self, xid: Xid, _: Xid) -> Option<Xid> {
        Some(xid)
    }

    fn rolled_back(&self, xid: Xid) -> bool {
        self.status(xid) == TxStatus::Aborted
    }
}

impl History for Oracle {
    fn all_members(&self, multi: MultiXactId) -> Vec<MultiXactMember> {
        let status = |mode: &str| match mode {
            "keysh" => MultiXactStatus::ForKeyShare,
            "sh" => MultiXactStatus::ForShare,
            "fornokeyupd" => MultiXactStatus::ForNoKeyUpdate,
            "forupd" => MultiXactStatus::ForUpdate,
            "nokeyupd" => MultiXactStatus::NoKeyUpdate,
            "upd" => MultiXactStatus::Update,
            other => panic!("{other}?"),
        };
        let members = self.members.get(&multi).into_iter().flatten();
        members.map(|(xid, mode)| MultiXactMember { xid: *xid, status: status(mode) }).collect()
    }
}
