pgdissect triage fixtures/pg19/killed.tar.zst --quick --format json
