//! Counting what agrees, and listing what does not.
use std::collections::BTreeMap;

/// Facts compared, by kind.
#[derive(Default)]
pub(crate) struct Verdict {
    compared: BTreeMap<&'static str, u64>,
    wrong: Vec<String>,
}

impl Verdict {
    /// Compares a fact of a case.
    pub(crate) fn same<T: PartialEq + std::fmt::Debug>(
        &mut self,
        case: &str,
        fact: &'static str,
        ours: &T,
        servers: &T,
    ) {
        *self.compared.entry(fact).or_default() += 1;
        if ours != servers {
            self.wrong.push(format!("{case}: {fact}\n  ours:   {ours:?}\n  server: {servers:?}"));
        }
    }

    /// Says how much was compared, and fails if anything differs or less of a fact was seen than that.
    pub(crate) fn end(self, at_least: &[(&str, u64)]) {
        println!("compared: {:?}", self.compared);
        let total: u64 = self.compared.values().sum();
        let wrong = &self.wrong;
        assert!(wrong.is_empty(), "{} of {total} differ:\n{}", wrong.len(), wrong.join("\n"));
        for (fact, least) in at_least {
            let found = self.compared.get(fact).copied().unwrap_or(0);
            assert!(found >= *least, "{found} of {fact}, fewer than {least}");
        }
    }
}
