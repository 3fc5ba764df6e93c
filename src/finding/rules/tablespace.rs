//! Findings about tablespaces: whether what pg_tblspc names is within reach.
super::rules! {
    TABLESPACE_MISSING = "tablespace.missing" Warning {
        means: "A tablespace's files are not within reach: its link in pg_tblspc leads nowhere. Nothing is known about the relations in it.",
        causes: "Only the data directory was copied, or the tablespace lies at another place than on the server.",
        postgres: "The server starts and logs \"could not open directory\"; every query on a relation in that tablespace fails.",
        next: "Copy the tablespace's directory too, and say where it is: --tablespace OLD=NEW, with OLD as recorded or the tablespace's oid.",
    }
    TABLESPACE_NO_VERSION_DIRECTORY = "tablespace.no-version-directory" Error {
        means: "A tablespace has no directory for this cluster's major version and catalog version, so none of its relations are there.",
        causes: "The wrong directory was copied or mapped, or the tablespace belongs to another cluster or to another major after pg_upgrade.",
        postgres: "Every query on a relation in that tablespace fails with \"could not open file\".",
        next: "Compare the directories found in it with the catalog version in pg_control (pgdissect control), and look for the right copy.",
    }
    TABLESPACE_OTHER_VERSION = "tablespace.other-version" Notice {
        means: "A tablespace also holds the directory of another major or catalog version, which was left alone.",
        causes: "pg_upgrade leaves the old cluster's directory until its delete script runs, and two clusters may share a tablespace's path.",
        postgres: "The server never looks into it.",
        next: "Check which cluster it belongs to; after a finished upgrade, the script that pg_upgrade wrote for it removes it.",
    }
}
