pgdissect triage fixtures/pg18/clean.tar.zst --message 'ERROR:  invalid page in block 3 of relation base/16384/16541'
