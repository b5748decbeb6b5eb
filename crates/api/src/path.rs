//! Every route's path, in one place: the app builds requests with these, and the server's tests
//! hold its router against them. Paths are relative to the server's base and start without `/`.

use crate::stage::Stage;

/// Encodes one path segment as `encodeURIComponent` does.
#[must_use]
pub fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z'
            | b'a'..=b'z'
            | b'0'..=b'9'
            | b'-'
            | b'_'
            | b'.'
            | b'!'
            | b'~'
            | b'*'
            | b'\''
            | b'('
            | b')' => out.push(char::from(byte)),
            _ => {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                out.push('%');
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
    out
}

pub const INFO: &str = "slipway/v1/info";
pub const SESSION: &str = "slipway/v1/session";
pub const PROJECTS: &str = "v1/projects";

#[must_use]
pub fn project(project: &str) -> String {
    format!("v1/projects/{}", segment(project))
}

#[must_use]
pub fn services(p: &str) -> String {
    format!("{}/services", project(p))
}

#[must_use]
pub fn service(p: &str, id: &str) -> String {
    format!("{}/{}", services(p), segment(id))
}

#[must_use]
pub fn branches(p: &str, service_id: &str) -> String {
    format!("{}/branches", service(p, service_id))
}

#[must_use]
pub fn pull_requests(p: &str, service_id: &str) -> String {
    format!("{}/pull-requests", service(p, service_id))
}

/// The list of builds; the vendor's word for it is singular.
#[must_use]
pub fn builds(p: &str, service_id: &str) -> String {
    format!("{}/build", service(p, service_id))
}

#[must_use]
pub fn jobs(p: &str) -> String {
    format!("{}/jobs", project(p))
}

#[must_use]
pub fn addons(p: &str) -> String {
    format!("{}/addons", project(p))
}

#[must_use]
pub fn pipelines(p: &str) -> String {
    format!("{}/pipelines", project(p))
}

#[must_use]
pub fn pipeline(p: &str, id: &str) -> String {
    format!("{}/{}", pipelines(p), segment(id))
}

#[must_use]
pub fn release_flow(p: &str, id: &str, stage: Stage) -> String {
    format!("{}/release-flows/{}", pipeline(p, id), stage.slug())
}

#[must_use]
pub fn runs(p: &str, id: &str, stage: Stage) -> String {
    format!("{}/runs", release_flow(p, id, stage))
}

#[must_use]
pub fn run(p: &str, id: &str, stage: Stage, run: &str) -> String {
    format!("{}/{}", runs(p, id, stage), segment(run))
}

#[must_use]
pub fn abort(p: &str, id: &str, stage: Stage, run_id: &str) -> String {
    format!("{}/abort", run(p, id, stage, run_id))
}

/// Ours: the vendor's path behind our prefix.
fn ours(vendor: &str) -> String {
    format!("slipway/{vendor}")
}

/// The project's event stream (`text/event-stream`); `?after=SEQ` resumes behind that number.
#[must_use]
pub fn events(p: &str) -> String {
    ours(&format!("{}/events", project(p)))
}

/// Commits of a branch: `?branch=…`.
#[must_use]
pub fn commits(p: &str, service_id: &str) -> String {
    ours(&format!("{}/commits", service(p, service_id)))
}

#[must_use]
pub fn board(p: &str, id: &str) -> String {
    ours(&format!("{}/board", pipeline(p, id)))
}

/// The stored document, byte for byte, with its `ETag`; 404 when the stage has no release flow.
#[must_use]
pub fn document(p: &str, id: &str, stage: Stage) -> String {
    ours(&format!("{}/document", release_flow(p, id, stage)))
}

/// Every version that was saved, newest first.
#[must_use]
pub fn revisions(p: &str, id: &str, stage: Stage) -> String {
    ours(&format!("{}/revisions", release_flow(p, id, stage)))
}

/// One version's text, byte for byte.
#[must_use]
pub fn revision(p: &str, id: &str, stage: Stage, number: u64) -> String {
    format!("{}/{number}", revisions(p, id, stage))
}

#[must_use]
pub fn run_log(p: &str, id: &str, stage: Stage, run_id: &str) -> String {
    ours(&format!("{}/log", run(p, id, stage, run_id)))
}

#[must_use]
pub fn run_output(p: &str, id: &str, stage: Stage, run_id: &str) -> String {
    ours(&format!("{}/output", run(p, id, stage, run_id)))
}

#[must_use]
pub fn rollback(p: &str, id: &str, stage: Stage, run_id: &str) -> String {
    ours(&format!("{}/rollback", run(p, id, stage, run_id)))
}

#[must_use]
pub fn rollback_plan(p: &str, id: &str, stage: Stage, run_id: &str) -> String {
    ours(&format!("{}/rollback-plan", run(p, id, stage, run_id)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_are_the_vendors_and_ours_lie_behind_a_prefix() {
        let stage = Stage::Staging;
        let flow = "v1/projects/my%20shop/pipelines/a%2Fb/release-flows/staging";
        for (path, expected) in [
            (services("my shop"), "v1/projects/my%20shop/services".to_owned()),
            (pipelines("my shop"), "v1/projects/my%20shop/pipelines".to_owned()),
            (release_flow("my shop", "a/b", stage), flow.to_owned()),
            (runs("my shop", "a/b", stage), format!("{flow}/runs")),
            (abort("my shop", "a/b", stage, "r"), format!("{flow}/runs/r/abort")),
            (document("my shop", "a/b", stage), format!("slipway/{flow}/document")),
            (rollback("my shop", "a/b", stage, "r"), format!("slipway/{flow}/runs/r/rollback")),
            (revision("my shop", "a/b", stage, 7), format!("slipway/{flow}/revisions/7")),
            (events("shop"), "slipway/v1/projects/shop/events".to_owned()),
        ] {
            assert_eq!(path, expected);
        }
    }

    #[test]
    fn a_segment_is_encoded_as_the_vendors_client_does_it() {
        assert_eq!(segment("Pr\u{e9} prod/?#"), "Pr%C3%A9%20prod%2F%3F%23");
        assert_eq!(segment("a-b_c.d!~*'()"), "a-b_c.d!~*'()");
    }

    proptest! {
        #[test]
        fn a_segment_never_ends_its_segment(text in "\\PC*") {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.!~*'()%".contains(&byte);
            prop_assert!(segment(&text).bytes().all(plain));
        }
    }
}
