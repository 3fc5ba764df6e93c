#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| pgdissect_fuzz::hash_page(data));
