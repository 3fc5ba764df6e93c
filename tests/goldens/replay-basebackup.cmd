pgdissect replay fixtures/basebackup
