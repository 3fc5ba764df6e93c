pgdissect wal xacts --help
