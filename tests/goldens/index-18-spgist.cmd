pgdissect index fixtures/pg18/clean.tar.zst lab.public.t_index_spgist_text --tree --depth 3 --children 3
