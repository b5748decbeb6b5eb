use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::*;
use crate::expr::{Encoding, Evaluated, SecretRequest, Secrets, evaluate, parse};

#[derive(Debug)]
struct Store;

impl Secrets for Store {
    fn random(&self, request: &SecretRequest) -> Option<String> {
        assert_eq!((request.length, request.encoding, request.at), (12, Encoding::Hex, 2));
        Some("7d1f9c02b4a8".to_owned())
    }

    fn global(&self, id: &str) -> Option<Value> {
        (id == "deploy-key").then(|| json!({ "values": { "KEY": "value" } }))
    }
}

/// 2026-01-05T09:00:00Z.
const NOW: i64 = 1_767_603_600_000;

fn value_at(call: &str, now: i64) -> Result<Value, (String, String)> {
    let text = format!("${{fn.{call}}}");
    let (args, refs) =
        (json!({ "N": "3", "EMPTY": "", "L": [1, [2]], "LINES": "a\nb" }), Map::new());
    let args = args.as_object().expect("an object");
    let scope = Scope { now: Some(now), secrets: Some(&Store), ..Scope::new(args, &refs) };
    match evaluate(&parse(&text), &scope) {
        Ok(Evaluated { value, .. }) => Ok(value),
        Err(error) => Err((text[error.span].to_owned(), error.sentence)),
    }
}

fn value(call: &str) -> Result<Value, (String, String)> {
    value_at(call, NOW)
}

#[track_caller]
fn gives(call: &str, expected: Value) {
    assert_eq!(value(call), Ok(expected), "{call}");
}

#[track_caller]
fn fails(call: &str, at: &str, sentence: &str) {
    assert_eq!(value(call), Err((at.to_owned(), sentence.to_owned())), "{call}");
}

#[test]
fn every_row_is_sound_and_every_example_gives_what_it_says() {
    let mut names = HashSet::new();
    for function in all() {
        let name = function.name;
        assert!(names.insert(name), "{name} twice");
        assert!(function.help.ends_with('.'), "{name}");
        let needs: Vec<_> = function.parameters.iter().map(|it| it.need).collect();
        let order = |need: &Need| match need {
            Need::Required => 0,
            Need::Optional(_) => 1,
            Need::Variadic => 2,
        };
        assert!(needs.is_sorted_by_key(order), "{name}");
        assert!(needs.iter().filter(|need| **need == Need::Variadic).count() <= 1, "{name}");
        let Some(example) = function.example else {
            assert!(matches!(function.work, Work::Refused(_)), "{name} has no example");
            continue;
        };
        assert!(example.call.starts_with(&format!("{name}(")), "{name}");
        let expected: Value = serde_json::from_str(example.gives).expect(example.gives);
        gives(example.call, expected);
    }
    assert!(find("randomString").is_none() && find("Slug").is_none());
    assert_eq!(names.len(), 48);
}

#[test]
fn numbers_of_arguments_are_told() {
    fails("slug()", "fn.slug()", "`slug` takes 1 argument, and is given none: slug(text).");
    fails("gt(1)", "fn.gt(1)", "`gt` takes 2 arguments, and is given 1: gt(a, b).");
    fails(
        "eq(1)",
        "fn.eq(1)",
        "`eq` takes at least 2 arguments, and is given 1: eq(a, b, more, …).",
    );
    fails(
        "concat()",
        "fn.concat()",
        "`concat` takes at least 1 argument, and is given none: concat(list, more, …).",
    );
    fails(
        "date('Y', 2)",
        "fn.date('Y', 2)",
        "`date` takes at most 1 argument, and is given 2: date(format?).",
    );
    fails(
        "slice('a')",
        "fn.slice('a')",
        "`slice` takes 2 to 3 arguments, and is given 1: slice(text, start, end?).",
    );
}

#[test]
fn faults_stand_where_they_are() {
    fails("add(1, 'x')", "'x'", "Here is a number needed, and this is the text “x”.");
    fails("join('x')", "'x'", "Here is a list needed, and this is the text “x”.");
    fails("toUpper(args.L)", "args.L", "Here is a text needed, and this is a list.");
    fails("not(slug(divide(1, 0)))", "0", "Nothing can be divided by 0.");
    fails("exp(10, 999)", "fn.exp(10, 999)", "The result is too large, or no real number.");
    fails("exp(-1, 0.5)", "fn.exp(-1, 0.5)", "The result is too large, or no real number.");
    fails("fromBase64('!')", "'!'", "This is no Base64.");
    fails("fromBase64('/w==')", "'/w=='", "What this stands for is no text in UTF-8.");
    fails("randomSecret(0)", "0", "The length is a whole number from 1 to 4096.");
    fails("randomSecret(12, 'x')", "'x'", "The encoding is 'base64' or 'hex'.");
    fails("fetchSecret('x')", "'x'", "There is no global secret `x`.");
    fails("Slug('x')", "fn.Slug('x')", "There is no function `Slug`; `slug` is written like this.");
    fails(
        "randomString(64)",
        "fn.randomString(64)",
        "There is no function `randomString`: use `randomSecret`.",
    );
    fails("indexOf('a', /a/)", "/a/", "A regular expression can't stand here: this is for text.");
    fails(
        "find(args.L, x => x)",
        "fn.find(args.L, x => x)",
        "`find` can't be run. It takes a function of your own, and how one is written isn't \
         documented: Slipway keeps it and can't work it out.",
    );
}

