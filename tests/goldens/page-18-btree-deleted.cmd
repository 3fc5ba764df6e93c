pgdissect page fixtures/kinds/18.tar.zst template1.public.id 2
