pgdissect triage --help
