//! Who uses whose ref, for the selected nodes: quieter than the arrows of the order. Looked for
//! once the selection and the document rest.

use std::{fmt::Write, sync::Arc, time::Duration};

use leptos::prelude::*;
use slipway_editor::{
    geometry::Point,
    layout::{ARROW_HEAD, Layout, Use},
    selection::Selection,
};
use slipway_flow::document::Key;

use crate::state::rest::Rest;

/// How long selection and document rest before uses are looked for.
const REST: Duration = Duration::from_millis(120);
/// With more nodes than these, lines would only hide the picture.
const NODES: usize = 12;

#[component]
pub(super) fn References(
    layout: Signal<Arc<Layout>>,
    selection: Signal<Selection>,
    uses: Callback<(Vec<Key>,), Vec<Use>>,
) -> impl IntoView {
    let found = RwSignal::new(Vec::<Use>::new());
    let rest = Rest::new(REST);
    Effect::new(move |_| {
        layout.track();
        let nodes = selection.with(|selection| {
            (selection.len() <= NODES).then(|| selection.nodes().collect::<Vec<_>>())
        });
        rest.stop();
        // What stood before is no longer true of this selection or this document.
        if found.with_untracked(|found| !found.is_empty()) {
            found.set(Vec::new());
        }
        let Some(nodes) = nodes.filter(|nodes| !nodes.is_empty()) else { return };
        let look = move || {
            let uses = untrack(|| uses.run((nodes,)));
            if !uses.is_empty() {
                found.try_set(uses);
            }
        };
        rest.then(look);
    });
    let size = Memo::new(move |_| layout.with(|layout| layout.size()));
    view! {
        <Show when=move || found.with(|found| !found.is_empty())>
            <svg
                class="references"
                aria-hidden="true"
                width=move || size.get().width
                height=move || size.get().height
            >
                <path class="references-line" d=move || found.with(|found| lines(found))></path>
                <path class="references-head" d=move || found.with(|found| heads(found))></path>
                {move || {
                    found
                        .get()
                        .into_iter()
                        .map(|edge| {
                            view! { <text x=edge.middle.x + 4.0 y=edge.middle.y>{edge.name}</text> }
                        })
                        .collect_view()
                }}
            </svg>
        </Show>
    }
}

fn lines(uses: &[Use]) -> String {
    let mut path = String::new();
    for Use { route, .. } in uses {
        let Some(start) = route.first() else { continue };
        // Writing to a string can't fail.
        let _ = write!(path, "M{} {}", start.x, start.y);
        for way in route.windows(2) {
            let _ = match way {
                [from, to] if from.y == to.y => write!(path, "H{}", to.x),
                [_, to, ..] => write!(path, "V{}", to.y),
                _ => Ok(()),
            };
        }
    }
    path
}

/// Heads point to the user: into its right side, or from above.
fn heads(uses: &[Use]) -> String {
    let mut path = String::new();
    let (wing, long) = (ARROW_HEAD, 1.5 * ARROW_HEAD);
    for Use { route, .. } in uses {
        let [.., before, Point { x, y }] = route.as_slice() else { continue };
        let _ = if before.y == *y {
            let back = x + long;
            write!(path, "M{back} {}L{x} {y}L{back} {}", y - wing, y + wing)
        } else {
            let back = y - long;
            write!(path, "M{} {back}L{x} {y}L{} {back}", x - wing, x + wing)
        };
    }
    path
}

#[cfg(test)]
mod tests {
    use slipway_flow::document::Document;

    use super::*;

    #[test]
    fn a_reference_runs_beside_the_nodes_and_points_to_the_user() {
        let document = Document::parse("[0, 1]").unwrap();
        let keys: Vec<_> = document.elements(document.root()).collect();
        let uses = |route: &[(f64, f64)]| {
            let route: Vec<_> = route.iter().map(|(x, y)| Point::new(*x, *y)).collect();
            [Use { from: keys[0], to: keys[1], name: "web".to_owned(), middle: route[1], route }]
        };
        let aside = uses(&[(10.0, 5.0), (22.0, 5.0), (22.0, 50.0), (12.0, 50.0)]);
        assert_eq!(lines(&aside), "M10 5H22V50H12");
        assert_eq!(heads(&aside), "M18 46L12 50L18 54");
        let above = uses(&[(10.0, 5.0), (22.0, 5.0), (22.0, 40.0), (4.0, 40.0), (4.0, 50.0)]);
        assert_eq!(lines(&above), "M10 5H22V40H4V50");
        assert_eq!(heads(&above), "M0 44L4 50L8 44");
    }
}
