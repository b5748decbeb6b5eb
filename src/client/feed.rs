//! The event stream's rules, without a browser: which event is next, what a gap means, when
//! silence counts as a lost connection, and how long to wait before trying again.

use slipway_engine::event::{Event, Millis};

/// The server sends something at least every 15 s; this much silence is a lost connection.
const SILENCE: Millis = 20_000;
/// The first and the longest wait before connecting again.
const FIRST_WAIT: Millis = 500;
const LONGEST_WAIT: Millis = 10_000;
/// A connection that has lasted this long was a good one: waits begin from the start again.
const STEADY: Millis = 5_000;

/// How much what is on the screen can be trusted, as somebody who looks at it must know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Freshness {
    /// No connection was there yet.
    Connecting,
    /// The server was last heard at that time, within the last seconds.
    Live { last_confirmed: Millis },
    /// Nothing is heard any more. What is on the screen was true at `since`.
    Stale { since: Millis },
    /// There is no point in trying again; the sentence says why.
    Closed(String),
}

/// What to do with an event that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the next one.
    Deliver,
    /// It was here before.
    Duplicate,
    /// One or more before it are missing: connect again behind the last one that was here.
    Gap,
}

/// What a sign of life says about what was sent before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pulse {
    /// Nothing is missing, as far as one can tell.
    Whole,
    /// The server has sent more than has arrived: connect again behind the last event.
    Behind,
    /// The server's log is shorter than what was seen of it (it was restored from a backup, say):
    /// everything has to be fetched anew.
    Restarted,
}

/// The state of one project's stream.
#[derive(Debug, Clone)]
pub struct Feed {
    /// The lowest sequence number behind which everything was delivered.
    base: Option<u64>,
    last: Option<u64>,
    opened: Option<Millis>,
    /// Whether this connection has said where it is: what it missed may still follow its greeting.
    greeted: bool,
    heard: Option<Millis>,
    failures: u32,
    freshness: Freshness,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            base: None,
            last: None,
            opened: None,
            greeted: false,
            heard: None,
            failures: 0,
            freshness: Freshness::Connecting,
        }
    }
}

impl Feed {
    #[must_use]
    pub fn freshness(&self) -> Freshness {
        self.freshness.clone()
    }

    /// Behind which number to ask the server to begin; none on the very first connection.
    #[must_use]
    pub fn after(&self) -> Option<u64> {
        self.last
    }

    /// Whether it is known where the stream begins.
    #[must_use]
    pub fn begun(&self) -> bool {
        self.base.is_some()
    }

    /// Whether every event behind `seq` is delivered by the stream as it is.
    #[must_use]
    pub fn covers(&self, seq: u64) -> bool {
        self.base.is_some_and(|base| base <= seq)
    }

    /// The connection stands, or the server gave a sign of life; `seq` is the number up to which
    /// it has sent everything, where it says so.
    pub fn heard(&mut self, now: Millis, seq: Option<u64>) -> Pulse {
        let opened = *self.opened.get_or_insert(now);
        if now - opened >= STEADY {
            self.failures = 0;
        }
        self.heard = Some(now);
        self.freshness = Freshness::Live { last_confirmed: now };
        let greeted = self.greeted;
        self.greeted |= seq.is_some();
        match (self.last, seq) {
            (None, _) => {
                (self.base, self.last) = (seq, seq);
                Pulse::Whole
            }
            (Some(last), Some(seq)) if seq > last && greeted => Pulse::Behind,
            (Some(last), Some(seq)) if seq < last => {
                (self.base, self.last) = (Some(seq), Some(seq));
                Pulse::Restarted
            }
            _ => Pulse::Whole,
        }
    }

    /// An event came.
    pub fn event(&mut self, now: Millis, seq: u64) -> Verdict {
        match self.last {
            Some(last) if seq <= last => {
                self.heard(now, None);
                Verdict::Duplicate
            }
            Some(last) if seq > last + 1 => Verdict::Gap,
            _ => {
                self.heard(now, None);
                self.failures = 0;
                self.base.get_or_insert(seq.saturating_sub(1));
                self.last = Some(seq);
                Verdict::Deliver
            }
        }
    }

