pgdissect index fixtures/pg18/clean.tar.zst lab.public.t_index_gist --dot --children 3
