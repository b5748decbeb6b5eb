//! The reference page: everything that the tables say, as Markdown. `docs/release-flow.md` is this
//! text; a test keeps it current.
//!
//! May import: every other module of this crate.

use std::fmt::Write as _;

use crate::{
    check, document, expr,
    kinds::{self, Field, FieldType, Kind, Output, Rule, describe, settings},
    pattern,
};

/// The whole page.
#[must_use]
pub fn page() -> String {
    let mut page = String::from(
        "# The release flow, field by field\n\n\
         This page is written by `cargo xtask docs` from the tables in `crates/flow`: change those, \
         not this. The forms, the checks, the completion and the JSON Schema read the same tables.\n\n\
         In the tables, the column `${…}` says where references may stand: `instead` of the value, \
         `within` a text of any form, or not at all.\n",
    );
    document(&mut page);
    nodes(&mut page);
    pipeline(&mut page);
    page.push_str(include_str!("expressions.md"));
    functions(&mut page);
    patterns(&mut page);
    problems(&mut page);
    limits(&mut page);
    page
}

fn document(page: &mut String) {
    page.push_str("\n## The document\n\n");
    fields(page, settings::DOCUMENT.fields, false);
    rules(page, settings::DOCUMENT.rules);
    page.push_str("\nNodes read of a trigger, by its ref:\n\n");
    outputs(page, settings::TRIGGER_OUTPUTS);
    let flags: Vec<_> =
        settings::DEFAULT_CI_IGNORE_FLAGS.iter().map(|flag| format!("`{flag}`")).collect();
    let _ = writeln!(
        page,
        "\nWords that stop a run unless a trigger says others: {}.",
        flags.join(", ")
    );
}

fn nodes(page: &mut String) {
    page.push_str("\n## Nodes\n\n| node | `kind` | used in |\n|---|---|---|\n");
    for kind in kinds::all() {
        let _ = writeln!(
            page,
            "| [{}](#{}) | {} | {} |",
            kind.title,
            anchor(kind.title),
            told_by(kind),
            describe::scope_words(kind.scope)
        );
    }
    for kind in kinds::all() {
        node(page, kind);
    }
}

fn node(page: &mut String, kind: &Kind) {
    let _ = write!(page, "\n### {}\n\n{}\n\n", kind.title, kind.help);
    let _ = write!(
        page,
        "{}; used in {}, since {}.\n\n",
        told_by(kind),
        describe::scope_words(kind.scope),
        kind.since.year()
    );
    // What makes the node one of this kind stands above.
    fields(page, kind.fields.iter().filter(|field| !kind.is_selected_by(field.pointer)), true);
    rules(page, kind.rules);
    if !kind.outputs.is_empty() {
        page.push_str("\nLater nodes read:\n\n");
        outputs(page, kind.outputs);
    }
    let _ = write!(page, "\n```json\n{}\n```\n", kind.template);
}

/// `kind` and the members that tell kinds with the same one apart.
fn told_by(kind: &Kind) -> String {
    kind.when.iter().fold(format!("`{}`", kind.kind), |text, by| {
        format!("{text}, `{}` `{}`", dotted(by.pointer), by.value)
    })
}

fn fields<'t>(page: &mut String, table: impl IntoIterator<Item = &'t Field>, in_node: bool) {
    page.push_str(
        "| field | what may stand there | needed | `${…}` | what it is |\n|---|---|---|---|---|\n",
    );
    for field in table {
        row(page, "", field, in_node);
    }
}

/// As deep as field types nest.
fn row(page: &mut String, above: &str, field: &Field, in_node: bool) {
    let path = format!("{above}{}", dotted(field.pointer));
    let _ = writeln!(
        page,
        "| `{path}` | {} | {} | {} | {} |",
        cell(&describe::type_in_full(&field.ty)),
        if field.required { "yes" } else { "" },
        references(field, in_node && path != "ref"),
        cell(&what_it_is(field)),
    );
    let (ty, path) = match field.ty.bare() {
        FieldType::List(item) => (item.bare(), format!("{path}[].")),
        ty => (ty, format!("{path}.")),
    };
    let FieldType::Object(inner) = ty else { return };
    if inner.noun == settings::DOCUMENT.noun {
        return;
    }
    for field in inner.fields {
        row(page, &path, field, in_node);
    }
}

fn outputs(page: &mut String, outputs: &[Output]) {
    page.push_str("| output | what it is |\n|---|---|\n");
    for output in outputs {
        let _ = writeln!(page, "| `${{refs.<ref>.{}}}` | {} |", output.name, cell(output.help));
    }
}

/// Where references may stand: see the head of the page. Texts of any form are `worked_out` in nodes
/// alone.
fn references(field: &Field, worked_out: bool) -> &'static str {
    let instead = |ty: &FieldType| ty.takes_references();
    match field.ty.bare() {
        _ if field.references || instead(&field.ty) => "instead",
        FieldType::List(item) if instead(item) => "instead",
        FieldType::Text { max: usize::MAX, pattern: None, .. }
        | FieldType::Map
        | FieldType::Json
            if worked_out =>
        {
            "within"
        }
        _ => "",
    }
}

