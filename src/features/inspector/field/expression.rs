//! The choice between a value and `${…}`, the field for expressions with what can be written, and
//! what they become.

use std::ops::Range;

use leptos::prelude::*;
use serde_json::Value;
use slipway_flow::{
    check,
    expr::{self, Completion, Content, Names, TokenKind},
    form::{self, Control, PartPreview, Preview},
    kinds::Source,
};

use super::{
    super::bound::{Bound, focus_soon},
    element, literal,
};
use crate::ui::{Code, CodeField, Hint, Piece};

/// A field that takes a value or an expression, with a button that goes from one to the other. What
/// was there comes back with it.
pub(super) fn either(bound: Bound, control: Control) -> AnyView {
    let holds = Memo::new(move |_| {
        bound.value.with(|value| {
            value.as_ref().and_then(Value::as_str).is_some_and(|text| text.contains("${"))
        })
    });
    let chosen = RwSignal::new(false);
    let grab = RwSignal::new(false);
    let other = StoredValue::new(None::<Value>);
    let is_expression = Memo::new(move |_| holds.get() || chosen.get());
    let toggle = move |_| {
        if bound.form.locked.with_untracked(Option::is_some) {
            return;
        }
        let to_expression = !is_expression.get_untracked();
        let here = bound.value.get_untracked();
        let there = other.try_update_value(std::mem::take).flatten();
        grab.set(to_expression);
        chosen.set(to_expression);
        match there {
            Some(there) => {
                other.set_value(here);
                bound.set(Some(there));
            }
            // A text can go on as what it is; of an expression nothing can stay.
            None if !to_expression && holds.get_untracked() => {
                other.set_value(here);
                bound.set(check::typed(&bound.field, "").value);
            }
            None => {}
        }
        bound.form.editor.close_step();
        if !to_expression {
            let id = bound.id.get_value();
            focus_soon(move || element(&id));
        }
    };
    let label = bound.field.label;
    view! {
        {move || {
            if is_expression.get() {
                // Whoever types an expression away is still typing one.
                let now = grab.get_untracked();
                grab.set(false);
                field(bound, now, chosen)
            } else {
                literal(bound, &control, grab)
            }
        }}
        <button
            type="button"
            class="expression-toggle"
            aria-pressed=move || if is_expression.get() { "true" } else { "false" }
            aria-label=format!("Expression: {label}")
            aria-disabled=move || bound.form.locked.get().map(|_| "true")
            title=move || {
                bound.form.locked.get().unwrap_or_else(|| "Work the value out in each run".to_owned())
            }
            on:click=toggle
        >
            "Expression"
        </button>
    }
    .into_any()
}

fn field(bound: Bound, grab: bool, chosen: RwSignal<bool>) -> AnyView {
    let names = bound.form.names;
    let on_input = Callback::new(move |typed: String| {
        chosen.set(true);
        bound.set(check::typed(&bound.field, &typed).value);
    });
    let source = bound.field.source;
    let code = Code {
        pieces: Callback::new(|(text,): (String,)| pieces(&text)),
        hints: Callback::new(move |(text, cursor, asked): (String, usize, bool)| {
            names.with_untracked(|names| hints(&text, cursor, asked, names, source))
        }),
        hints_label: "What can be read here",
    };
    let preview = Memo::new(move |_| {
        let text = bound.text();
        names.with(|names| form::preview(&text, names))
    });
    view! {
        <CodeField
            id=bound.id.get_value()
            label=bound.field.label
            value=bound.shown()
            on_input=on_input
            on_done=bound.done()
            code=code
            error=bound.error()
            note=bound.note()
            help=bound.field.help
            placeholder="${args.NAME}"
            required=bound.field.required
            lines=bound.field.lines
            grab=grab
            readonly=bound.form.is_locked()
        />
        {move || shown(preview.get())}
    }
    .into_any()
}

/// What the expressions become, as far as it is known.
fn shown(preview: Preview) -> Option<AnyView> {
    let Preview { parts, whole } = preview;
    if parts.is_empty() {
        return None;
    }
    let alone = parts.len() == 1 && whole.is_none();
    let part = move |PartPreview { written, words, failed }: PartPreview| {
        let written = (!alone).then(|| view! { <code class="mono">{written}</code> });
        view! { <li data-tone=failed.then_some("bad")>{written} " " {words}</li> }
    };
    let whole = whole.map(|whole| {
        view! { <p class="preview-whole"><span>"Becomes "</span><code class="mono">{whole}</code></p> }
    });
    let view = view! {
        <div class="preview" role="group" aria-label="Preview">
            <ul>{parts.into_iter().map(part).collect_view()}</ul>
            {whole}
        </div>
    };
    Some(view.into_any())
}