    /// The connection is gone. Answers with how long to wait before the next try, in
    /// milliseconds; `jitter` from 0 to 1 spreads many browsers over half of that time.
    pub fn lost(&mut self, now: Millis, jitter: f64) -> Millis {
        self.hung_up();
        if !matches!(self.freshness, Freshness::Stale { .. }) {
            self.freshness = Freshness::Stale { since: self.heard.unwrap_or(now) };
        }
        let wait = (FIRST_WAIT << self.failures.min(5)).min(LONGEST_WAIT);
        self.failures += 1;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "at most 10,000, in both directions"
        )]
        let spread = (wait as f64 * 0.5 * jitter.clamp(0.0, 1.0)) as Millis;
        wait - spread
    }

    /// The network came back: the next try is at once, and waits begin from the start again.
    pub fn back_online(&mut self) {
        self.failures = 0;
    }

    /// Whether a connection that was thought to stand has been silent for too long.
    #[must_use]
    pub fn silent(&self, now: Millis) -> bool {
        self.opened.is_some() && self.heard.is_some_and(|heard| now - heard > SILENCE)
    }

    /// Begins again behind `seq`, because somebody needs the events from there on.
    pub fn rewind(&mut self, seq: u64) {
        self.base = Some(self.base.map_or(seq, |base| base.min(seq)));
        self.last = Some(seq);
        self.hung_up();
    }

    fn hung_up(&mut self) {
        self.opened = None;
        self.greeted = false;
    }

    pub fn close(&mut self, reason: String) {
        self.hung_up();
        self.freshness = Freshness::Closed(reason);
    }
}

/// One reader who began with a snapshot: lets through what came after it, in order, each once.
#[derive(Debug, Default)]
pub struct Follower {
    last: Option<u64>,
    waiting: Vec<Event>,
}

/// What a follower says to an event.
#[derive(Debug, PartialEq)]
pub enum Follow {
    /// Apply it.
    Apply,
    /// Nothing to do now: it is kept until the snapshot is there, or is in it already.
    Pass,
    /// Events between this number and the event are missing.
    Missing(u64),
}

impl Follower {
    /// An event came, before or after the snapshot.
    pub fn offer(&mut self, event: &Event) -> Follow {
        let Some(last) = self.last else {
            self.waiting.push(event.clone());
            return Follow::Pass;
        };
        if event.seq <= last {
            Follow::Pass
        } else if event.seq == last + 1 {
            self.last = Some(event.seq);
            Follow::Apply
        } else {
            Follow::Missing(last)
        }
    }

    /// The snapshot came, as of `seq`. Answers with the events to apply now, in order.
    pub fn begin(&mut self, seq: u64) -> Vec<Event> {
        self.last = Some(seq);
        let waiting = std::mem::take(&mut self.waiting);
        waiting.into_iter().filter(|event| self.offer(event) == Follow::Apply).collect()
    }

    /// The number of the last event that is in what the reader shows; none before the snapshot.
    #[must_use]
    pub fn last(&self) -> Option<u64> {
        self.last
    }
}

#[cfg(test)]
mod tests {
    use slipway_engine::event::EventBody;

    use super::*;

    fn event(seq: u64) -> Event {
        Event { seq, at: 0, pipeline: None, stage: None, run: None, body: EventBody::Unknown }
    }

    #[test]
    fn events_are_delivered_once_and_without_a_gap() {
        let mut feed = Feed::default();
        feed.heard(0, Some(4));
        assert_eq!(feed.event(1, 5), Verdict::Deliver);
        assert_eq!(feed.event(2, 5), Verdict::Duplicate);
        assert_eq!(feed.event(3, 7), Verdict::Gap);
        assert_eq!(feed.after(), Some(5));
        assert_eq!(feed.event(4, 6), Verdict::Deliver);
        assert_eq!(feed.event(5, 7), Verdict::Deliver);
    }

