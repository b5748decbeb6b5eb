//! A larger document, such as a team template, holds flows in its `Pipeline` nodes: the choice of
//! the one to edit.

use leptos::prelude::*;
use slipway_flow::document::{Document, Key};

use super::hands::Hands;
use crate::ui::{Button, Choice, Glyph, Select};

/// The choice, where there is one; and the way back.
#[component]
pub(super) fn FlowChoice(hands: Hands) -> impl IntoView {
    let editor = hands.editor;
    let value = |flow: Key| flow.number().to_string();
    let all = Memo::new(move |_| hands.all_flows());
    let choices = Signal::derive(move || {
        let choice = |(flow, title)| Choice::new(value(flow), title);
        all.get().into_iter().map(choice).collect::<Vec<_>>()
    });
    let on_change = Callback::new(move |chosen: String| {
        let all = all.get_untracked();
        if let Some((flow, _)) = all.into_iter().find(|(flow, _)| value(*flow) == chosen) {
            hands.open_flow(flow);
        }
    });
    let any = Memo::new(move |_| !all.with(Vec::is_empty));
    let inside = Memo::new(move |_| editor.is_inside());
    let back = move |_| hands.enter_flow(editor.read_untracked(Document::root));
    move || {
        any.get().then(|| {
            view! {
                <div class="flow-choice">
                    <Select
                        label="Flow shown"
                        value=Signal::derive(move || value(editor.flow()))
                        choices=choices
                        on_change=on_change
                    />
                    {move || {
                        inside
                            .get()
                            .then(|| {
                                view! {
                                    <Button icon=Glyph::Back on_click=back>
                                        "Back to the whole document"
                                    </Button>
                                }
                            })
                    }}
                </div>
            }
        })
    }
}
