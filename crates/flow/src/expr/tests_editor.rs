//! Completion, explanation, faults and tokens.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::{arguments::Source, document::Document};

const FLOW: &str = r#"{
  "apiVersion": "v1.2",
  "arguments": { "BRANCH": "main", "COUNT": 3, "SETTINGS": { "a": [{ "b": 1 }] } },
  "richInputs": [{ "kind": "BranchCommitSelector",
    "spec": { "inputs": { "source": "builder" }, "outputs": { "branch": "BRANCH", "buildSha": "SHA" } } }],
  "triggers": [{ "ref": "app", "vcsService": "github", "repoUrl": "https://github.com/acme/shop" }],
  "spec": { "kind": "Workflow", "ref": "all", "spec": { "type": "sequential", "steps": [
    { "kind": "Workflow", "ref": "builds", "spec": { "type": "parallel", "steps": [
      { "kind": "Build", "ref": "build-web", "spec": { "id": "web", "type": "service" } },
      { "kind": "Build", "ref": "build-api", "spec": { "id": "api", "type": "service" } } ] } },
    { "kind": "Custom", "ref": "own", "spec": {} },
    { "kind": "JobRun", "ref": "migrate", "spec": { "jobId": "migrate" } },
    { "kind": "Release", "ref": "later", "spec": { "type": "build" } } ] } },
  "teardownSpec": { "spec": { "kind": "Workflow", "spec": { "type": "sequential", "steps": [
    { "kind": "JobRun", "ref": "clean", "spec": { "jobId": "clean" } },
    { "kind": "JobRun", "ref": "last", "spec": { "jobId": "last" } } ] } } }
}"#;

fn names_at(reference: &str) -> Names {
    let document = Document::parse(FLOW).expect("a document");
    let roots = [document.root_node(), document.teardown_node()].into_iter().flatten();
    let mut nodes = roots.flat_map(|root| document.nodes_under(root));
    let node = nodes.find(|node| document.node(*node).reference() == Some(reference));
    Names::of(&document, node.expect("the node"))
}

fn refs(reference: &str) -> Vec<String> {
    names_at(reference).refs.into_iter().map(|known| known.name).collect()
}

#[test]
fn a_node_can_name_what_has_finished_before_it_starts() {
    assert_eq!(refs("build-api"), ["app"]);
    assert_eq!(refs("builds"), ["app"]);
    assert_eq!(refs("migrate"), ["app", "build-web", "build-api", "own"]);
    assert_eq!(refs("clean"), ["app", "build-web", "build-api", "own", "migrate", "later"]);
    assert_eq!(refs("last").last().map(String::as_str), Some("clean"));
    let names = names_at("migrate");
    let outputs = |name: &str| names.reference(name).expect(name).outputs.len();
    assert!(outputs("build-web") > 3 && outputs("own") == 0);
    assert_eq!(outputs("app"), crate::kinds::settings::TRIGGER_OUTPUTS.len());
    let arguments: Vec<_> = names.arguments.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(arguments, ["BRANCH", "COUNT", "SETTINGS", "SHA"]);
    assert_eq!(
        names.argument("SHA").expect("SHA").input,
        Some("the commit chosen in the run dialog")
    );
}

/// Labels at the `|`.
fn labels(marked: &str) -> Vec<String> {
    let cursor = marked.find('|').expect("a cursor");
    let names = names_at("migrate");
    let found = complete(&marked.replacen('|', "", 1), cursor, &names);
    found.into_iter().map(|completion| completion.label).collect()
}

/// The text, with `|` at the cursor, once a completion was taken.
#[track_caller]
fn taken(marked: &str, label: &str) -> String {
    let cursor = marked.find('|').expect("a cursor");
    let mut text = marked.replacen('|', "", 1);
    let all = complete(&text, cursor, &names_at("migrate"));
    let completion = all.into_iter().find(|it| it.label == label);
    let completion = completion.unwrap_or_else(|| panic!("{label} in {marked}"));
    let mut insert = completion.insert;
    insert.insert(completion.cursor, '|');
    text.replace_range(completion.replace, &insert);
    text
}

