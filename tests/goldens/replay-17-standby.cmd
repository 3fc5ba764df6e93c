pgdissect replay fixtures/pg17/clean-standby.tar.zst
