//! On a phone the settings of the selected node are a sheet over the lower part of the picture: what
//! is selected is shown above it.

use leptos::prelude::*;
use web_sys::Element;

use super::hands::Hands;

/// How much of the picture there should be above the sheet, in pixels; else the page is scrolled.
const STRIP: f64 = 200.0;

/// Tells the canvas what of it is covered, and brings what is selected out from under the sheet.
pub(super) fn keep_clear(hands: Hands) {
    Effect::new(move |_| {
        hands.editor.selection.track();
        hands.folded.track();
        // The sheet is as high as it will be once what it shows is there.
        request_animation_frame(move || request_animation_frame(move || clear(hands)));
    });
}

fn clear(hands: Hands) {
    // The page may be gone by now.
    let Some(folded) = hands.folded.try_get_untracked() else { return };
    let find = |place: &str| document().query_selector(place).ok().flatten();
    let (Some(canvas), Some(sheet)) = (find(".canvas"), find(".inspector")) else { return };
    if covered(&canvas, &sheet) > 0.0 && !folded && strip(&canvas, &sheet) < STRIP {
        canvas.scroll_into_view_with_bool(true);
    }
    let covered = covered(&canvas, &sheet);
    hands.canvas.covered.set(covered);
    let chosen = untrack(|| hands.editor.selected());
    if let Some(node) = chosen.filter(|_| covered > 0.0 && !folded) {
        hands.canvas.reveal(node, hands.editor.layout.into());
    }
}

/// How much of the canvas the sheet covers, from below.
fn covered(canvas: &Element, sheet: &Element) -> f64 {
    let (canvas, sheet) = (canvas.get_bounding_client_rect(), sheet.get_bounding_client_rect());
    let beside = sheet.left() >= canvas.right() || sheet.right() <= canvas.left();
    if beside { 0.0 } else { (canvas.bottom() - sheet.top()).clamp(0.0, canvas.height()) }
}

/// How much of the canvas can be seen above the sheet.
fn strip(canvas: &Element, sheet: &Element) -> f64 {
    sheet.get_bounding_client_rect().top() - canvas.get_bounding_client_rect().top().max(0.0)
}
