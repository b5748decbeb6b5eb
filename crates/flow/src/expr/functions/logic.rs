//! True and false, and numbers.

use serde_json::Value;

use super::{Arguments, Outcome, Wrong};
use crate::expr::js;

fn truth(truth: bool) -> Outcome {
    Ok(Some(Value::Bool(truth)))
}

fn number(number: f64) -> Outcome {
    js::number_value(number)
        .map(Some)
        .ok_or_else(|| Wrong::whole("The result is too large, or no real number."))
}

pub(super) fn not(given: &Arguments<'_>) -> Outcome {
    truth(!given.truth(0))
}

pub(super) fn or(given: &Arguments<'_>) -> Outcome {
    truth((0..given.len()).any(|at| given.truth(at)))
}

pub(super) fn and(given: &Arguments<'_>) -> Outcome {
    truth((0..given.len()).all(|at| given.truth(at)))
}

pub(super) fn eq(given: &Arguments<'_>) -> Outcome {
    truth(all_same(given))
}

pub(super) fn neq(given: &Arguments<'_>) -> Outcome {
    truth(!all_same(given))
}

fn all_same(given: &Arguments<'_>) -> bool {
    (1..given.len()).all(|at| same(given.value(0), given.value(at)))
}

/// Without converting types; what is absent is false.
fn same(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(value), None) | (None, Some(value)) => {
            matches!(value, Value::Null | Value::Bool(false))
        }
        (Some(one), Some(other)) => same_value(one, other),
    }
}

/// 1 and 1.0 are the same number. As deep as the values.
fn same_value(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || one.as_f64() == other.as_f64()
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| same_value(a, b))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, a)| other.get(name).is_some_and(|b| same_value(a, b)))
        }
        _ => one == other,
    }
}

/// A comparison with something absent is false.
fn compare(given: &Arguments<'_>, holds: fn(&f64, &f64) -> bool) -> Outcome {
    truth(matches!((given.number(0), given.number(1)), (Some(a), Some(b)) if holds(&a, &b)))
}

pub(super) fn gt(given: &Arguments<'_>) -> Outcome {
    compare(given, f64::gt)
}

pub(super) fn lt(given: &Arguments<'_>) -> Outcome {
    compare(given, f64::lt)
}

pub(super) fn gte(given: &Arguments<'_>) -> Outcome {
    compare(given, f64::ge)
}

pub(super) fn lte(given: &Arguments<'_>) -> Outcome {
    compare(given, f64::le)
}

/// What is absent counts as false, which is 0.
fn amount(given: &Arguments<'_>, at: usize) -> f64 {
    given.number(at).unwrap_or(0.0)
}

fn fold(given: &Arguments<'_>, step: fn(f64, f64) -> f64) -> Outcome {
    number((1..given.len()).fold(amount(given, 0), |sum, at| step(sum, amount(given, at))))
}

pub(super) fn add(given: &Arguments<'_>) -> Outcome {
    fold(given, |a, b| a + b)
}

pub(super) fn subtract(given: &Arguments<'_>) -> Outcome {
    fold(given, |a, b| a - b)
}

pub(super) fn multiply(given: &Arguments<'_>) -> Outcome {
    fold(given, |a, b| a * b)
}

fn by(given: &Arguments<'_>) -> Result<f64, Wrong> {
    let by = amount(given, 1);
    if by == 0.0 { Err(Wrong::at(1, "Nothing can be divided by 0.")) } else { Ok(by) }
}

pub(super) fn divide(given: &Arguments<'_>) -> Outcome {
    number(amount(given, 0) / by(given)?)
}

pub(super) fn remainder(given: &Arguments<'_>) -> Outcome {
    number(amount(given, 0) % by(given)?)
}

pub(super) fn exp(given: &Arguments<'_>) -> Outcome {
    number(amount(given, 0).powf(amount(given, 1)))
}

pub(super) fn floor(given: &Arguments<'_>) -> Outcome {
    number(amount(given, 0).floor())
}

pub(super) fn ceil(given: &Arguments<'_>) -> Outcome {
    number(amount(given, 0).ceil())
}
