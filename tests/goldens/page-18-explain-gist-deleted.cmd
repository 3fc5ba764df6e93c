pgdissect page fixtures/kinds/18.tar.zst template1.public.places 3 --explain
