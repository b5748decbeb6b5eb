//! The flow as a file: taken out, and put in, by a button or by dropping it on the page. A whole flow
//! replaces the one that is open, as one step, after a look at the difference; nodes are put in
//! where the selection is.

use js_sys::Array;
use leptos::{ev, prelude::*, task::spawn_local};
use slipway_api::flow::MAX_FLOW_BYTES;
use slipway_editor::{
    command::{Command, Incoming, incoming},
    keymap::place_for_new,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, DragEvent, File, HtmlAnchorElement, HtmlInputElement, Url};

use super::Saving;
use crate::{
    features::diff::Differences,
    ui::{Button, ButtonKind, Dialog, Glyph, IconButton},
};

/// A text that may replace the one that is open.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Offer {
    /// What it is, as in "Import flow.json".
    label: String,
    text: String,
    /// Why it would be saved, where that is known.
    reason: Option<String>,
}

impl Saving {
    /// Gives out the text as a file, byte for byte.
    pub(in super::super) fn export(self) {
        let name = self
            .subject
            .with_value(|subject| format!("{}-{}.json", subject.pipeline, subject.stage.slug()));
        if download(&name, &self.editor.text()).is_none() {
            self.toasts.bad("This browser gave out no file.");
        }
    }

    /// Takes in a file that somebody chose or dropped.
    fn import(self, file: File) {
        let name = file.name();
        if file.size() > f64::from(MAX_FLOW_BYTES) {
            let most = MAX_FLOW_BYTES >> 20;
            self.toasts.bad(format!("{name} is too large: a release flow has at most {most} MB."));
            return;
        }
        spawn_local(async move {
            let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
            let Some(text) = text else {
                self.toasts.bad(format!("{name} can't be read."));
                return;
            };
            match incoming(&text) {
                Ok(Incoming::Flow) => self.offer(format!("Import {name}"), text, None),
                Ok(Incoming::Nodes) => self.insert(text),
                Err(why) => self.toasts.bad(format!("{name} can't be imported. {why}")),
            }
        });
    }

    fn insert(self, text: String) {
        let focus = untrack(|| self.editor.selected());
        let place = self.editor.layout.with_untracked(|layout| place_for_new(layout, focus));
        if let Some(place) = place {
            self.editor.dispatch(&Command::Paste { place, text });
            self.toasts.good(untrack(|| self.editor.announcement.get()));
        }
    }

    /// Brings back a revision, after a look at the difference.
    pub(in super::super) fn restore(self, number: u64, text: String) {
        let reason = format!("Restore of revision {number}");
        self.offer(format!("Restore revision {number}"), text, Some(reason));
    }

    fn offer(self, label: String, text: String, reason: Option<String>) {
        if self.editor.text() == text {
            self.toasts.good("This is what is open already, byte for byte.");
        } else {
            self.offered.set(Some(Offer { label, text, reason }));
        }
    }

    fn accept(self, offer: Offer) {
        let Offer { label, text, reason } = offer;
        self.offered.set(None);
        self.editor.set_text(&label, &text);
        if let Some(reason) = reason {
            self.reason.set(reason);
        }
    }
}

const INPUT: &str = "file-to-import";

/// Asks for a file to import.
pub(in super::super) fn choose_file() {
    let input = document().get_element_by_id(INPUT);
    if let Some(input) = input.and_then(|it| it.dyn_into::<HtmlInputElement>().ok()) {
        input.click();
    }
}

/// The buttons that take the flow out and in, and the page as a place to drop files on.
#[component]
pub(in super::super) fn FileButtons(
    saving: Saving,
    locked: Signal<Option<String>>,
) -> impl IntoView {
    drop_files(saving, locked);
    let chosen = move |event: ev::Event| {
        let input = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            saving.import(file);
        }
        // The same file can be chosen again.
        input.set_value("");
    };
    view! {
        <input
            id=INPUT
            type="file"
            accept=".json,application/json"
            aria-label="File to import"
            hidden=true
            on:change=chosen
        />
        <IconButton
            label="Import a file"
            icon=Glyph::Import
            reason=locked
            on_click=move |_| choose_file()
        />
        <IconButton
            label="Export as a file"
            icon=Glyph::Export
            on_click=move |_| saving.export()
        />
    }
}

/// The difference before one text takes the place of another.
#[component]
pub(in super::super) fn OfferDialog(saving: Saving) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || open.set(saving.offered.with(Option::is_some)));
    let title = Signal::derive(move || {
        saving
            .offered
            .with(|offer| offer.as_ref().map(|offer| offer.label.clone()))
            .unwrap_or_default()
    });
    let closed = Callback::new(move |()| {
        saving.offered.try_set(None);
    });
    let inside = move || {
        saving.offered.get().map(|offer| {
            let (old, new) = (saving.editor.text(), offer.text.clone());
            view! {
                <p>"It takes the place of what is open, as one step that can be undone. Nothing is saved yet."</p>
                <Differences old=old new=new />
                <div class="dialog-actions">
                    <Button on_click=move |_| saving.offered.set(None)>"Cancel"</Button>
                    <Button kind=ButtonKind::Primary on_click=move |_| saving.accept(offer.clone())>
                        "Replace the release flow"
                    </Button>
                </div>
            }
        })
    };
    view! {
        <Dialog open=open title=title class="save-dialog" on_close=closed>
            {inside}
        </Dialog>
    }
}

/// A file that is dropped anywhere on the page is taken in; without this the browser would leave
/// the page for it.
fn drop_files(saving: Saving, locked: Signal<Option<String>>) {
    let has_files = |event: &DragEvent| {
        let types = event.data_transfer().map(|data| data.types());
        types.is_some_and(|types| types.includes(&"Files".into(), 0))
    };
    let over = window_event_listener(ev::dragover, move |event: DragEvent| {
        if has_files(&event) {
            event.prevent_default();
        }
    });
    let dropped = window_event_listener(ev::drop, move |event: DragEvent| {
        if !has_files(&event) {
            return;
        }
        event.prevent_default();
        let file = event.data_transfer().and_then(|data| data.files()?.get(0));
        match (locked.get_untracked(), file) {
            (Some(why), _) => saving.toasts.bad(why),
            (None, Some(file)) => saving.import(file),
            (None, None) => {}
        }
    });
    on_cleanup(move || {
        over.remove();
        dropped.remove();
    });
}

fn download(name: &str, text: &str) -> Option<()> {
    let blob = Blob::new_with_str_sequence(&Array::of1(&JsValue::from(text))).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let link = document().create_element("a").ok()?.dyn_into::<HtmlAnchorElement>().ok()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&address).ok()
}
