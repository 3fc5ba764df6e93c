pgdissect wal dump fixtures/pg18/clean.tar.zst -R lab.public.t_multi -B 0 -r Heap/LOCK --end 0/2406780
