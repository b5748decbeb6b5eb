//! Every pattern against the language that the API checks in: form and length of generated texts,
//! near misses among them, as Node.js sees them. `SLIPWAY_SEED` chooses other texts.
//!
//! The expressions for JavaScript are made of those for Rust, with the classes that are written
//! out there put back to what the API's documentation says: `\s` and `.`.

#![expect(clippy::expect_used, reason = "a test's helpers fail the test by panicking")]

mod form;

use std::{
    collections::HashMap,
    io::Write as _,
    process::{Command, Stdio},
};

use form::{Form, Random};
use serde_json::{Value, json};
use slipway_flow::{
    expr::is_reference,
    pattern::{self, Pattern},
};

/// For each pattern; the same text may come twice.
const TEXTS: usize = 10_000;

/// Where we say something else than JavaScript on purpose: pattern, text, why.
const DIFFERENCES: &[(&str, &str, &str)] = &[];

/// ECMAScript's white space as the patterns write it out, and its line ends.
const WRITTEN_OUT: &[(&str, &str)] = &[
    (
        r"\t\n\x0B\x0C\r \u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}",
        r"\s",
    ),
    (r"[^\n\r\u{2028}\u{2029}]", "."),
];

/// The expression as it is written in JavaScript.
fn in_javascript(source: &str) -> String {
    let source = WRITTEN_OUT
        .iter()
        .fold(source.to_owned(), |source, (ours, theirs)| source.replace(ours, theirs));
    assert!(!source.contains(r"\u{") && !source.contains(r"\x"), "{source} has more written out");
    source
}

/// What is worth trying in every pattern: every white space of ECMAScript, what other languages
/// take for white space, line ends, what is more than one unit or byte, what looks like something
/// else.
const ODD: &[char] = &[
    '\t',
    '\n',
    '\u{B}',
    '\u{C}',
    '\r',
    ' ',
    '\u{A0}',
    '\u{1680}',
    '\u{2000}',
    '\u{2001}',
    '\u{2009}',
    '\u{200A}',
    '\u{2028}',
    '\u{2029}',
    '\u{202F}',
    '\u{205F}',
    '\u{3000}',
    '\u{FEFF}',
    '\u{85}',
    '\u{180E}',
    '\u{200B}',
    '\u{1FFF}',
    '\u{1C}',
    '\0',
    '\u{7F}',
    '\u{301}',
    'é',
    '\u{1F389}',
    '\u{10FFFF}',
    '\u{212A}',
    '\u{17F}',
    '\u{FF10}',
    '\u{D7FF}',
    '\u{E000}',
    '-',
    '_',
    '.',
    '/',
    ':',
    '@',
    '$',
    '{',
    '}',
    '[',
    ']',
    '\\',
    '^',
    '|',
    '+',
    'a',
    'Z',
    '0',
    '9',
    'ß',
];

struct Texts {
    form: Form,
    alphabet: Vec<char>,
    samples: Vec<String>,
}

impl Texts {
    fn of(pattern: &Pattern) -> Self {
        let form = Form::of(pattern.source);
        let mut alphabet = Vec::new();
        form.characters(&mut alphabet);
        alphabet.sort_unstable();
        alphabet.dedup();
        let samples = pattern.accept.iter().chain(pattern.reject);
        Self { form, alphabet, samples: samples.map(|text| (*text).to_owned()).collect() }
    }

    /// A text of the form, or a sample, or either with one to three changes; sometimes of a length
    /// at the pattern's bounds.
    fn text(&self, random: &mut Random, pattern: &Pattern) -> String {
        let mut text = String::new();
        match random.below(8) {
            0 => text.clone_from(&self.samples[random.below(self.samples.len())]),
            _ => self.form.write(random, &mut text),
        }
        if random.below(8) == 0 {
            let wanted = if random.below(2) == 0 { pattern.min } else { pattern.max.min(110) };
            let wanted = (wanted + random.below(3)).saturating_sub(1);
            while text.chars().count() < wanted && self.grow(random, &mut text) {}
            text = text.chars().take(wanted).collect();
        }
        if random.below(3) > 0 {
            for _ in 0..=random.below(3) {
                self.change(random, &mut text);
            }
        }
        text
    }

    /// Doubles a character that is there; whether there is one.
    fn grow(&self, random: &mut Random, text: &mut String) -> bool {
        let mut characters: Vec<char> = text.chars().collect();
        if characters.is_empty() {
            self.form.write(random, text);
            return !text.is_empty();
        }
        let at = random.below(characters.len());
        characters.insert(at, characters[at]);
        *text = characters.into_iter().collect();
        true
    }

