pgdissect audit fixtures/pg18/clean.tar.zst lab.public.t_dead40 --format csv
