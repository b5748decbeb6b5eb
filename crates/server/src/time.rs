//! Times as the wire writes them.

use std::time::{Duration, UNIX_EPOCH};

/// `2026-01-05T09:00:01.000Z` from milliseconds since the Unix epoch. Times before 1970 are
/// written as its first moment: nothing here is that old.
#[must_use]
pub fn rfc3339(millis: i64) -> String {
    let since = Duration::from_millis(u64::try_from(millis).unwrap_or(0));
    humantime::format_rfc3339_millis(UNIX_EPOCH + since).to_string()
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn has_milliseconds_and_zone() {
        assert_eq!(rfc3339(1_767_603_601_007), "2026-01-05T09:00:01.007Z");
        assert_eq!(rfc3339(-5), "1970-01-01T00:00:00.000Z");
    }
}
