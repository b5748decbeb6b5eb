//! Durations and sizes as people write them: `90s`, `10m`, `4MiB`.

use std::time::Duration;

use serde::{Deserialize, Deserializer, de::Error};

/// A duration of at least a millisecond and at most a day.
#[derive(Debug, Clone, Copy)]
pub struct Span(pub Duration);

/// A number of bytes, at most 1 TiB.
#[derive(Debug, Clone, Copy)]
pub struct Bytes(pub u64);

/// Splits `10m` into 10 and `m`.
fn parts(text: &str) -> Option<(u64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    Some((number.parse().ok()?, unit.trim_start()))
}

pub fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = parts(text)?;
    let millis = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    let total = number.checked_mul(millis)?;
    (1..=86_400_000).contains(&total).then(|| Duration::from_millis(total))
}

pub fn bytes(text: &str) -> Option<u64> {
    let (number, unit) = parts(text)?;
    let factor = match unit {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return None,
    };
    number.checked_mul(factor).filter(|total| *total <= 1 << 40)
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        duration(&text).map(Self).ok_or_else(|| {
            D::Error::custom(format!(
                "\"{text}\" is not a duration: write a whole number with ms, s, m or h behind it, \
                 at most 24h, such as \"10m\""
            ))
        })
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        bytes(&text).map(Self).ok_or_else(|| {
            D::Error::custom(format!(
                "\"{text}\" is not a size: write a whole number with B, KiB, MiB or GiB behind it, \
                 at most 1024GiB, such as \"4MiB\""
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit_and_bounds() {
        assert_eq!(duration("10m"), Some(Duration::from_secs(600)));
        assert_eq!(duration("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(duration("24h"), Some(Duration::from_secs(86_400)));
        for wrong in ["", "10", "m", "0s", "-1s", "25h", "1.5s", "10 minutes", "99999999999999999h"]
        {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn sizes_have_a_unit_and_a_bound() {
        assert_eq!(bytes("4MiB"), Some(4 << 20));
        assert_eq!(bytes("512"), Some(512));
        for wrong in ["", "4MB", "1025GiB", "x"] {
            assert_eq!(bytes(wrong), None, "{wrong}");
        }
    }
}
