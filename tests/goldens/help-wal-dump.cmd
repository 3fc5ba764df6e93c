pgdissect wal dump --help
