pgdissect wal images --help