    #[test]
    fn without_a_number_from_the_server_the_first_event_is_the_beginning() {
        let mut feed = Feed::default();
        feed.heard(0, None);
        assert!(!feed.covers(100));
        assert_eq!(feed.event(1, 9), Verdict::Deliver);
        assert!(feed.covers(8));
        assert!(!feed.covers(7));
    }

    #[test]
    fn a_heartbeat_tells_what_is_missing_and_when_the_log_began_anew() {
        let mut feed = Feed::default();
        assert_eq!(feed.heard(0, Some(3)), Pulse::Whole);
        assert_eq!(feed.heard(1, Some(3)), Pulse::Whole);
        assert_eq!(feed.heard(2, Some(5)), Pulse::Behind);
        assert_eq!(feed.after(), Some(3));
        feed.lost(3, 0.0);
        assert_eq!(feed.heard(4, Some(5)), Pulse::Whole, "it may still send 4 and 5");
        assert_eq!(feed.heard(5, Some(2)), Pulse::Restarted);
        assert_eq!(feed.event(4, 3), Verdict::Deliver);
    }

    #[test]
    fn a_heartbeat_without_a_number_says_only_that_the_server_lives() {
        let mut feed = Feed::default();
        feed.heard(0, Some(3));
        assert_eq!(feed.heard(1, None), Pulse::Whole);
        assert_eq!(feed.after(), Some(3));
    }

    #[test]
    fn waits_double_up_to_ten_seconds_and_start_over_after_a_delivered_event() {
        let mut feed = Feed::default();
        let waits: Vec<Millis> = (0..7).map(|_| feed.lost(0, 0.0)).collect();
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
        feed.event(1, 1);
        assert_eq!(feed.lost(2, 1.0), 250);
    }

    #[test]
    fn a_server_that_accepts_and_drops_is_not_hammered() {
        let mut feed = Feed::default();
        feed.lost(0, 0.0);
        feed.heard(10, None);
        assert_eq!(feed.lost(20, 0.0), 1000);
        feed.heard(30, None);
        feed.heard(30 + STEADY, None);
        assert_eq!(feed.lost(40 + STEADY, 0.0), 500);
    }

    #[test]
    fn silence_is_a_lost_connection_and_stale_counts_from_the_last_word() {
        let mut feed = Feed::default();
        feed.heard(1_000, None);
        assert!(!feed.silent(21_000));
        assert!(feed.silent(21_001));
        feed.lost(21_001, 0.0);
        assert_eq!(feed.freshness(), Freshness::Stale { since: 1_000 });
        feed.lost(30_000, 0.0);
        assert_eq!(feed.freshness(), Freshness::Stale { since: 1_000 });
        assert!(!feed.silent(90_000));
        feed.heard(31_000, None);
        assert_eq!(feed.freshness(), Freshness::Live { last_confirmed: 31_000 });
    }

    #[test]
    fn a_reader_gets_what_came_after_its_snapshot() {
        let mut follower = Follower::default();
        for seq in [3, 4, 5] {
            assert_eq!(follower.offer(&event(seq)), Follow::Pass);
        }
        let now: Vec<u64> = follower.begin(4).iter().map(|event| event.seq).collect();
        assert_eq!(now, [5]);
        assert_eq!(follower.offer(&event(5)), Follow::Pass);
        assert_eq!(follower.offer(&event(6)), Follow::Apply);
        assert_eq!(follower.offer(&event(8)), Follow::Missing(6));
        assert_eq!(follower.last(), Some(6));
    }

    #[test]
    fn a_snapshot_older_than_the_stream_shows_what_is_missing() {
        let mut follower = Follower::default();
        follower.offer(&event(8));
        assert!(follower.begin(5).is_empty());
        assert_eq!(follower.last(), Some(5));
        assert_eq!(follower.offer(&event(9)), Follow::Missing(5));
    }

    #[test]
    fn going_back_widens_what_is_covered() {
        let mut feed = Feed::default();
        feed.heard(0, Some(10));
        assert!(!feed.covers(7));
        feed.rewind(7);
        assert!(feed.covers(7));
        assert_eq!(feed.after(), Some(7));
        assert_eq!(feed.event(1, 8), Verdict::Deliver);
    }
}