#[test]
fn what_is_not_there_counts_as_false() {
    gives("not(args.NOPE)", json!(true));
    gives("not(refs.nope.id)", json!(true));
    gives("eq(args.NOPE, false)", json!(true));
    gives("eq(args.NOPE, '')", json!(false));
    gives("eq(args.NOPE, refs.nope.id, null)", json!(true));
    gives("add(args.NOPE, 1)", json!(1));
    gives("lt(args.NOPE, 1)", json!(false));
    gives("toUpper(args.NOPE)", json!(""));
    gives("arrLength(args.NOPE)", json!(0));
    gives("get(args.L, '5.x')", json!(null));
    gives("if(false, 1)", json!(null));
    gives("parseJSON('{')", json!(""));
}

#[test]
fn types_are_javascripts() {
    gives("add(args.N, args.EMPTY, true)", json!(4));
    gives("add(0.1, 0.2)", json!(0.1 + 0.2));
    gives("eq(args.N, 3)", json!(false));
    gives("eq(1, 1.0, 1)", json!(true));
    gives("eq(args.L, parseJSON('[1,[2.0]]'))", json!(true));
    gives("and('0', args.L)", json!(true));
    gives("gt(args.N, '10')", json!(false));
    gives("toUpper(1e21)", json!("1E+21"));
    gives("toUpper(multiply(1, 0.0000001))", json!("1E-7"));
    gives("join(args.L, ' ')", json!("1 [2]"));
    gives("length('a😀é')", json!(4));
    gives("indexOf('😀x', 'x')", json!(2));
    gives("search('😀x', /x/)", json!(2));
    gives("slice('a😀b', 1, 3)", json!("😀"));
    gives("slice('a😀b', 0, 2)", json!("a\u{fffd}"));
    gives("if(args.N, 'yes', divide(1, 0))", json!("yes"));
    gives("get(parseJSON('{\"a\":[{\"b c\":1}]}'), 'a[0][\"b c\"]')", json!(1));
    gives("concat(1, args.L)", json!([1, 1, [2]]));
    gives("entries(split('a', ''))", json!([["0", "a"]]));
    gives("slug('  Ünder_the  Sea! ')", json!("under-the-sea"));
    gives("slug('Ünïted Straße')", json!("united-strasse"));
    gives("slug('ŁÓDŹ Ærø œuvre Þór İzmir ŉ 東京 a')", json!("lodz-aero-oeuvre-thor-izmir-n-a"));
    gives("slug('e\u{301}tE\u{301}')", json!("ete"));
}

#[test]
fn dates_are_written_as_moment_does() {
    gives("date()", json!("2026-01-05T09:00:00.000Z"));
    for (now, format, expected) in [
        (NOW, "dddd, MMMM Do YYYY, h:mm:ss a", "Monday, January 5th 2026, 9:00:00 am"),
        (NOW, "YY Y MM M MMM DD D DDD DDDD Q Qo", "26 2026 01 1 Jan 05 5 5 005 1 1st"),
        (NOW, "dd ddd d do e E W WW Wo w gggg GGGG", "Mo Mon 1 1st 1 1 2 02 2nd 2 2026 2026"),
        (NOW, "[today is [the] D", "[to1amy i0 the 5"),
        (NOW, "[a] b [c\\]", "a b c\\"),
        (NOW, "\\YYYY [YYYY] x X Z ZZ z", "YYYY YYYY 1767603600000 1767603600 +00:00 +0000 UTC"),
        (
            NOW,
            "L | LL | LLL | LT",
            "01/05/2026 | January 5, 2026 | January 5, 2026 9:00 AM | 9:00 AM",
        ),
        (0, "YYYY-MM-DD HH:mm:ss.SSS k kk A hh", "1970-01-01 00:00:00.000 24 24 AM 12"),
        (-1, "YYYY-MM-DD HH:mm:ss.SSS SSSSSS S", "1969-12-31 23:59:59.999 999000 9"),
        // Leap days, and the weeks around new year.
        (951_782_400_000, "YYYY-MM-DD DDDo dddd", "2000-02-29 60th Tuesday"),
        (1_704_067_199_999, "YYYY-MM-DD GGGG-[W]WW gggg-ww", "2023-12-31 2023-W52 2024-01"),
        (1_609_459_200_000, "YYYY-MM-DD GGGG-[W]WW Do", "2021-01-01 2020-W53 1st"),
        (4_107_542_400_000, "YYYY-MM-DD", "2100-03-01"),
        (NOW, "é ü", "é ü"),
        (NOW, "", ""),
    ] {
        let call = format!("date('{}')", format.replace('\\', "\\\\"));
        assert_eq!(value_at(&call, now), Ok(json!(expected)), "{format}");
    }
    for now in [i64::MIN, i64::MAX, 8_640_000_000_000_001] {
        assert!(value_at("date()", now).is_err());
    }
    assert_eq!(value_at("date('YYYYYY')", 8_640_000_000_000_000), Ok(json!("+275760")));
    assert_eq!(value_at("date('YYYYYY')", -8_640_000_000_000_000), Ok(json!("-271821")));
}

