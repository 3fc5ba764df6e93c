pgdissect page fixtures/kinds/18.tar.zst template1.public.posting 2-3
