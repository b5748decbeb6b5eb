//! An object that isn't there is one problem, however much it should hold.

use super::{Finding, Mark, code};

/// Makes one of the findings, all about one object, that speak of members of a member that it
/// lacks.
pub(super) fn join(findings: &mut Vec<Finding>) {
    let mut at = 0;
    while let Some(first) = findings.get(at) {
        at += 1;
        let Some(name) = member(first) else { continue };
        let inside = |other: &Finding| member(other) == Some(name);
        let pointers: Vec<_> =
            findings.iter().filter(|other| inside(other)).map(|other| other.below).collect();
        if pointers.len() < 2 {
            continue;
        }
        let is_required =
            findings.iter().any(|other| inside(other) && other.code == code::REQUIRED);
        let mut index = 0;
        findings.retain(|other| {
            index += 1;
            index <= at || !inside(other)
        });
        let Some(joined) = findings.get_mut(at - 1) else { return };
        joined.sentence = sentence(shared_way(joined.below, &pointers), &pointers);
        joined.below = shared_way(joined.below, &pointers);
        joined.code = if is_required { code::REQUIRED } else { joined.code };
        joined.fixes.clear();
    }
}

/// The member that is missing, where the finding is about something inside it.
fn member(finding: &Finding) -> Option<&'static str> {
    let way = finding.below.strip_prefix('/').filter(|_| finding.mark == Mark::Missing)?;
    way.split_once('/').map(|(name, _)| name)
}

fn sentence(way: &str, pointers: &[&str]) -> String {
    let quoted = |pointer: &str| format!("`{}`", pointer.trim_start_matches('/').replace('/', "."));
    let mut needs: Vec<_> = pointers.iter().map(|pointer| quoted(&pointer[way.len()..])).collect();
    let last = needs.pop().unwrap_or_default();
    format!("{} is missing; it needs {} and {last}.", quoted(way), needs.join(", "))
}

/// The longest way that all pointers begin with and none ends with.
fn shared_way<'p>(first: &'p str, pointers: &[&str]) -> &'p str {
    let mut ways = first.match_indices('/').map(|(at, _)| &first[..at]).rev();
    let shared = ways.find(|way| {
        let goes_on = |rest: &str| rest.starts_with('/');
        pointers.iter().all(|pointer| pointer.strip_prefix(way).is_some_and(goes_on))
    });
    shared.unwrap_or_default()
}
