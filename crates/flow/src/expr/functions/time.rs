//! The date, and secrets: what a function gets from outside.

use serde_json::Value;

use super::{Arguments, Outcome, Wrong};
use crate::expr::scope::{Encoding, Scope, SecretRequest};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const DAY_MILLIS: i64 = 86_400_000;

/// The range of JavaScript's dates.
const MAX_MILLIS: i64 = 8_640_000_000_000_000;

/// A moment in UTC, taken apart.
struct Moment {
    millis: i64,
    year: i64,
    /// From 0.
    month: usize,
    day: i64,
    /// Since 1970-01-01.
    days: i64,
    hour: i64,
    minute: i64,
    second: i64,
    milli: i64,
}

pub(super) fn date(given: &Arguments<'_>, scope: &Scope<'_>, _: usize) -> Outcome {
    let now = scope.now.filter(|now| (-MAX_MILLIS..=MAX_MILLIS).contains(now));
    let now = now.ok_or_else(|| {
        Wrong::whole("The time isn't known here: it is when a run works this out.")
    })?;
    let moment = Moment::of(now);
    let text = match given.value(0) {
        Some(_) => moment.format(given.text(0), 0),
        None => moment.format("YYYY-MM-DD[T]HH:mm:ss.SSS[Z]", 0),
    };
    if text.len() > crate::expr::MAX_VALUE_BYTES {
        return Err(Wrong::whole("The text becomes longer than 1 MiB."));
    }
    Ok(Some(Value::String(text)))
}

/// Days since 1970-01-01 of the first of a month, in the calendar that is in use today.
fn days_of(year: i64, month: usize) -> i64 {
    let month = i64::try_from(month).unwrap_or(0);
    // Years begin in March, so that leap days come last.
    let (year, month) = if month < 2 { (year - 1, month + 10) } else { (year, month - 2) };
    let era = year.div_euclid(400);
    let year = year.rem_euclid(400);
    let day = (153 * month + 2) / 5;
    era * 146_097 + year * 365 + year / 4 - year / 100 + day - 719_468
}

impl Moment {
    fn of(millis: i64) -> Self {
        let days = millis.div_euclid(DAY_MILLIS);
        let rest = millis.rem_euclid(DAY_MILLIS);
        // The mean length of a year leads at most one year astray.
        let mut year = 1970 + (days * 400).div_euclid(146_097);
        while days_of(year, 0) > days {
            year -= 1;
        }
        while days_of(year + 1, 0) <= days {
            year += 1;
        }
        let month = (0..12).rev().find(|month| days_of(year, *month) <= days).unwrap_or(0);
        Self {
            millis,
            year,
            month,
            day: days - days_of(year, month) + 1,
            days,
            hour: rest / 3_600_000,
            minute: rest / 60_000 % 60,
            second: rest / 1000 % 60,
            milli: rest % 1000,
        }
    }

    fn weekday(&self) -> usize {
        usize::try_from((self.days + 4).rem_euclid(7)).unwrap_or(0)
    }

    fn day_of_year(&self) -> i64 {
        self.days - days_of(self.year, 0) + 1
    }

    /// Year and number of the week. Weeks begin `first` days after Sunday; the first one of a year
    /// has the `fixed`th of January in it.
    fn week(&self, first: i64, fixed: i64) -> (i64, i64) {
        let begin = |year: i64| {
            let fixed = days_of(year, 0) + fixed - 1;
            fixed - (fixed + 4 - first).rem_euclid(7)
        };
        let year = (self.year - 1..=self.year + 1)
            .rev()
            .find(|year| begin(*year) <= self.days)
            .unwrap_or(self.year);
        (year, (self.days - begin(year)) / 7 + 1)
    }

