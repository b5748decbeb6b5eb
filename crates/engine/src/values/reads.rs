//! What working out a text will read.

use std::collections::BTreeSet;

use serde_json::Value;
use slipway_flow::expr::{self, Reference, Root};

use super::Scope;

/// The refs that a text names, and those that functions in the values of its arguments name.
#[must_use]
pub fn refs_read(text: &str, scope: &Scope) -> BTreeSet<String> {
    let used = expr::references(text);
    let mut found = refs_in_arguments(&used, scope);
    found.extend(used.into_iter().filter(|used| used.root == Root::Refs).map(|used| used.name));
    found
}

/// The refs that are read by functions in the values of the arguments that are named here. Values
/// may lead to further arguments, or in a circle.
pub(super) fn refs_in_arguments(used: &[Reference], scope: &Scope) -> BTreeSet<String> {
    let argument = |used: &Reference| (used.root == Root::Args).then(|| used.name.clone());
    let mut open: Vec<String> = used.iter().filter_map(argument).collect();
    let (mut seen, mut found) = (BTreeSet::new(), BTreeSet::new());
    while let Some(name) = open.pop() {
        let trusted = scope.sources.get(&name).is_none_or(|source| source.may_hold_expressions());
        let value = scope.arguments.get(&name).and_then(Value::as_str);
        let Some(value) = value.filter(|_| trusted && seen.insert(name)) else { continue };
        for used in expr::references(value).into_iter().filter(|used| used.in_function) {
            match used.root {
                Root::Args => open.push(used.name),
                Root::Refs => {
                    found.insert(used.name);
                }
                Root::Secrets => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};
    use slipway_flow::arguments::Source;

    use super::*;

    #[test]
    fn refs_are_found_through_the_values_of_arguments() {
        let arguments = json!({
            "A": "${fn.not(args.B)} ${refs.as-written.id}", "B": "${fn.slug(args.A, refs.b.id)}",
            "LIST": ["${fn.not(refs.list.id)}"], "FOREIGN": "${fn.not(refs.foreign.id)}" });
        let mut scope = Scope {
            arguments: serde_json::from_value::<Map<_, _>>(arguments).expect("an object"),
            ..Scope::default()
        };
        scope.sources.insert("FOREIGN".into(), Source::Webhook);
        let read = |text| refs_read(text, &scope).into_iter().collect::<Vec<_>>();
        assert_eq!(read("${args.A}${fn.or(refs.x.id, triggers.y.sha)}"), ["b", "x", "y"]);
        assert_eq!(read("${args.LIST.0} ${args.FOREIGN} ${args.NOPE}"), Vec::<String>::new());
    }
}
