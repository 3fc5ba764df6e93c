pgdissect index fixtures/pg18/clean.tar.zst lab.public.t_index_gin --tree --children 2 --format json
