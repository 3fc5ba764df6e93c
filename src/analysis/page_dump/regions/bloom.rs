//! Pages of bloom indexes (contrib/bloom/bloom.h).
use super::Subject;
use super::claims::Claims;

pub(super) fn claim(subject: &Subject<'_>, claims: &mut Claims) {
    super::unknown(subject.page, claims);
}