/// The text in colours, with gaps between tokens as plain pieces, and cut where something wrong
/// begins or ends.
fn pieces(text: &str) -> Vec<Piece> {
    let wrong = wrong_parts(text);
    let tokens = expr::tokens(text);
    let mut cuts: Vec<usize> = [0, text.len()].into();
    cuts.extend(tokens.iter().flat_map(|token| [token.span.start, token.span.end]));
    cuts.extend(wrong.iter().flat_map(|span| [span.start, span.end]));
    cuts.sort_unstable();
    cuts.dedup();
    let mut tokens = tokens.into_iter().peekable();
    let ends = cuts.iter().skip(1);
    let piece = |(start, end): (&usize, &usize)| {
        while tokens.next_if(|token| token.span.end <= *start).is_some() {}
        let here = tokens.peek().filter(|token| token.span.start <= *start);
        let class = here.map_or("", |token| colour(token.kind));
        let wrong = wrong.iter().any(|span| span.start <= *start && *end <= span.end);
        Piece { span: *start..*end, class, wrong }
    };
    cuts.iter().zip(ends).map(piece).collect()
}

/// Where something can't be read, or is called as it can't be, whatever its values are.
fn wrong_parts(text: &str) -> Vec<Range<usize>> {
    let mut wrong = Vec::new();
    for part in &expr::parse(text).parts {
        if let Content::Malformed { at, .. } = &part.content {
            wrong.push(at.clone());
        }
        wrong.extend(part.faults().into_iter().map(|fault| fault.span));
    }
    wrong
}

const fn colour(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Text | TokenKind::Escaped => "",
        TokenKind::Brace | TokenKind::Punctuation | TokenKind::Deferred => "code-quiet",
        TokenKind::Root | TokenKind::Function | TokenKind::Keyword => "code-word",
        TokenKind::Name => "code-name",
        TokenKind::Quoted | TokenKind::Number | TokenKind::Regex => "code-value",
        TokenKind::Other => "code-odd",
    }
}

/// What can be written at the cursor. Outside an expression there is something only where it was
/// asked for: a new one is begun then.
fn hints(
    text: &str,
    cursor: usize,
    asked: bool,
    names: &Names,
    source: Option<Source>,
) -> Vec<Hint> {
    let mut found = expr::complete(text, cursor, names);
    let mut text = text.to_owned();
    if found.is_empty() && (asked || text.is_empty()) && text.is_char_boundary(cursor) {
        text.insert_str(cursor, "${}");
        found = expr::complete(&text, cursor + 2, names);
    }
    // What the field is about stands first.
    if let Some(Source::Outputs(output) | Source::OutputsOf { output, .. }) = source {
        let ends = format!(".{output}");
        let (mut first, rest): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|completion| completion.label.ends_with(&ends));
        first.extend(rest);
        found = first;
    }
    let hint = |completion: Completion| {
        let Completion { label, replace, insert, cursor, ty, description, .. } = completion;
        let cursor = replace.start + cursor;
        let mut text = text.clone();
        text.replace_range(replace, &insert);
        Hint { label, detail: ty, help: description, text, cursor }
    };
    found.into_iter().map(hint).collect()
}

#[cfg(test)]
mod tests {
    use slipway_flow::document::Document;

    use super::*;

    const FLOW: &str = r#"{ "arguments": { "BRANCH": "main" }, "spec": { "kind": "Workflow",
      "spec": { "type": "sequential", "steps": [
        { "kind": "Build", "ref": "build", "spec": { "id": "web", "type": "service" } },
        { "kind": "JobRun", "spec": { "jobId": "x" } } ] } } }"#;

    fn labels(text: &str, cursor: usize, asked: bool, source: Option<Source>) -> Vec<Hint> {
        let document = Document::parse(FLOW).unwrap();
        let names = Names::of(&document, document.nodes()[2]);
        hints(text, cursor, asked, &names, source)
    }

    #[test]
    fn an_empty_field_offers_whole_expressions() {
        let found = labels("", 0, false, None);
        assert_eq!(found[0].text, "${args.BRANCH}");
        assert_eq!(found[0].cursor, "${args.BRANCH".len());
        assert!(labels("web", 3, false, None).is_empty());
        assert_eq!(labels("web:", 4, true, None)[0].text, "web:${args.BRANCH}");
    }

    #[test]
    fn what_the_field_is_about_comes_first() {
        let found = labels("${}", 2, false, Some(Source::Outputs("sha")));
        assert_eq!(found[0].text, "${refs.build.sha}");
    }

    #[test]
    fn the_pieces_are_the_text() {
        for text in ["", "a ${ fn.eq( args.X , 'b' ) } c", "${", "${{x}} \\${y} é${refs.a.b}"] {
            let joined: String =
                pieces(text).into_iter().map(|piece| text[piece.span].to_owned()).collect();
            assert_eq!(joined, text);
        }
    }

    #[test]
    fn what_is_wrong_is_marked_and_nothing_else() {
        for (text, wrong) in [
            ("a ${args.X} b", ""),
            ("${arg.X} b", "arg.X"),
            ("${fn.toUper(args.X)}${args.Y}", "fn.toUper(args.X)"),
            ("${fn.eq(args.X, arg.Y)}", "arg.Y"),
            ("a ${args.X", "${"),
        ] {
            let marked = pieces(text).into_iter().filter(|piece| piece.wrong);
            let marked: String = marked.map(|piece| &text[piece.span]).collect();
            assert_eq!(marked, wrong, "{text}");
        }
    }
}
