//! What became of every transaction.
use crate::laid::{laid, recovered};
use pgdissect::analysis::replay::after_recovery;
use pgdissect::cluster::TxStatus;
use pgdissect::types::FullXid;

#[test]
fn every_transaction_ends_as_on_the_recovered_server() {
    let (mut compared, mut moved, mut wrong) = (0, 0, Vec::new());
    for case in recovered() {
        let ((cluster, (overlay, note)), waits) = {
            let mut waits = false;
            let laid = laid(case, |ground| {
                waits = ground.waits;
                after_recovery(ground, 2)
            });
            (laid, waits)
        };
        let on_disk: Vec<_> =
            xids(&case.server).map(|(xid, _)| cluster.xact().status(xid.xid())).collect();
        let cluster = cluster.after_recovery(overlay, note);
        for ((xid, status), before) in xids(&case.server).zip(on_disk) {
            let ours = match cluster.xact().status(xid.xid()) {
                TxStatus::Committed => "committed",
                TxStatus::Aborted => "aborted",
                // A standby does not know yet; the server was asked after its promotion.
                TxStatus::InProgress if waits && status == "aborted" => "aborted",
                TxStatus::InProgress => "in progress",
                TxStatus::Unknown => "unknown",
            };
            compared += 1;
            moved += u32::from(cluster.xact().status(xid.xid()) != before);
            if ours != status {
                wrong.push(format!("{}: {xid}: {ours}, the server {status}", case.name));
            }
        }
    }
    let shown = wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{shown}", wrong.len());
    assert!(compared > 20_000 && moved > 3000, "{compared} compared, {moved} of them replayed");
    println!("{compared} transactions compared, of {moved} replay says more than pg_xact");
}

/// Every xid with what the server says of it.
fn xids(server: &serde_json::Value) -> impl Iterator<Item = (FullXid, &str)> {
    server["xacts"].as_array().unwrap().iter().flat_map(|run| {
        let (first, last) = (run[0].as_u64().unwrap(), run[1].as_u64().unwrap());
        let status = run[2].as_str().unwrap();
        (first..=last).map(move |xid| (FullXid(xid), status))
    })
}
