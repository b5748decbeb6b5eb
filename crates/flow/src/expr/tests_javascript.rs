//! Functions whose meaning is JavaScript's, compared with Node.js on generated calls.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value, json};

use super::*;

const CALLS: usize = 4000;

/// Reads `[name, …arguments]` a line, and writes the result's JSON, or `error`.
const SCRIPT: &str = r"
const text = (it) => it === null ? '' : String(it);
const pattern = (it) => it !== null && typeof it === 'object' && 'regex' in it ? new RegExp(it.regex, it.flags) : text(it);
const global = (it) => it instanceof RegExp ? new RegExp(it.source, it.flags.includes('g') ? it.flags : it.flags + 'g') : it;
const optional = (it) => it === null ? undefined : it;
const functions = {
  slice: (s, a, b) => text(s).slice(a, optional(b)),
  length: (s) => text(s).length,
  toUpper: (s) => text(s).toUpperCase(),
  toLower: (s) => text(s).toLowerCase(),
  indexOf: (s, m) => text(s).indexOf(text(m)),
  search: (s, m) => { m = pattern(m); return m instanceof RegExp ? text(s).search(m) : text(s).indexOf(m); },
  replace: (s, m, r) => text(s).replace(pattern(m), r),
  replaceAll: (s, m, r) => text(s).replaceAll(global(pattern(m)), r),
  split: (s, m, l) => text(s).split(pattern(m), optional(l)),
  join: (l, s) => l.join(optional(s)),
  arrSlice: (l, a, b) => l.slice(a, optional(b)),
  add: (a, b, c) => Number(a) + Number(b) + Number(c),
  subtract: (a, b) => Number(a) - Number(b),
  multiply: (a, b) => Number(a) * Number(b),
  divide: (a, b) => Number(a) / Number(b),
  remainder: (a, b) => Number(a) % Number(b),
  floor: (a) => Math.floor(Number(a)),
  ceil: (a) => Math.ceil(Number(a)),
  gt: (a, b) => Number(a) > Number(b),
  lte: (a, b) => Number(a) <= Number(b),
  not: (a) => !a,
  stringifyJSON: (a) => JSON.stringify(a),
};
const lines = require('fs').readFileSync(0, 'utf8').trim().split('\n');
const work = (line) => {
  try {
    const [name, ...given] = JSON.parse(line);
    const result = functions[name](...given);
    if (typeof result === 'number' && !Number.isFinite(result)) return 'error';
    return JSON.stringify(result);
  } catch { return 'error'; }
};
process.stdout.write(lines.map(work).join('\n'));
";

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ab1 -]{0,8}",
        "[abcXY019 .,_/é\u{df}ß\u{3a3}\u{a0}\u{2028}-]{0,12}",
        "(a|b|aa|ab|,|, |\\$|x){0,6}",
    ]
}

fn numbers() -> impl Strategy<Value = Value> {
    prop_oneof![
        (-12_i32..12).prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        (-1e6..1e6).prop_map(Value::from),
        (-30_i32..30, 1_u32..999).prop_map(|(e, m)| json!(f64::from(m) * 10_f64.powi(e))),
        "(-|)[0-9]{1,4}(\\.[0-9]{1,3}|)".prop_map(Value::from),
        Just(json!(true)),
        Just(json!("")),
    ]
}

fn regexes() -> impl Strategy<Value = Value> {
    let atom = prop::sample::select(vec![
        "a", "b", ".", "\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "[ab]", "[^a]", "[a-c1]",
        "[\\d-]", "é", "[^\\s]", "(a)", "(?:ab)", "(?<n>b)", "a|b", "\\b", "^", "$", ",", "\\.",
        "\\x61", "\\u0062", "[]", "[^]", "\\/", "(a|b)",
    ]);
    let repeat =
        prop::sample::select(vec!["", "", "", "*", "+", "?", "*?", "+?", "{2}", "{1,2}", "{0,}"]);
    let body = prop::collection::vec((atom, repeat), 1..4);
    let flags = prop::sample::select(vec!["", "g", "i", "gi", "s", "gs"]);
    (body, flags).prop_map(|(body, flags)| {
        // What stands for no character can't be repeated.
        let piece = |(atom, repeat): (&str, &str)| match atom {
            "\\b" | "^" | "$" => atom.to_owned(),
            // An alternative reaches as far as it can.
            "a|b" => atom.to_owned(),
            _ => format!("{atom}{repeat}"),
        };
        let regex: String = body.into_iter().map(piece).collect();
        json!({ "regex": regex, "flags": flags })
    })
}

