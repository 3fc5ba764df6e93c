pgdissect triage fixtures/pg12/killed.tar.zst