    /// In the format of Moment.js, in English. `depth`: the long forms are written in it too.
    fn format(&self, format: &str, depth: usize) -> String {
        let mut out = String::new();
        let mut rest = format;
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '[' => self.bracketed(rest, &mut out),
                '\\' => {
                    // The token behind a backslash stands for itself.
                    let token = token(&rest[1..]);
                    out.push_str(if token.is_empty() { "\\" } else { token });
                    1 + token.len()
                }
                _ => {
                    let token = token(rest);
                    match self.token(token, depth) {
                        Some(text) => out.push_str(&text),
                        None => out.push_str(token),
                    }
                    token.len()
                }
            };
            rest = &rest[length..];
        }
        out
    }

    /// `[text]` as it is; a bracket that is never closed stands for itself.
    fn bracketed(&self, rest: &str, out: &mut String) -> usize {
        let inside = rest[1..].find('[').map_or(&rest[1..], |next| &rest[1..=next]);
        match inside.rfind(']') {
            Some(close) => {
                out.push_str(&inside[..close]);
                close + 2
            }
            None => {
                out.push('[');
                1
            }
        }
    }

    fn token(&self, token: &str, depth: usize) -> Option<String> {
        let month = i64::try_from(self.month).unwrap_or(0) + 1;
        let day_name = DAYS[self.weekday()];
        let weekday = i64::try_from(self.weekday()).unwrap_or(0);
        let twelve = (self.hour + 11) % 12 + 1;
        let (iso_year, iso_week) = self.week(1, 4);
        let (week_year, week) = self.week(0, 1);
        let quarter = (month + 2) / 3;
        let padded = |number: i64, width: usize| Some(format!("{number:0width$}"));
        let ordinal = |number: i64| Some(format!("{number}{}", ending(number)));
        match token {
            "M" | "D" | "DDD" | "d" | "e" | "E" | "H" | "h" | "k" | "m" | "s" | "Q" | "w" | "W" => {
                padded(
                    match token {
                        "M" => month,
                        "D" => self.day,
                        "DDD" => self.day_of_year(),
                        "d" | "e" => weekday,
                        "E" => (weekday + 6) % 7 + 1,
                        "H" => self.hour,
                        "h" => twelve,
                        "k" if self.hour == 0 => 24,
                        "k" => self.hour,
                        "m" => self.minute,
                        "s" => self.second,
                        "Q" => quarter,
                        "w" => week,
                        _ => iso_week,
                    },
                    1,
                )
            }
            "MM" => padded(month, 2),
            "DD" => padded(self.day, 2),
            "HH" => padded(self.hour, 2),
            "hh" => padded(twelve, 2),
            "kk" => padded(if self.hour == 0 { 24 } else { self.hour }, 2),
            "mm" => padded(self.minute, 2),
            "ss" => padded(self.second, 2),
            "ww" => padded(week, 2),
            "WW" => padded(iso_week, 2),
            "DDDD" => padded(self.day_of_year(), 3),
            "Mo" => ordinal(month),
            "Do" => ordinal(self.day),
            "DDDo" => ordinal(self.day_of_year()),
            "do" => ordinal(weekday),
            "Qo" => ordinal(quarter),
            "wo" => ordinal(week),
            "Wo" => ordinal(iso_week),
            "MMM" => Some(MONTHS[self.month][..3].to_owned()),
            "MMMM" => Some(MONTHS[self.month].to_owned()),
            "dd" => Some(day_name[..2].to_owned()),
            "ddd" => Some(day_name[..3].to_owned()),
            "dddd" => Some(day_name.to_owned()),
            "YY" => padded(self.year.rem_euclid(100), 2),
            "Y" if self.year > 9999 => Some(format!("+{}", self.year)),
            "Y" | "YYYY" => padded(self.year, 4),
            "YYYYY" => padded(self.year, 5),
            "YYYYYY" => Some(format!("{:+07}", self.year)),
            "GG" => padded(iso_year.rem_euclid(100), 2),
            "GGGG" => padded(iso_year, 4),
            "gg" => padded(week_year.rem_euclid(100), 2),
            "gggg" => padded(week_year, 4),
            "A" => Some(if self.hour < 12 { "AM" } else { "PM" }.to_owned()),
            "a" => Some(if self.hour < 12 { "am" } else { "pm" }.to_owned()),
            "Z" => Some("+00:00".to_owned()),
            "ZZ" => Some("+0000".to_owned()),
            "z" => Some("UTC".to_owned()),
            "zz" => Some("Coordinated Universal Time".to_owned()),
            "X" => Some(self.millis.div_euclid(1000).to_string()),
            "x" => Some(self.millis.to_string()),
            _ if token.starts_with('S') => {
                Some(format!("{:03}000000", self.milli)[..token.len()].to_owned())
            }
            _ if depth == 0 => Some(self.format(long_form(token)?, 1)),
            _ => None,
        }
    }
}