fn calls() -> impl Strategy<Value = Vec<Value>> {
    let text = || texts().prop_map(Value::from);
    let place =
        || prop_oneof![(-9_i32..12).prop_map(Value::from), Just(json!(1.7)), Just(Value::Null)];
    let list = || prop::collection::vec(prop_oneof![text(), numbers()], 0..6).prop_map(Value::from);
    let matching = || prop_oneof![text(), regexes(), regexes()];
    let with = prop::sample::select(vec![
        "", "x", "[$&]", "$1", "$$", "$<n>", "$`|$'", "$2$1", "$01", "$", "$12",
    ]);
    let with = with.prop_map(Value::from);
    let named = |names: &'static [&'static str]| prop::sample::select(names).prop_map(Value::from);
    prop_oneof![
        1 => (Just("slice"), text(), (-9_i32..12), place()).prop_map(|(n, a, b, c)| vec![json!(n), a, json!(b), c]),
        1 => (Just("arrSlice"), list(), (-9_i32..12), place()).prop_map(|(n, a, b, c)| vec![json!(n), a, json!(b), c]),
        1 => (named(&["length", "toUpper", "toLower"]), text()).prop_map(|(n, a)| vec![n, a]),
        1 => (Just("indexOf"), text(), text()).prop_map(|(n, a, b)| vec![json!(n), a, b]),
        1 => (Just("search"), text(), matching()).prop_map(|(n, a, b)| vec![json!(n), a, b]),
        4 => (named(&["replace", "replaceAll"]), text(), matching(), with).prop_map(|(n, a, b, c)| vec![n, a, b, c]),
        3 => (Just("split"), text(), matching(), prop_oneof![Just(Value::Null), (0_u32..4).prop_map(Value::from)])
            .prop_map(|(n, a, b, c)| vec![json!(n), a, b, c]),
        1 => (Just("join"), list(), prop_oneof![Just(Value::Null), text()]).prop_map(|(n, a, b)| vec![json!(n), a, b]),
        1 => (Just("add"), numbers(), numbers(), numbers()).prop_map(|(n, a, b, c)| vec![json!(n), a, b, c]),
        3 => (named(&["subtract", "multiply", "divide", "remainder", "gt", "lte"]), numbers(), numbers())
            .prop_map(|(n, a, b)| vec![n, a, b]),
        1 => (named(&["floor", "ceil", "not", "stringifyJSON", "toUpper"]), numbers()).prop_map(|(n, a)| vec![n, a]),
        1 => (named(&["stringifyJSON"]), list()).prop_map(|(n, a)| vec![n, a]),
    ]
}

fn ours(call: &[Value]) -> String {
    let name = call[0].as_str().expect("a name");
    let args: serde_json::Map<_, _> =
        call.iter().enumerate().map(|(at, value)| (format!("a{at}"), value.clone())).collect();
    let written: Vec<_> = call
        .iter()
        .enumerate()
        .skip(1)
        .map(|(at, value)| match value.get("regex").and_then(Value::as_str) {
            Some(regex) => format!("/{regex}/{}", value["flags"].as_str().unwrap_or_default()),
            None => format!("args.a{at}"),
        })
        .collect();
    let text = format!("${{fn.{name}({})}}", written.join(", "));
    let refs = serde_json::Map::new();
    match evaluate(&parse(&text), &Scope::new(&args, &refs)) {
        Ok(evaluated) => {
            let mut json = String::new();
            js::push_json(&mut json, &evaluated.value);
            json
        }
        Err(error) => format!("error {}", error.sentence),
    }
}

/// Node.js is a prerequisite of the tests.
fn node(lines: &str) -> Vec<String> {
    let mut child = Command::new("node")
        .args(["-e", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node.js is needed to run this test: put `node` on the PATH");
    child.stdin.take().expect("a pipe").write_all(lines.as_bytes()).expect("node reads");
    let output = child.wait_with_output().expect("node ends");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("UTF-8").lines().map(str::to_owned).collect()
}

#[test]
fn functions_give_what_javascript_gives() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = calls();
    let calls: Vec<_> =
        (0..CALLS).map(|_| strategy.new_tree(&mut runner).expect("a call").current()).collect();
    let lines: Vec<_> = calls.iter().map(|call| Value::from(call.clone()).to_string()).collect();
    let expected = node(&lines.join("\n"));
    assert_eq!(expected.len(), calls.len());
    let mut errors = 0;
    let different: Vec<_> = calls
        .iter()
        .zip(&expected)
        .filter_map(|(call, expected)| {
            let ours = ours(call);
            let failed = ours.starts_with("error");
            errors += usize::from(failed);
            (ours != *expected && !(failed && expected == "error")).then(|| {
                format!("{} gives {ours}, in JavaScript {expected}", Value::from(call.clone()))
            })
        })
        .collect();
    assert!(
        different.is_empty(),
        "{} differ:\n{}",
        different.len(),
        different[..different.len().min(40)].join("\n")
    );
    assert!(errors * 4 < CALLS, "{errors} errors: the calls test too little");
}
