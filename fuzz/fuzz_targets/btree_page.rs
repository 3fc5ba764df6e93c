#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| pgdissect_fuzz::btree_page(data));