#[test]
fn what_can_be_written_is_proposed() {
    let all = labels("x ${|");
    assert_eq!(
        all[..5],
        ["args.BRANCH", "args.COUNT", "args.SETTINGS", "args.SHA", "refs.app.branch"]
    );
    assert!(all.contains(&"refs.build-web.sha".to_owned()) && all.contains(&"refs.own".to_owned()));
    assert!(all.contains(&"fn.slug".to_owned()));
    assert_eq!(labels("${args.|}"), ["BRANCH", "COUNT", "SETTINGS", "SHA"]);
    assert_eq!(labels("${args.s|}"), ["SETTINGS", "SHA"]);
    assert_eq!(labels("${args.SETTINGS.|}"), ["a"]);
    assert_eq!(labels("${args.SETTINGS.a.0.|"), ["b"]);
    assert_eq!(labels("${refs.|"), ["app", "build-web", "build-api", "own"]);
    assert_eq!(labels("${triggers.|"), ["app"]);
    assert_eq!(labels("${triggers.app.b|"), ["branch", "pullRequestId"][..1]);
    assert_eq!(labels("${refs.app.|"), ["branch", "sha", "repoUrl", "pullRequestId"]);
    assert!(labels("${refs.build-web.|} ${args.x}").contains(&"sha".to_owned()));
    assert_eq!(labels("${refs.nope.|"), [""; 0]);
    assert_eq!(labels("${fn.toU|"), ["toUpper"]);
    assert_eq!(labels("${fn.eq(toU|"), ["toUpper"]);
    assert_eq!(labels("${fn.eq(fn.toU|, 'x')}"), ["toUpper"]);
    assert_eq!(labels("${fn.eq(args.B|, 'x')}"), ["BRANCH"]);
    assert_eq!(labels("${fn.eq('a', refs.o|"), ["own"]);
    assert!(labels("${fn.eq(|").contains(&"args.BRANCH".to_owned()));
    assert_eq!(labels("${template.args.CO|"), ["COUNT"]);
    assert_eq!(labels("${args.x ${args.CO|"), ["COUNT"]);
    for nothing in [
        "args.|",
        "x|${",
        "$|{",
        "\\${args.|}",
        "${{args.|}}",
        "${fn.eq('args.|",
        "${fn.eq('a'|",
        "${fn.search('a', /args.|/",
        "${args.BRANCH}|x",
        "${fn.slug('a')|}",
        "${args.a b|",
    ] {
        assert_eq!(labels(nothing), [""; 0], "{nothing}");
    }
}

#[test]
fn what_is_taken_replaces_the_word() {
    assert_eq!(taken("${args.B|x.y}", "BRANCH"), "${args.BRANCH|.y}");
    assert_eq!(taken("a${|", "args.COUNT"), "a${args.COUNT|");
    assert_eq!(taken("${COU|}", "args.COUNT"), "${args.COUNT|}");
    assert_eq!(taken("${fn.sl|}", "slug"), "${fn.slug(|)}");
    assert_eq!(taken("${fn.sl|(args.x)}", "slug"), "${fn.slug|(args.x)}");
    assert_eq!(taken("${fn.eq(sl|, 1)}", "slug"), "${fn.eq(fn.slug(|), 1)}");
    assert_eq!(taken("${|}", "fn.slug"), "${fn.slug(|)}");
    assert_eq!(taken("${refs.build-w|}", "build-web"), "${refs.build-web|}");
}

fn explained(text: &str) -> Vec<(String, Origin, String)> {
    let object = |value: Value| value.as_object().cloned().expect("an object");
    let args = object(json!({ "BRANCH": "main", "GIVEN": 2 }));
    let refs = object(json!({ "app": { "branch": "dev" }, "build-web": { "id": "b-1" } }));
    let sources = [("BRANCH".to_owned(), Source::Default)].into();
    let scope = Scope { sources: Some(&sources), ..Scope::new(&args, &refs) };
    explain(text, &scope, &names_at("migrate"))
        .into_iter()
        .map(|it| (text[it.span.clone()].to_owned(), it.origin, it.words))
        .collect()
}

