//! Progress that a person can follow: numbered steps with their times, and a summary.

use crate::Outcome;
use std::time::{Duration, Instant};

/// Steps that run one after the other.
pub struct Steps {
    total: usize,
    done: Vec<(&'static str, Duration)>,
    started: Instant,
}

impl Steps {
    pub fn new(total: usize) -> Self {
        Self { total, done: Vec::new(), started: Instant::now() }
    }

    /// Announces a step with a sentence, runs it, and says how long it took.
    ///
    /// # Errors
    /// Those of the step.
    pub fn step<T>(
        &mut self,
        name: &'static str,
        sentence: &str,
        work: impl FnOnce() -> Outcome<T>,
    ) -> Outcome<T> {
        println!("[{}/{}] {sentence}", self.done.len() + 1, self.total);
        let started = Instant::now();
        let outcome = work()?;
        let took = started.elapsed();
        println!("      done in {}", in_words(took));
        self.done.push((name, took));
        Ok(outcome)
    }

    /// A table of the steps and their times.
    pub fn summary(&self) -> String {
        let rows =
            self.done.iter().map(|(name, took)| format!("  {name:<10} {}\n", in_words(*took)));
        format!(
            "{}  {:<10} {}",
            rows.collect::<String>(),
            "in all",
            in_words(self.started.elapsed())
        )
    }
}

/// A duration for a person: `0.4 s`, `12 s`, `3 min 05 s`.
pub fn in_words(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..60 => format!("{seconds} s"),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well_at_every_size() {
        assert_eq!(in_words(Duration::from_millis(420)), "0.4 s");
        assert_eq!(in_words(Duration::from_secs(59)), "59 s");
        assert_eq!(in_words(Duration::from_secs(185)), "3 min 05 s");
    }

    #[test]
    fn a_failing_step_is_not_counted_as_done() {
        let mut steps = Steps::new(2);
        steps.step("first", "First", || Ok(())).unwrap();
        let failed = steps.step("second", "Second", || Err::<(), _>("no.".to_owned()));
        assert_eq!(failed.unwrap_err(), "no.");
        assert!(steps.summary().contains("first") && !steps.summary().contains("second"));
    }
}
