pgdissect wal stats --help
