//! Rule: a rollout parts all requests, and so that each goes to one version. The reference gives the
//! shares as per cent of the requests, and shows two that make 100 together.

use super::{Findings, Fix, View, code};
use crate::document::{Document, Key};

pub(super) fn node(view: &View<'_>, findings: &mut Findings) {
    if view.node.kind.is_none_or(|kind| kind.kind != "RolloutStrategy") {
        return;
    }
    let document = view.document;
    let member = |way: &[&str]| document.at(view.node.key, way);
    let strategy = member(&["spec", "details", "canaryStrategy"]);
    let Some(config) = member(&["spec", "details", "config"]) else { return };
    match strategy.and_then(|key| document.str(key)) {
        Some("percentage") => shares(document, config, findings),
        Some("header") => headers(document, config, findings),
        _ => {}
    }
}

fn shares(document: &Document, config: Key, findings: &mut Findings) {
    // What isn't a share has been said.
    let share = |name| {
        let key = document.get(config, name)?;
        let share = document.to_json(key).as_f64()?;
        (!findings.is_wrong(key) && share.fract() == 0.0).then_some((key, share))
    };
    let (Some((_, new)), Some((old_key, old))) =
        (share("canaryPercentage"), share("stablePercentage"))
    else {
        return;
    };
    let all = new + old;
    #[expect(clippy::float_cmp, reason = "whole numbers up to 200")]
    if all != 100.0 {
        let sentence = format!("The two shares make {all} per cent together, not 100.");
        let rest = 100.0 - new;
        #[expect(clippy::cast_possible_truncation, reason = "a whole number up to 100")]
        let fix = Fix::replace(format!("Change to `{rest}`"), old_key, rest as i64);
        findings.warning(old_key, code::DOUBTFUL_ROLLOUT, sentence).fix(fix);
    }
}

fn headers(document: &Document, config: Key, findings: &mut Findings) {
    let header = |of| {
        let text = |name| document.at(config, &[of, name]).and_then(|key| document.str(key));
        Some((text("headerName")?.to_ascii_lowercase(), text("headerValue")?))
    };
    let Some(old) = document.get(config, "stableHeader") else { return };
    if header("stableHeader").is_some_and(|it| Some(it) == header("canaryHeader")) {
        let sentence = "Both versions have the same header with the same value: a request that has \
                        it can't be told to belong to one of them.";
        findings
            .warning(old, code::DOUBTFUL_ROLLOUT, sentence)
            .at_name()
            .fix(Fix::remove("Remove the header for the old version", old));
    }
}
