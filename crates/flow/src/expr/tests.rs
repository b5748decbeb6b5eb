use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn value(text: &str) -> Result<Value, EvalError> {
    let args = json!({ "NAME": "shop", "COUNT": 3, "ON": true, "NOTHING": null, "dotted": { "a": [1, "x"] } });
    let refs = json!({
        "start-build": { "id": "b-1", "list": [{ "tag": "t0" }], "labels": { "a": 1 } },
        "app": { "branch": "main" },
    });
    let (Value::Object(args), Value::Object(refs)) = (args, refs) else { unreachable!() };
    evaluate(&parse(text), &Scope::new(&args, &refs)).map(|evaluated| evaluated.value)
}

#[track_caller]
fn gives(text: &str, expected: &Value) {
    assert_eq!(value(text).as_ref(), Ok(expected), "{text}");
}

#[track_caller]
fn fails(text: &str, at: &str, sentence: &str) {
    let error = value(text).expect_err(text);
    assert_eq!((&text[error.span.clone()], error.sentence.as_str()), (at, sentence), "{text}");
}

#[test]
fn values() {
    gives("", &json!(""));
    gives("plain", &json!("plain"));
    gives("${args.NAME}-web", &json!("shop-web"));
    gives("${refs.start-build.list.0.tag}", &json!("t0"));
    gives("${triggers.app.branch}", &json!("main"));
    gives("${args.dotted.a.1}", &json!("x"));
    gives("a ${args.NOTHING}b", &json!("a b"));
    gives("x${refs.start-build.labels}", &json!(r#"x{"a":1}"#));
    gives("${ args.NAME }", &json!("shop"));
}

#[test]
fn one_expression_alone_keeps_its_type() {
    gives("${args.COUNT}", &json!(3));
    gives("${args.ON}", &json!(true));
    gives("${refs.start-build.labels}", &json!({ "a": 1 }));
    gives(" ${args.COUNT}", &json!(" 3"));
}

#[test]
fn escapes_and_deferred_expressions_pass_as_text() {
    gives(r"\${args.NAME}", &json!("${args.NAME}"));
    gives(r"a\${b}c${args.NAME}", &json!("a${b}cshop"));
    gives(r"\${", &json!("${"));
    gives("${{refs.x.values.KEY}}", &json!("${{refs.x.values.KEY}}"));
}

#[test]
fn a_value_is_never_read_as_an_expression() {
    let (Value::Object(args), Value::Object(refs)) =
        (json!({ "A": "${args.B}", "B": "secret" }), json!({}))
    else {
        unreachable!()
    };
    let given = evaluate(&parse("${args.A}"), &Scope::new(&args, &refs));
    assert_eq!(given.map(|given| given.value), Ok(json!("${args.B}")));
}

#[test]
fn what_has_no_value_says_why_and_where() {
    fails(
        "v${args.MISSING}",
        "args.MISSING",
        "There is no argument `MISSING`: give it a default in the document or a value when starting the run.",
    );
    fails(
        "${refs.later.id}",
        "refs.later.id",
        "Nothing that has finished by now has the ref `later`.",
    );
    fails("${refs.app.commit.sha}", "refs.app.commit.sha", "The ref `app` has no `commit`.");
    fails(
        "${fn.search('a', /x)}",
        "/",
        "A regular expression is never closed: write `/` at its end.",
    );
    fails("${}", "${}", "Nothing is written between `${` and `}`.");
    fails(
        "a ${args.x b ${args.NAME}",
        "${",
        "`${` is never closed: write `}` after the expression, on the same line, or `\\${` if no expression is meant.",
    );
    fails(
        "${args.x",
        "${",
        "`${` is never closed: write `}` after the expression, on the same line, or `\\${` if no expression is meant.",
    );
    fails(
        "echo ${HOME}",
        "HOME",
        "`HOME` isn't something that can be read here: an expression begins with args., refs., triggers., secrets., template. or fn. If no expression is meant, write `\\${`.",
    );
    fails("${refs.a..b}", ".", "A name is missing after a dot in `refs.a..b`.");
    fails("${fn.if(}", "(", "The parenthesis of `if` is never closed.");
    fails("${fn.eq('a)}", "'", "A quote is never closed.");
}

/// `‹…›` is around what the problem is about.
#[track_caller]
fn slips(marked: &str, sentence: &str) {
    let text = marked.replace(['‹', '›'], "");
    let found = parse(&text).parts.into_iter().find_map(|part| match part.content {
        Content::Malformed { at, sentence } => Some((at, sentence)),
        _ => None,
    });
    let (at, told) = found.expect(marked);
    let shown = format!("{}‹{}›{}", &text[..at.start], &text[at.clone()], &text[at.end..]);
    assert_eq!((shown.as_str(), told.as_str()), (marked, sentence));
}

#[test]
fn a_slip_is_marked_where_it_is() {
    let missing = "An argument is missing between two commas or parentheses.";
    let comma = |name: &str| format!("A comma is missing between the arguments of `{name}`.");
    slips("${fn.eq(args.A,‹,›1)}", missing);
    slips("${fn.eq(args.A,‹)›}", missing);
    slips("x ${fn.eq(args.A, 1) ‹oops›} y", "`oops` is left over after the expression.");
    slips(
        "${args‹[›'A']}",
        "`[` can't be used in `args['A']`: members and indices are written with a dot, `refs.a.list.0`.",
    );
    slips("${args.a‹=›b}", "`=` can't be used in `args.a=b`.");
    slips("é ${args.‹é›}", "`é` can't be used in `args.é`.");
    slips("${fn.eq(args.‹é›, 1)}", "`é` can't be used in `args.é`.");
    slips("${refs.b.list.‹+›1}", "`+` can't be used in `refs.b.list.+1`.");
    slips(
        "${args.A ‹== 1›}",
        "Expressions have no operators like `== 1`: functions do that, as in fn.eq(args.a, 'b') or fn.if(args.a, 'yes', 'no').",
    );
    slips("${fn.if(fn.eq(args.A ‹1›), 2, 3)}", &comma("eq"));
    slips("${fn.if(fn.eq(args.A ‹'›x'), 2, 3)}", &comma("eq"));
    slips("${fn.if(args.A ‹f›n.not(1), 2)}", &comma("if"));
    slips("${fn.if(1 ‹a›rgs.A, 2)}", &comma("if"));
    slips("${‹fn.if› args.A}", "`fn.if` needs its arguments in parentheses: fn.if(…).");
    slips("${fn.‹(›1)}", "A function's name is missing after `fn.`.");
    slips(
        "${‹env.A›}",
        "`env.A` isn't something that can be read here: an expression begins with args., refs., triggers., secrets., template. or fn. If no expression is meant, write `\\${`.",
    );
    slips("${args‹.›}", "A name is missing after a dot in `args.`.");
    slips("${fn.neq(‹${›args.A}, 'yes')}", "Inside a function, names stand without `${` and `}`.");
    slips(
        "‹${{›secrets.a}",
        "`${{` is never closed: write `}}` after the expression, on the same line, or `\\${` if no expression is meant.",
    );
}

#[test]
fn one_name_is_the_same_in_a_path_and_in_a_function() {
    for name in ["a", "a-b", "a_b", "1"] {
        assert!(is_addressable(name), "{name}");
        assert_eq!(references(&format!("${{args.{name}}}")).len(), 1, "{name}");
        assert_eq!(references(&format!("${{fn.not(args.{name})}}")).len(), 1, "{name}");
    }
    for name in ["é", "a=b", "a@b", "a/b", "a:b", "$a", "a+", "a*"] {
        assert!(!is_addressable(name), "{name}");
        assert_eq!(references(&format!("${{args.{name}}}")), [], "{name}");
        assert_eq!(references(&format!("${{fn.not(args.{name})}}")), [], "{name}");
    }
    assert_eq!(references("${args.a.app/b@1} ${fn.not(args.a.app/b@1)}").len(), 2);
}

#[test]
fn elements_of_lists_have_one_spelling() {
    let sentence = "The ref `start-build` has no `list.00`.";
    fails("${refs.start-build.list.00}", "refs.start-build.list.00", sentence);
    gives("${fn.get(refs.start-build.list, '0.tag')}", &json!("t0"));
}

#[test]
fn a_slip_does_not_hide_the_expressions_behind_it() {
    for text in [
        "${fn.eq(args.A, 'x) ${args.B}",
        "${fn.eq(args.A, 1) ${args.B}",
        "${fn.eq(args.A, 1 ${args.B}",
        "${fn.eq(args.A, /x) ${args.B}",
        "${fn.eq(args.A, 'x) ${fn.eq(args.B, 'y')}",
        "${args.A ${args.B}",
        "${fn.eq(${args.B}, 1)}",
    ] {
        let names: Vec<_> = references(text).into_iter().map(|it| it.name).collect();
        assert_eq!(names, ["B"], "{text}");
    }
    slips("${fn.eq(args.A, ‹'›x) ${fn.eq(args.B, 'y')}", "A quote is never closed.");
    slips(
        "‹${›fn.eq(args.A, 1) ${args.B}",
        "`${` is never closed: write `}` after the expression, on the same line, or `\\${` if no expression is meant.",
    );
    // In quotes, it is a text.
    gives("${fn.slice('a${b}', 0)}", &json!("a${b}"));
    let parts = parse("${fn.eq('${x}', '\\q')}").parts;
    assert_eq!(parts.len(), 1, "{parts:?}");
}

#[test]
fn quoted_texts_have_the_escapes_of_javascript() {
    gives(r"${fn.split('a b', ' ')}", &json!(["a", "b"]));
    gives(
        r"${fn.slice('\n\t\r\\\'\x41\u00e9\u{1F600}\uD83D\uDE00\${\/', 0)}",
        &json!("\n\t\r\\'Aé😀😀${/"),
    );
    let unknown = |written: &str| {
        format!(
            "`{written}` means nothing in a quoted text: write `\\\\` for a backslash, or a regular expression between slashes."
        )
    };
    let code = |written: &str| {
        format!(
            "`{written}` is no character: write two digits after `\\x`, four after `\\u`, or up to six as in `\\u{{1F600}}`, with the letters a to f."
        )
    };
    slips(r"${fn.split(args.T, 'a‹\d›+')}", &unknown(r"\d"));
    slips(r"${fn.split(args.T, '‹\01›')}".replace("1›", "›1").as_str(), &unknown(r"\0"));
    slips(r"${fn.split(args.T, '‹\x4›')}", &code(r"\x4"));
    slips(r"${fn.split(args.T, '‹\u00›é')}", &code(r"\u00"));
    slips(r"${fn.split(args.T, '‹\u{110000}›')}", &code(r"\u{110000}"));
    slips(r"${fn.split(args.T, '‹\u{}›')}".replace("}›", "›}").as_str(), &code(r"\u{"));
    slips(r"${fn.split(args.T, '‹\uD83D›x')}", &code(r"\uD83D"));
}

#[test]
fn functions_are_taken_apart() {
    let template = parse("${fn.if(fn.eq(args.branch, 'ma}in'), 3, not(refs.x.id))}");
    let [Part { content: Content::Expression(Expr { kind, .. }), .. }] = template.parts.as_slice()
    else {
        panic!("{template:?}")
    };
    let ExprKind::Call { name, arguments } = kind else { panic!("{kind:?}") };
    assert_eq!((name.as_str(), arguments.len()), ("if", 3));
    assert_eq!(arguments[1].kind, ExprKind::Number("3".to_owned()));
    let ExprKind::Call { arguments: inner, .. } = &arguments[0].kind else { panic!() };
    assert_eq!(inner[1].kind, ExprKind::Text("ma}in".to_owned()));
}

#[test]
fn forms_that_are_not_documented_are_carried() {
    let template = parse("${fn.replace(args.a, /x(y)/g, '')}");
    assert!(matches!(template.parts[0].content, Content::Expression(_)), "{template:?}");
}

#[test]
fn references_are_found_with_their_places() {
    let text = "${args.A} ${fn.eq(refs.build-web.branch, triggers.app.branch)} \\${args.no}";
    let found: Vec<_> = references(text)
        .into_iter()
        .map(|found| (found.root, found.name, text[found.span].to_owned(), found.in_function))
        .collect();
    let expected = [
        (Root::Args, "A", "args.A", false),
        (Root::Refs, "build-web", "refs.build-web.branch", true),
        (Root::Refs, "app", "triggers.app.branch", true),
    ];
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(root, name, at, inside)| (root, name.to_owned(), at.to_owned(), inside))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn what_counts_as_a_reference_is_what_the_pattern_says() {
    for text in ["${args.x}", "${}", "a\n${b}", "${a\n}", "}${", "${", "", "${\u{2028}}", "${a\r}}"]
    {
        assert_eq!(is_reference(text), crate::pattern::REFERENCE.matches(text), "{text:?}");
    }
}

#[test]
fn nesting_and_length_are_bounded() {
    let deep = format!("${{{}1{}}}", "fn.not(".repeat(100_000), ")".repeat(100_000));
    let template = parse(&deep);
    let at = 2 + 32 * "fn.not(".len();
    let sentence = "Functions nest at most 32 deep.".to_owned();
    assert_eq!(template.parts[0].content, Content::Malformed { at: at..at + 1, sentence });
    let long = format!("${{args.x}}{}", "y".repeat(MAX_TEXT_BYTES));
    assert!(matches!(parse(&long).parts[0].content, Content::Malformed { .. }));
    let (Value::Object(args), Value::Object(refs)) =
        (json!({ "x": "y".repeat(MAX_VALUE_BYTES) }), json!({}))
    else {
        unreachable!()
    };
    let error = evaluate(&parse("${args.x}${args.x}"), &Scope::new(&args, &refs));
    assert_eq!(error.expect_err("too long").sentence, "The text becomes longer than 1 MiB.");
}

/// Each of these took quadratic time when every `${` looked for its end on its own.
#[test]
fn hostile_texts_are_read_in_linear_time() {
    for piece in [
        "${",
        "${{",
        "${a}",
        "${fn.'}",
        "${fn.\\'}",
        "\\${",
        "${fn.",
        "\\${fn.'",
        "${fn.a(/[",
        "${fn.a('/",
        "${fn.a('${'",
        "${fn.a('\\'",
    ] {
        let text = piece.repeat((MAX_TEXT_BYTES / 4) / piece.len());
        covers(&text);
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("${"),
        Just("}"),
        Just("\\"),
        Just("{"),
        Just("args."),
        Just("refs."),
        Just("fn."),
        Just("if("),
        Just(")"),
        Just("'"),
        Just(","),
        Just("a"),
        Just("."),
        Just("\n"),
        Just("é"),
        Just(" "),
        Just("$"),
        Just("\u{2028}"),
        Just("template."),
        Just("1"),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn covers(text: &str) {
    let mut at = 0;
    for part in parse(text).parts {
        assert_eq!(part.span.start, at, "{text:?}");
        assert!(part.span.end > at, "{text:?}");
        at = part.span.end;
        assert!(text.is_char_boundary(at), "{text:?}");
    }
    assert_eq!(at, text.len(), "{text:?}");
    for reference in references(text) {
        assert!(text.get(reference.span).is_some(), "{text:?}");
    }
}

/// An argument in a form that isn't known is skipped byte by byte.
#[test]
fn arguments_that_are_carried_may_have_any_character() {
    covers("${fn.if(a('\u{488}é\u{1F389}'), (é))}");
    covers("${fn.if(é(é");
}

proptest! {
    #[test]
    fn parts_cover_the_text(text in pieces()) {
        covers(&text);
    }

    #[test]
    fn parts_cover_any_text(text in any::<String>()) {
        covers(&text);
    }

    #[test]
    fn text_without_a_dollar_stands_for_itself(text in "[^$]*") {
        prop_assert_eq!(value(&text), Ok(Value::String(text)));
    }

    #[test]
    fn is_reference_is_the_pattern(text in pieces()) {
        prop_assert_eq!(is_reference(&text), crate::pattern::REFERENCE.matches(&text));
    }
}

fn evaluated(text: &str, args: &Value, outer: Option<&Scope<'_>>) -> Result<Evaluated, String> {
    let refs = serde_json::Map::new();
    let scope = Scope { outer, ..Scope::new(args.as_object().expect("an object"), &refs) };
    evaluate(&parse(text), &scope)
        .map_err(|error| format!("{} | {error}", &text[error.span.clone()]))
}

#[test]
fn what_others_work_out_is_left_as_it_is_written() {
    for (text, written, why) in [
        ("${secrets.a.values.B}", "${secrets.a.values.B}", Why::Secret),
        ("x ${fn.slug(secrets.a.values.B)} y", "${fn.slug(secrets.a.values.B)}", Why::Secret),
        ("${{secrets.a.values.B}}", "${{secrets.a.values.B}}", Why::Container),
        ("a${template.refs.x.id}", "${template.refs.x.id}", Why::Outer),
        ("${template.fn.slug('A', args.x)}", "${template.fn.slug('A', args.x)}", Why::Outer),
        ("${template.nodes.x}", "${template.nodes.x}", Why::Outer),
    ] {
        let given = evaluated(text, &json!({}), None).expect(text);
        assert_eq!(given.value, json!(text), "{text}");
        let [carried] = given.carried.as_slice() else { panic!("{given:?}") };
        assert_eq!((&text[carried.span.clone()], carried.why), (written, why), "{text}");
    }
}

#[test]
fn what_nobody_could_work_out_is_not_carried() {
    let args = json!({
        "A": "abc", "S": "${fn.toUpper(secrets.g.values.K)}",
        "T": "${fn.toUpper(template.args.X)}", "DEEP": "${fn.not(args.S)}",
    });
    let secret = "A global secret can't be read through an argument: write the expression where the value is needed.";
    for (text, at, sentence) in [
        ("${args.S}", "args.S", secret),
        ("x ${fn.not(args.S)}", "args.S", secret),
        (
            "${args.T}",
            "args.T",
            "`template.…` can't be read through an argument here: there is no template around the \
             flow.",
        ),
        (
            "${fn.if(fn.eq(args.A, 'abc'), secrets.g.values.K, 'x')}",
            "secrets.g.values.K",
            "A function that reads a global secret can't read arguments or outputs as well: what \
             keeps the secrets doesn't know them.",
        ),
    ] {
        assert_eq!(evaluated(text, &args, None), Err(format!("{at} | {sentence}")), "{text}");
    }
    let deep = evaluated("${args.DEEP}", &args, None).expect_err("no value");
    assert!(deep.ends_with(secret), "{deep}");
    // What is not read in the end is no obstacle.
    let text = "${fn.if(fn.eq(args.A, 'b'), secrets.g.values.K, 'x')}";
    assert_eq!(evaluated(text, &args, None).map(|it| it.value), Ok(json!("x")));
    let text = "${fn.toUpper(secrets.g.values.K)}";
    assert_eq!(evaluated(text, &args, None).map(|it| it.carried.len()), Ok(1));
}

#[test]
fn the_template_around_is_read_where_there_is_one() {
    let (args, refs) = (json!({ "X": "outside" }), serde_json::Map::new());
    let outer = Scope::new(args.as_object().expect("an object"), &refs);
    let text = "${template.args.X} ${args.X} ${template.fn.toUpper(args.X)} ${fn.eq(template.args.X, 'outside')}";
    let given = evaluated(text, &json!({ "X": "inside" }), Some(&outer)).expect("known");
    assert_eq!((given.value, given.carried.len()), (json!("outside inside OUTSIDE true"), 0));
    let error = evaluated("${template.args.Y}", &json!({}), Some(&outer)).expect_err("unknown");
    assert!(error.starts_with("args.Y | There is no argument `Y`"), "{error}");
    assert_eq!(parse(text).references().len(), 1);
}

#[test]
fn functions_in_the_values_of_arguments_are_worked_out() {
    let args = json!({
        "A": "v-${fn.toUpper(args.B)}-${args.B}-\\${fn.x()}", "B": "${fn.slug('C d')}",
        "N": "${fn.add(1, 2)}", "LOOP": "${fn.not(args.POOL)}", "POOL": "${fn.not(args.LOOP)}",
        "WRONG": "${fn.nope()}",
    });
    let value = |text: &str| evaluated(text, &args, None).map(|evaluated| evaluated.value);
    assert_eq!(value("${args.A}"), Ok(json!("v-C-D-${args.B}-${fn.x()}")));
    assert_eq!(value("${args.N}"), Ok(json!(3)));
    let looping = value("${args.LOOP}").expect_err("a loop");
    assert!(looping.starts_with("args.LOOP | "), "{looping}");
    assert!(
        looping.ends_with("The value of the argument `LOOP` leads back to itself."),
        "{looping}"
    );
    assert_eq!(
        value("x ${args.WRONG}"),
        Err("args.WRONG | The value of the argument `WRONG` can't be worked out: There is no \
             function `nope`."
            .to_owned())
    );
    // Each argument reads the next one twice: that ends soon, too.
    let chain = |length: usize| {
        let link = |at: usize| {
            let next = format!("args.A{}", at + 1);
            (format!("A{at}"), Value::from(format!("${{fn.eq({next}, {next})}}")))
        };
        Value::Object((0..length).map(link).collect())
    };
    assert_eq!(evaluated("${args.A0}", &chain(5), None).map(|it| it.value), Ok(json!(true)));
    let error = evaluated("${args.A0}", &chain(40), None).expect_err("too deep");
    assert!(error.contains("more than 8 times in a row"), "{error}");
}