#[test]
fn regular_expressions_mean_what_they_mean_in_javascript() {
    gives("replace('a1b2', /[0-9]/, '#')", json!("a#b2"));
    gives("replace('a1b2', /\\d/g, '<$&>')", json!("a<1>b<2>"));
    gives("replaceAll('a1b2', /\\d/, '')", json!("ab"));
    gives(
        "replace('John Smith', /(\\w+)\\s(?<last>\\w+)/, '$<last>, $1 $$ $3')",
        json!("Smith, John $ $3"),
    );
    gives("replaceAll('abc', /x*/, '-')", json!("-a-b-c-"));
    gives("replace('a}b', /a{1}}/, 'x')", json!("xb"));
    gives("replace('ÀÉ', /é/i, 'x')", json!("Àx"));
    gives("replace('a\u{a0}b', /\\s/, '_')", json!("a_b"));
    gives("search(args.LINES, /^b/m)", json!(2));
    gives("search(args.LINES, /a.b/)", json!(-1));
    gives("search(args.LINES, /a.b/s)", json!(0));
    gives("search('x/y', /[/]y/)", json!(1));
    gives("split('a1b22c', /(\\d)+/)", json!(["a", "1", "b", "2", "c"]));
    gives("split('ab', /(?:)/)", json!(["a", "b"]));
    gives("split('', /x/)", json!([""]));
    gives("split('', /(?:)/)", json!([]));
    gives("split('a,b,c', ',', 2)", json!(["a", "b"]));
    fails(
        "search('a', /(?=a)/)",
        "/(?=a)/",
        "Looking ahead (`(?=…)`, `(?!…)`) can't be used in regular expressions here.",
    );
    fails(
        "search('a', /(?<!a)/)",
        "/(?<!a)/",
        "Looking behind (`(?<=…)`, `(?<!…)`) can't be used in regular expressions here.",
    );
    fails(
        "search('a', /(a)\\1/)",
        "/(a)\\1/",
        "Back-references (`\\1`, `\\k<name>`) can't be used in regular expressions here.",
    );
    fails("search('a', /a/u)", "/a/u", "The flag `u` can't be used here: g, i, m and s can.");
    fails("search('a', /a/gg)", "/a/gg", "The flag `g` is written twice.");
    fails(
        "search('a', /a**/)",
        "/a**/",
        "There is nothing that `*`, `+`, `?` or `{…}` could repeat here.",
    );
    let large = "search('a', /((a{500}){500}){500}/)";
    assert!(value(large).is_err_and(|(_, why)| why.contains("too large")));
    let long = format!("search('a', /{}/)", "a".repeat(2000));
    assert!(value(&long).is_err_and(|(_, why)| why.contains("too long")));
}

#[test]
fn hostile_calls_end_soon() {
    let begin = std::time::Instant::now();
    let text = "a".repeat(60_000);
    let slow = [
        format!("replaceAll('{text}', /(a*)*b|a/, 'x')"),
        format!("replaceAll('{text}', '', '{text}')"),
        format!("join(split('{text}', ''), '{text}')"),
        format!("split('{text}', /a.*z|a/)"),
        format!("replaceAll('{text}', 'a', '$&$&$`')"),
    ];
    for call in slow {
        assert!(value(&call).is_err(), "{}", &call[..20]);
    }
    assert!(begin.elapsed().as_secs() < 60, "{:?}", begin.elapsed());
}
