PGDATA=fixtures/pg18/clean.tar.zst pgdissect audit public.t
