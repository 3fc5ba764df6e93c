pgdissect replay fixtures/pg18/killed.tar.zst --records --relation lab.public.t_work --format jsonl | head -2