#[test]
fn every_part_is_explained() {
    let one = |text: &str| {
        let found = explained(text);
        let [(written, origin, words)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(written, text);
        (origin.clone(), words.clone())
    };
    let name = |name: &str| name.to_owned();
    for (text, origin, words) in [
        ("${args.BRANCH}", Origin::Argument(Source::Default), "\"main\": the document's default."),
        ("${args.GIVEN}", Origin::Argument(Source::Given), "2: a value given for this run."),
        (
            "${triggers.app.branch}",
            Origin::Trigger(name("app")),
            "\"dev\": what the trigger `app` gave.",
        ),
        (
            "${refs.build-web.id}",
            Origin::Node(name("build-web")),
            "\"b-1\": an output of `build-web` (Start build web).",
        ),
        (
            "${fn.not(refs.build-api.id)}",
            Origin::Function(name("not")),
            "Known once `build-api` (Start build api) has finished.",
        ),
        (
            "${fn.slug('A b')}",
            Origin::Function(name("slug")),
            "\"a-b\": worked out by the function `slug`.",
        ),
        ("\\${x}", Origin::Escaped, "\"${x}\": as it is written, without the backslash."),
        (
            "${secrets.a.values.B}",
            Origin::Carried(Why::Secret),
            "A global secret: left as it is written, and read in the run.",
        ),
        (
            "${{a}}",
            Origin::Carried(Why::Container),
            "Left as it is written: worked out when the container starts.",
        ),
        (
            "${refs.later.id}",
            Origin::Unknown,
            "Nothing that has finished by now has the ref `later`.",
        ),
        ("${}", Origin::Unknown, "Nothing is written between `${` and `}`."),
    ] {
        assert_eq!(one(text), (origin, words.to_owned()), "{text}");
    }
    assert_eq!(explained("a ${args.BRANCH} b ${args.GIVEN}").len(), 2);
}

#[test]
fn faults_are_found_without_values() {
    let text = "${fn.nope(1)} ${fn.slug()} ${fn.add(1, 'x', fn.split('a', 'b'), /a/)} \
                ${fn.search(args.a, /(?=x)/)} ${fn.map(args.l, x => x)} ${fn.eq(1, foo)}";
    let found: Vec<_> = parse(text)
        .faults()
        .into_iter()
        .map(|fault| format!("{} | {}", &text[fault.span], fault.sentence))
        .collect();
    assert_eq!(
        found,
        [
            "fn.nope(1) | There is no function `nope`.",
            "fn.slug() | `slug` takes 1 argument, and is given none: slug(text).",
            "'x' | `b` of `add` is for a number, and this is a text.",
            "fn.split('a', 'b') | `more` of `add` is for a number, and this is a list.",
            "/a/ | A regular expression can't stand here: `more` of `add` is for a number.",
            "/(?=x)/ | Looking ahead (`(?=…)`, `(?!…)`) can't be used in regular expressions here.",
            "fn.map(args.l, x => x) | `map` can't be run. It takes a function of your own, and how one \
         is written isn't documented: Slipway keeps it and can't work it out.",
            "foo | `foo` is no value: write a text in single quotes, a number, args. or refs., or a \
         function.",
        ]
    );
    let fine = "${fn.if(fn.eq(args.a, 'x'), fn.add('1', fn.toUpper(args.b)), null)} ${args.x}";
    assert_eq!(parse(fine).faults(), []);
}

#[test]
fn a_code_view_gets_tokens() {
    use TokenKind::{
        Brace, Deferred, Escaped, Function, Keyword, Name, Number, Punctuation, Quoted, Regex,
        Root, Text,
    };
    let kinds = |text: &str| {
        let found = tokens(text).into_iter();
        found.map(|token| (text[token.span].to_owned(), token.kind)).collect::<Vec<_>>()
    };
    let expect = |text: &str, expected: &[(&str, TokenKind)]| {
        let expected: Vec<_> =
            expected.iter().map(|(text, kind)| ((*text).to_owned(), *kind)).collect();
        assert_eq!(kinds(text), expected, "{text}");
    };
    expect("a\\${b}${{c}}", &[("a", Text), ("\\${b}", Escaped), ("${{c}}", Deferred)]);
    expect(
        "${ refs.a-b.0 }",
        &[
            ("${", Brace),
            ("refs", Root),
            (".", Punctuation),
            ("a-b", Name),
            (".", Punctuation),
            ("0", Name),
            ("}", Brace),
        ],
    );
    expect(
        "${fn.replace(args.fn, /[/']/g, 'x\\'y', not(-1.5, true",
        &[
            ("${", Brace),
            ("fn", Root),
            (".", Punctuation),
            ("replace", Function),
            ("(", Punctuation),
            ("args", Root),
            (".", Punctuation),
            ("fn", Name),
            (",", Punctuation),
            ("/[/']/g", Regex),
            (",", Punctuation),
            ("'x\\'y'", Quoted),
            (",", Punctuation),
            ("not", Function),
            ("(", Punctuation),
            ("-1.5", Number),
            (",", Punctuation),
            ("true", Keyword),
        ],
    );
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "${",
        "}",
        "\\",
        "{",
        "args.",
        "refs.",
        "fn.",
        "if(",
        ")",
        "(",
        "'",
        ",",
        "a",
        ".",
        "\n",
        "é",
        " ",
        "$",
        "/",
        "[",
        "]",
        "/g",
        "template.",
        "1",
        "slug(",
        "search(",
        "😀",
        "secrets.x",
        "=>",
        "BRANCH",
        "app",
        "date(",
        "'YYYY'",
        "+",
        "*",
        "triggers.",
        "-",
        "null",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Everything that reads a text, at every cursor.
fn survives(text: &str, names: &Names) {
    let args: Map<String, Value> = names
        .arguments
        .iter()
        .filter_map(|argument| Some((argument.name.clone(), argument.default.clone()?)))
        .chain([
            ("a".to_owned(), Value::from(text)),
            ("é".to_owned(), Value::from("${fn.not(args.a)}")),
        ])
        .collect();
    let refs = Map::new();
    let scope = Scope { now: Some(0), ..Scope::new(&args, &refs) };
    let inside =
        |span: &std::ops::Range<usize>| assert!(text.get(span.clone()).is_some(), "{text:?}");
    let template = parse(text);
    match evaluate(&template, &scope) {
        Ok(evaluated) => evaluated.carried.iter().for_each(|it| inside(&it.span)),
        Err(error) => inside(&error.span),
    }
    template.faults().iter().for_each(|fault| inside(&fault.span));
    let mut at = 0;
    for token in tokens(text) {
        inside(&token.span);
        assert!(token.span.start >= at && !token.span.is_empty(), "{text:?}");
        at = token.span.end;
    }
    for explanation in explain(text, &scope, names) {
        inside(&explanation.span);
        assert!(!explanation.words.is_empty());
    }
    for cursor in 0..=text.len() + 1 {
        for completion in complete(text, cursor, names).into_iter().take(3) {
            inside(&completion.replace);
            assert!(completion.insert.get(..completion.cursor).is_some());
        }
    }
}

proptest! {
    #[test]
    fn nothing_panics_and_spans_fit(text in pieces()) {
        survives(&text, &names_at("migrate"));
    }

    #[test]
    fn nothing_panics_on_any_text(text in any::<String>()) {
        survives(&text, &names_at("migrate"));
    }

    #[test]
    fn an_escaped_expression_stands_for_itself(inner in "[^}\n\r\u{2028}\u{2029}]{0,20}") {
        let text = format!("\\${{{inner}}}");
        let (args, refs) = (Map::new(), Map::new());
        let given = evaluate(&parse(&text), &Scope::new(&args, &refs)).expect("a text");
        prop_assert_eq!(given.value, Value::String(format!("${{{inner}}}")));
    }
}

#[test]
fn long_texts_are_read_in_proportion_to_their_length() {
    let names = Names::default();
    for piece in [
        "${",
        "${{",
        "${fn.",
        "${fn.a(",
        "${fn.a('",
        "${fn.a(/",
        "${fn.a(/[",
        "${fn.a(/x/,'",
        "${args.a}",
        "${template.",
        "\\${",
        "fn.a(",
        "template.",
    ] {
        let text = format!("${{{}", piece.repeat((MAX_TEXT_BYTES >> 4) / piece.len()));
        let parsed = work::looked_at(|| drop(parse(&text)));
        let coloured = work::looked_at(|| drop(tokens(&text)));
        let completed = work::looked_at(|| drop(complete(&text, text.len(), &names)));
        for looked_at in [parsed, coloured, completed] {
            assert!(looked_at > 0, "{piece}: nothing was counted");
            assert!(looked_at < 12 * text.len(), "{piece}: {looked_at} of {}", text.len());
        }
    }
}
