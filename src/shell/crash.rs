//! What is shown when the app itself has stopped. After a panic nothing of Leptos can be relied
//! on, so this is plain DOM, made by the panic hook: never a blank screen.

use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, closure::Closure};

/// Makes sure that a panic ends in words.
pub fn watch() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        // A second panic, while the first one is shown, would end without a word.
        show(&panic.to_string());
    }));
}

/// Puts the crash page in the place of the app. Nothing here may panic: what the browser refuses
/// is left out.
fn show(technical: &str) {
    let document = document();
    let Some(body) = document.body() else { return };
    let element = |tag: &str, class: &str, text: &str| {
        let element = document.create_element(tag).ok()?;
        element.set_class_name(class);
        element.set_text_content(Some(text));
        Some(element)
    };
    let Some(page) = element("main", "crash", "") else { return };
    let add = |child: Option<web_sys::Element>| {
        if let Some(child) = child {
            let _ = page.append_child(&child);
        }
    };
    let _ = page.set_attribute("role", "alert");
    add(element("h1", "page-title", "Slipway stopped"));
    add(element(
        "p",
        "",
        "Something in this page went wrong and it can't go on. Runs are not affected: they go on \
         at the server. Changes to a release flow that were not saved are kept in this browser and \
         are offered again when you open that flow.",
    ));
    let button = element("button", "button button-primary", "Reload the page");
    if let Some(button) = &button {
        let reload = Closure::<dyn FnMut()>::new(|| {
            let _ = window().location().reload();
        });
        let _ = button.add_event_listener_with_callback("click", reload.as_ref().unchecked_ref());
        // The page lives until it is reloaded, and so does its button.
        reload.forget();
    }
    add(button);
    add(element("pre", "crash-detail", technical));
    document.set_title("Slipway stopped");
    body.replace_children_with_node_1(&page);
}
