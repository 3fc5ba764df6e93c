pgdissect triage --quick fixtures/basebackup
