pgdissect wal --help
