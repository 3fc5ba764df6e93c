pgdissect page fixtures/kinds/18.tar.zst template1.public.hashed_few 5 8 --explain
