pgdissect index fixtures/pg18/clean.tar.zst lab.public.t_index_brin --format csv --table statistics