/// What holds between members, a line for each rule.
fn rules(page: &mut String, rules: &[Rule]) {
    if rules.is_empty() {
        return;
    }
    page.push_str("\nWhat holds between them, or else is said:\n\n");
    for rule in rules {
        let members: Vec<_> =
            rule.pointers().map(|pointer| format!("`{}`", dotted(pointer))).collect();
        let sentences: Vec<_> = rule.sentences().collect();
        let _ = writeln!(page, "- {}: {}", members.join(", "), sentences.join(" "));
    }
}

fn what_it_is(field: &Field) -> String {
    if field.help.is_empty() {
        field.label.to_owned()
    } else {
        format!("{}. {}", field.label, field.help)
    }
}

/// The node of team templates that flows stand in; the flow's own members are not told again.
fn pipeline(page: &mut String) {
    page.push_str(
        "\n## A flow inside a team template\n\nA `Pipeline` node makes a pipeline and carries the \
         flows of its stages. Such a flow is edited and checked as a document of its own. In its \
         triggers everything but the ref may be a reference, and `${template.…}` is worked out by the \
         template.\n\n",
    );
    fields(page, kinds::pipeline::PIPELINE.fields, false);
}

fn limits(page: &mut String) {
    let kib = |bytes: usize| format!("{} KiB", bytes / 1024);
    page.push_str("\n## Limits\n\n| what | limit |\n|---|---|\n");
    for (what, limit) in [
        ("a document", kib(document::MAX_SIZE)),
        ("objects and lists within one another", format!("{} levels", document::MAX_DEPTH)),
        ("a text with expressions", kib(expr::MAX_TEXT_BYTES)),
        ("functions within one another", format!("{} levels", expr::MAX_CALL_DEPTH)),
        ("a text that an expression gives", kib(expr::MAX_VALUE_BYTES)),
        ("a list that a function gives", format!("{} entries", expr::MAX_LIST_ELEMENTS)),
        ("a regular expression", format!("{} bytes", expr::MAX_REGEX_BYTES)),
    ] {
        let _ = writeln!(page, "| {what} | {limit} |");
    }
}

fn functions(page: &mut String) {
    page.push_str(
        "\n## Functions\n\nInside the parentheses of a function, names and further functions stand \
         without `${` and `}`: `${fn.if(fn.eq(args.ENV, 'prod'), 3, 1)}`. A name that isn't there is \
         absent, which counts as false. Texts are measured in UTF-16 code units.\n",
    );
    for group in expr::Group::ALL {
        let _ = write!(
            page,
            "\n### {}\n\n| function | gives | what it does | example |\n|---|---|---|---|\n",
            group.title()
        );
        for function in expr::functions().iter().filter(|function| function.group == group) {
            let example = function.example.map_or_else(String::new, |example| {
                format!("`{}` → `{}`", cell(example.call), cell(example.gives))
            });
            let _ = writeln!(
                page,
                "| `{}` | {} | {} | {example} |",
                cell(&function.signature()),
                function.result.word(),
                cell(function.help),
            );
        }
    }
}

fn patterns(page: &mut String) {
    page.push_str("\n## Text patterns\n\nLengths count UTF-16 code units, as JavaScript does.\n");
    for pattern in pattern::ALL {
        let _ = write!(
            page,
            "\n<a id=\"pattern-{0}\"></a>\n\n### {0}\n\n{1}\n\n",
            pattern.id, pattern.rule
        );
        let _ =
            write!(page, "Length: {} characters.\n\n", describe::length(pattern.min, pattern.max));
        let _ = write!(page, "```text\n{}\n```\n", pattern.source);
        let examples =
            |texts: &[&str]| texts.iter().map(|text| example(text)).collect::<Vec<_>>().join(" · ");
        let _ = write!(
            page,
            "\nTakes: {}  \nRefuses: {}\n",
            examples(pattern.accept),
            examples(pattern.reject)
        );
    }
}

fn problems(page: &mut String) {
    page.push_str("\n## Problems\n\nWhat `slipway check` and the editor report, by code.\n\n| code | what it means |\n|---|---|\n");
    let mut rows = |codes: &[check::code::Code]| {
        for code in codes {
            let _ = writeln!(page, "| `{}` | {} |", code.word, cell(code.means));
        }
    };
    rows(check::code::ALL);
    rows(check::code::OF_FILES);
}

/// A text as code, with what can't be seen written as in JSON.
fn example(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        if c == ' ' || c.is_ascii_graphic() || c.is_alphanumeric() {
            shown.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(shown, "\\u{unit:04X}");
            }
        }
    }
    match shown.as_str() {
        "" => "the empty text".to_owned(),
        _ if shown.contains('`') => format!("`` {shown} ``"),
        _ => format!("`{shown}`"),
    }
}

/// `/spec/origin/id` as `spec.origin.id`.
fn dotted(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".")
}

/// Text that may stand in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// What GitHub makes of a heading.
fn anchor(title: &str) -> String {
    title.to_lowercase().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    /// The test's own kind is in the tables, and nowhere else.
    #[test]
    fn a_kind_in_the_tables_needs_nothing_else_to_be_on_the_page() {
        let page = super::page();
        assert!(page.contains("### Probe\n") && page.contains("| `spec.parts[].name` |"));
        assert!(page.contains("- `spec.text`, `spec.short`: Not both texts: clear one of them."));
    }
}
