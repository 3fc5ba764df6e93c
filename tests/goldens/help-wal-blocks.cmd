pgdissect wal blocks --help
