pgdissect index fixtures/pg18/clean.tar.zst lab.public.t_index_hash --with-heap
