pgdissect replay fixtures/pg17/clean-promoted.tar.zst --list-targets
