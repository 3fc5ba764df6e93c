pgdissect triage fixtures/pg18/clean.tar.zst lab.public.t