    fn change(&self, random: &mut Random, text: &mut String) {
        let mut characters: Vec<char> = text.chars().collect();
        let new = if random.below(3) == 0 { random.of(ODD) } else { random.of(&self.alphabet) };
        let at = random.below(characters.len() + 1);
        match random.below(5) {
            0 | 1 => characters.insert(at, new),
            _ if characters.is_empty() => characters.push(new),
            2 => drop(characters.remove(at.min(characters.len() - 1))),
            3 => {
                let last = characters.len() - 1;
                characters.swap(at.min(last), (at + 1).min(last));
            }
            _ => {
                let last = characters.len() - 1;
                characters[at.min(last)] = new;
            }
        }
        *text = characters.into_iter().collect();
    }
}

/// Whether each text matches, and its length, for each row, by one Node.js.
fn asked_of_node(rows: &Value) -> Vec<Vec<(bool, usize)>> {
    let mut child = Command::new("node")
        .args(["-e", include_str!("compare.js")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node.js is on the PATH: install it from nodejs.org");
    let mut input = child.stdin.take().expect("a pipe");
    // The script reads all before it writes.
    input.write_all(rows.to_string().as_bytes()).expect("Node.js reads");
    drop(input);
    let output = child.wait_with_output().expect("Node.js ends");
    assert!(output.status.success(), "Node.js failed");
    serde_json::from_slice(&output.stdout).expect("the script answers in JSON")
}

fn seed() -> u64 {
    std::env::var("SLIPWAY_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(7)
}

#[test]
fn every_pattern_is_what_javascript_makes_of_it() {
    let mut random = Random(seed());
    let mut rows = Vec::new();
    let mut texts_of = HashMap::new();
    for pattern in pattern::ALL {
        let texts = Texts::of(pattern);
        let texts: Vec<String> = (0..TEXTS).map(|_| texts.text(&mut random, pattern)).collect();
        rows.push(json!({ "source": in_javascript(pattern.source), "texts": texts }));
        texts_of.insert(pattern.id, texts);
    }
    // As the API's documentation prints it; a function of its own here.
    let references = &texts_of[pattern::REFERENCE.id];
    rows.push(json!({ "source": r".*\${.*}.*", "texts": references }));

    let answers = asked_of_node(&json!(rows));
    let mut wrong = Vec::new();
    for (pattern, answers) in pattern::ALL.iter().zip(&answers) {
        let texts = &texts_of[pattern.id];
        assert_eq!(answers.len(), texts.len());
        for (text, (form, length)) in texts.iter().zip(answers) {
            let whole = *form && (pattern.min..=pattern.max).contains(length);
            let ours = (pattern.matches(text), pattern.check(text).is_ok());
            let known =
                DIFFERENCES.iter().any(|(id, known, _)| (*id, *known) == (pattern.id, text));
            if ours != (*form, whole) && !known {
                wrong.push(format!(
                    "{} on {text:?}: we {ours:?}, JavaScript {form}, {whole}",
                    pattern.id
                ));
            }
        }
        let taken = answers.iter().filter(|(form, _)| *form).count();
        let share = taken * 100 / texts.len();
        assert!((10..=90).contains(&share), "{}: {share} of 100 texts match", pattern.id);
    }
    for (text, (form, _)) in references.iter().zip(&answers[pattern::ALL.len()]) {
        if is_reference(text) != *form {
            wrong.push(format!("is_reference on {text:?}: JavaScript {form}"));
        }
    }
    let shown = wrong[..wrong.len().min(20)].join("\n");
    assert!(wrong.is_empty(), "{} differences, seed {}:\n{shown}", wrong.len(), seed());
}

/// What is refused is explained by what is wrong with this text, not by the rule alone; but where
/// a word was meant, the rule says which.
#[test]
fn every_mistake_has_a_sentence_of_its_own() {
    let mut random = Random(seed());
    let mut unexplained = String::new();
    for pattern in pattern::ALL {
        let texts = Texts::of(pattern);
        let mut general = Vec::new();
        for _ in 0..1_000 {
            let text = texts.text(&mut random, pattern);
            let Err(sentence) = pattern.check(&text) else { continue };
            assert!(sentence.ends_with('.') || sentence.ends_with(pattern.rule), "{sentence}");
            if sentence == pattern.rule && pattern.id != pattern::BUILD_SHA.id {
                general.push(text);
            }
        }
        if !general.is_empty() {
            let shown = &general[..general.len().min(8)];
            unexplained.push_str(&format!("{} on {shown:#?}\n", pattern.id));
        }
    }
    assert!(unexplained.is_empty(), "only the rule is said by\n{unexplained}");
}

#[test]
fn the_derived_expressions_are_the_documented_ones() {
    for (pattern, expected) in [
        (&pattern::RUN_NAME, r"^[a-zA-Z]((-|[\s])?[a-zA-Z0-9]+((-|[\s])[a-zA-Z0-9]+)*)?$"),
        (&pattern::DESCRIPTION, r#"^[a-zA-Z0-9.,?\s\\/'"()\[\];`%^&*\-_:!]+$"#),
        (&pattern::REFERENCE, r"\$\{.*\}"),
    ] {
        assert_eq!(in_javascript(pattern.source), expected);
    }
}