/// The forms of a language, in American English.
fn long_form(token: &str) -> Option<&'static str> {
    Some(match token {
        "LT" => "h:mm A",
        "LTS" => "h:mm:ss A",
        "L" => "MM/DD/YYYY",
        "l" => "M/D/YYYY",
        "LL" => "MMMM D, YYYY",
        "ll" => "MMM D, YYYY",
        "LLL" => "MMMM D, YYYY h:mm A",
        "lll" => "MMM D, YYYY h:mm A",
        "LLLL" => "dddd, MMMM D, YYYY h:mm A",
        "llll" => "ddd, MMM D, YYYY h:mm A",
        _ => return None,
    })
}

fn ending(number: i64) -> &'static str {
    match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

/// Longer tokens stand before those that they begin with.
const TOKENS: &[&str] = &[
    "LTS",
    "LT",
    "LLLL",
    "LLL",
    "LL",
    "L",
    "llll",
    "lll",
    "ll",
    "l",
    "MMMM",
    "MMM",
    "MM",
    "Mo",
    "M",
    "DDDD",
    "DDDo",
    "DDD",
    "DD",
    "Do",
    "D",
    "dddd",
    "ddd",
    "dd",
    "do",
    "d",
    "YYYYYY",
    "YYYYY",
    "YYYY",
    "YY",
    "Y",
    "GGGG",
    "GG",
    "gggg",
    "gg",
    "Qo",
    "Q",
    "ww",
    "wo",
    "w",
    "WW",
    "Wo",
    "W",
    "HH",
    "H",
    "hh",
    "h",
    "kk",
    "k",
    "mm",
    "m",
    "ss",
    "s",
    "SSSSSSSSS",
    "SSSSSSSS",
    "SSSSSSS",
    "SSSSSS",
    "SSSSS",
    "SSSS",
    "SSS",
    "SS",
    "S",
    "ZZ",
    "Z",
    "zz",
    "z",
    "X",
    "x",
    "A",
    "a",
    "E",
    "e",
];

/// The token at the beginning of a format; any other character is one of its own.
fn token(format: &str) -> &str {
    let token = TOKENS.iter().find(|token| format.starts_with(**token));
    let length =
        token.map_or_else(|| format.chars().next().map_or(0, char::len_utf8), |token| token.len());
    &format[..length]
}

/// How many bytes a secret may have.
const MAX_SECRET: f64 = 4096.0;

pub(super) fn random_secret(given: &Arguments<'_>, scope: &Scope<'_>, at: usize) -> Outcome {
    let length = given.number(0).unwrap_or(0.0);
    if !(1.0..=MAX_SECRET).contains(&length) || length.fract() != 0.0 {
        return Err(Wrong::at(0, "The length is a whole number from 1 to 4096."));
    }
    let encoding = match given.text(1) {
        "" | "base64" => Encoding::Base64,
        "hex" => Encoding::Hex,
        _ => return Err(Wrong::at(1, "The encoding is 'base64' or 'hex'.")),
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 4096")]
    let request = SecretRequest { length: length as usize, encoding, at };
    let secret = scope.secrets.and_then(|secrets| secrets.random(&request));
    let none = || Wrong::whole("There is no store here that could keep a random secret.");
    secret.map(|secret| Some(Value::String(secret))).ok_or_else(none)
}

pub(super) fn fetch_secret(given: &Arguments<'_>, scope: &Scope<'_>, _: usize) -> Outcome {
    let id = given.text(0);
    let found = scope.secrets.and_then(|secrets| secrets.global(id));
    let none = || match scope.secrets {
        Some(_) => Wrong::at(0, format!("There is no global secret `{id}`.")),
        None => Wrong::whole("Global secrets can't be read here."),
    };
    found.map(Some).ok_or_else(none)
}
