//! The reference page: everything that the tables say, as Markdown. `docs/release-flow.md` is this
//! text; a test keeps it current.
//!
//! May import: every other module of this crate.

use std::fmt::Write as _;

use crate::{
    check, expr,
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
         In the tables, `${…}` says whether a text with a reference may stand instead of the value.\n",
    );
    document(&mut page);
    nodes(&mut page);
    pipeline(&mut page);
    functions(&mut page);
    patterns(&mut page);
    problems(&mut page);
    page
}

fn document(page: &mut String) {
    page.push_str("\n## The document\n\n");
    fields(page, settings::DOCUMENT.fields);
    rules(page, settings::DOCUMENT.rules);
    page.push_str("\nNodes read of a trigger, by its ref:\n\n");
    outputs(page, settings::TRIGGER_OUTPUTS);
    let flags: Vec<_> = settings::CI_IGNORE_FLAGS.iter().map(|flag| format!("`{flag}`")).collect();
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
    fields(page, kind.fields);
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

fn fields(page: &mut String, table: &[Field]) {
    page.push_str(
        "| field | what may stand there | needed | `${…}` | what it is |\n|---|---|---|---|---|\n",
    );
    for field in table {
        row(page, "", field);
    }
}

/// As deep as field types nest.
fn row(page: &mut String, above: &str, field: &Field) {
    let path = format!("{above}{}", dotted(field.pointer));
    let _ = writeln!(
        page,
        "| `{path}` | {} | {} | {} | {} |",
        cell(&describe::type_in_full(&field.ty)),
        if field.required { "yes" } else { "" },
        if field.references { "yes" } else { "" },
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
        row(page, &path, field);
    }
}

fn outputs(page: &mut String, outputs: &[Output]) {
    page.push_str("| output | what it is |\n|---|---|\n");
    for output in outputs {
        let _ = writeln!(page, "| `${{refs.<ref>.{}}}` | {} |", output.name, cell(output.help));
    }
}

/// What holds between members, a line for each sentence.
fn rules(page: &mut String, rules: &[Rule]) {
    if rules.is_empty() {
        return;
    }
    page.push_str("\nWhat holds between them, or else is said:\n\n");
    for sentence in rules.iter().flat_map(Rule::sentences) {
        let _ = writeln!(page, "- {sentence}");
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
    fields(page, kinds::pipeline::PIPELINE.fields);
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
        let _ = write!(page, "```text\n{}\n```\n", pattern.source);
        let examples = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| format!("`{}`", text.escape_debug()))
                .collect::<Vec<_>>()
                .join(" · ")
        };
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
    for code in check::code::ALL {
        let _ = writeln!(page, "| `{}` | {} |", code.word, cell(code.means));
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
        assert!(page.contains("- Not both texts: clear one of them."));
    }
}
