//! The difference as text: line by line, with what stayed folded away.

use leptos::prelude::*;
use slipway_flow::diff::lines::{Line, Mark, Piece, lines};

use crate::ui::Empty;

/// Lines of what stayed that are shown beside a change.
const AROUND: usize = 3;
/// Lines that are shown before somebody asks for more.
const FIRST: usize = 500;

#[component]
pub(super) fn TextDifference(old: String, new: String) -> impl IntoView {
    if old == new {
        return view! { <Empty title="The same text, byte for byte" /> }.into_any();
    }
    let rows: Vec<AnyRow> = lines(&old, &new, AROUND)
        .into_iter()
        .flat_map(|piece| match piece {
            Piece::Folded(count) => vec![AnyRow::Folded(count)],
            Piece::Lines(lines) => lines.iter().map(AnyRow::of).collect(),
        })
        .collect();
    let (all, shown) = (rows.len(), RwSignal::new(FIRST));
    let rows = StoredValue::new(rows);
    let table = move || {
        rows.with_value(|rows| rows.iter().take(shown.get()).map(AnyRow::view).collect_view())
    };
    view! {
        <div class="difference-text" role="region" aria-label="The difference as text" tabindex="0">
            <table>
                <thead class="visually-hidden">
                    <tr>
                        <th scope="col">"Line before"</th>
                        <th scope="col">"Line now"</th>
                        <th scope="col">"What happened"</th>
                        <th scope="col">"Text"</th>
                    </tr>
                </thead>
                <tbody>{table}</tbody>
            </table>
        </div>
        {move || {
            let left = all.saturating_sub(shown.get());
            (left > 0)
                .then(|| {
                    view! {
                        <button type="button" class="button" on:click=move |_| shown.update(|shown| *shown += FIRST)>
                            {format!("Show more ({left} lines left)")}
                        </button>
                    }
                })
        }}
    }
    .into_any()
}

enum AnyRow {
    Folded(usize),
    Line { mark: Mark, old: Option<usize>, new: Option<usize>, text: String },
}

impl AnyRow {
    fn of(line: &Line<'_>) -> Self {
        let Line { mark, old, new, text } = *line;
        Self::Line { mark, old, new, text: text.to_owned() }
    }

    fn view(&self) -> AnyView {
        match self {
            Self::Folded(count) => {
                let words = match count {
                    1 => "1 line is the same".to_owned(),
                    count => format!("{count} lines are the same"),
                };
                view! {
                    <tr class="difference-fold">
                        <td colspan="4">{words}</td>
                    </tr>
                }
                .into_any()
            }
            Self::Line { mark, old, new, text } => {
                let (tone, sign, word) = match mark {
                    Mark::Same => ("same", "", ""),
                    Mark::Removed => ("bad", "−", "removed"),
                    Mark::Added => ("good", "+", "added"),
                };
                let number = |number: &Option<usize>| number.map(|number| number.to_string());
                view! {
                    <tr data-state=tone>
                        <td class="difference-number">{number(old)}</td>
                        <td class="difference-number">{number(new)}</td>
                        <td class="difference-sign">
                            <span aria-hidden="true">{sign}</span>
                            <span class="visually-hidden">{word}</span>
                        </td>
                        <td class="difference-line">{text.clone()}</td>
                    </tr>
                }
                .into_any()
            }
        }
    }
}
