PGDATA=fixtures/pg12/killed.tar.zst pgdissect control
