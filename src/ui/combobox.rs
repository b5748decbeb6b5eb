//! A text field with choices: typing filters them, and what is typed counts even where nothing
//! fits. The keyboard stays in the field; the choices lie above the page, on the native popover.

use leptos::{html, prelude::*};
use web_sys::{HtmlElement, KeyboardEvent};

use super::{
    field::{Wiring, frame},
    icon::{Glyph, Icon},
};

/// Choices shown at once; the rest is counted.
const MOST: usize = 100;
/// What the list keeps from the window's edges, in pixels.
const MARGIN: f64 = 8.0;
/// The least height that is worth opening downwards for, in pixels.
const ROOM: f64 = 200.0;

/// One thing that can be chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// What is written.
    pub value: String,
    /// What is shown of a value that is long.
    pub short: String,
    /// What it is called, where that is something else.
    pub name: String,
    /// What tells it from the others: "Job · Staging".
    pub detail: String,
}

/// Choices that belong together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offers {
    /// The heading.
    pub title: String,
    /// Why these can't be chosen: a sentence. They are shown all the same.
    pub barred: Option<String>,
    pub offers: Vec<Offer>,
}

/// Where choices come from that must be asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// Called whenever the choices are opened.
    pub open: Callback<()>,
    /// How the asking goes: "Reading…", "Read at 14:03.", or what went wrong.
    pub says: Signal<String>,
    /// Asks anew.
    pub again: Callback<()>,
}

/// Choices that fit what was typed, and how many more there are.
#[derive(Debug, Clone, Default, PartialEq)]
struct Fitting {
    groups: Vec<Offers>,
    shown: usize,
    more: usize,
}

impl Fitting {
    fn of(all: &[Offers], typed: Option<&str>) -> Self {
        let words: Vec<String> =
            typed.unwrap_or_default().split_whitespace().map(str::to_lowercase).collect();
        let fits = |offer: &&Offer| {
            let text = format!("{} {} {}", offer.value, offer.name, offer.detail).to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()))
        };
        let mut found = Self::default();
        for group in all {
            let mut offers: Vec<Offer> = group.offers.iter().filter(fits).cloned().collect();
            let kept = offers.len().min(MOST - found.shown);
            found.more += offers.len() - kept;
            found.shown += kept;
            offers.truncate(kept);
            if !offers.is_empty() {
                found.groups.push(Offers { offers, ..group.clone() });
            }
        }
        found
    }

    /// The choice at a place of the list, and whether it may be chosen.
    fn get(&self, index: usize) -> Option<(&Offer, bool)> {
        let all = self
            .groups
            .iter()
            .flat_map(|group| group.offers.iter().map(|offer| (offer, group.barred.is_none())));
        all.into_iter().nth(index)
    }

    fn place_of(&self, value: &str) -> Option<usize> {
        let all = self.groups.iter().flat_map(|group| &group.offers);
        all.into_iter().position(|offer| offer.value == value)
    }
}

/// The field. `on_input` is called with every change, typed or chosen.
#[component]
pub fn ComboBox(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
    /// Read when the choices are opened, and again when what it tracks changes.
    #[prop(into)]
    choices: Signal<Vec<Offers>>,
    /// Where the choices must be asked for.
    #[prop(optional_no_strip)]
    asked: Option<Asked>,
    /// What is wrong with the value: a sentence.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// What is odd about the value: a sentence.
    #[prop(optional, into)]
    note: MaybeProp<String>,
    #[prop(optional, into)] help: String,
    #[prop(optional, into)] placeholder: String,
    #[prop(optional, into)] id: String,
    #[prop(optional)] required: bool,
    /// Whether the value is code or an identifier.
    #[prop(optional)]
    mono: bool,
    /// Called when the keyboard leaves the field, and after each choice.
    #[prop(optional, into)]
    on_done: Option<Callback<()>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    let wiring = Wiring::new(id, !help.is_empty(), error);
    let (describing, judging) = (wiring.clone(), wiring.clone());
    let id = wiring.id().to_owned();
    let (list_id, note_id) = (format!("{id}-list"), format!("{id}-note"));
    let open = RwSignal::new(false);
    // What was typed since the choices were opened: they are filtered by it.
    let typed = RwSignal::new(None::<String>);
    let active = RwSignal::new(None::<usize>);
    let input = NodeRef::<html::Input>::new();
    let popup = NodeRef::<html::Div>::new();
    // Asked once for each opening: working them out may take a walk over the whole flow.
    let all = Memo::new(move |_| if open.get() { choices.get() } else { Vec::new() });
    let fitting =
        Memo::new(move |_| all.with(|all| typed.with(|typed| Fitting::of(all, typed.as_deref()))));
    let rows = move || fitting.with(|fitting| fitting.shown) + usize::from(asked.is_some());
    // What was chosen may put another control in this one's place: all of this is gone then, while
    // the browser still tells the element that it lost the keyboard.
    let done = move || {
        if let Some(on_done) = on_done {
            let _ = on_done.try_run(());
        }
    };
    let show = move || {
        if disabled.get_untracked() || open.get_untracked() {
            return;
        }
        typed.set(None);
        active.set(None);
        open.set(true);
        if let Some(asked) = asked {
            asked.open.run(());
        }
        if let (Some(input), Some(popup)) = (input.get_untracked(), popup.get_untracked()) {
            // It fails only for an element that is not in the document.
            let _ = popup.show_popover();
            stay(open, input.into(), popup.into());
        }
    };
    let hide = move || {
        let _ = open.try_set(false);
        let _ = active.try_set(None);
        if let Some(popup) = popup.try_get_untracked().flatten() {
            let _ = popup.hide_popover();
        }
    };
    let choose = move |index: usize| {
        if index == fitting.with_untracked(|fitting| fitting.shown) {
            if let Some(asked) = asked {
                asked.again.run(());
            }
            return;
        }
        let chosen = fitting.with_untracked(|fitting| {
            fitting.get(index).filter(|(_, free)| *free).map(|(offer, _)| offer.value.clone())
        });
        if let Some(chosen) = chosen {
            hide();
            on_input.run(chosen);
            done();
        }
    };
    let walk = move |down: bool| {
        let rows = untrack(rows);
        if rows == 0 {
            return;
        }
        let next = match (active.get_untracked(), down) {
            (None, true) => 0,
            (None, false) => rows - 1,
            (Some(at), true) => (at + 1) % rows,
            (Some(at), false) => (at + rows - 1) % rows,
        };
        active.set(Some(next));
    };
    let on_key = move |event: KeyboardEvent| {
        let is_open = open.get_untracked();
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" if event.alt_key() && is_open => hide(),
            "ArrowDown" | "ArrowUp" if !is_open => {
                show();
                let at = value.with_untracked(|value| {
                    fitting.with_untracked(|fitting| fitting.place_of(value))
                });
                active.set(at);
                if at.is_none() && !event.alt_key() {
                    walk(event.key() == "ArrowDown");
                }
            }
            "ArrowDown" => walk(true),
            "ArrowUp" => walk(false),
            "Enter" if is_open => match active.get_untracked() {
                Some(index) => choose(index),
                None => hide(),
            },
            "Escape" if is_open => hide(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    Effect::new({
        let id = id.clone();
        move |_| {
            let Some(index) = active.get() else { return };
            if let Some(option) = document().get_element_by_id(&format!("{id}-{index}")) {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                option.scroll_into_view_with_scroll_into_view_options(&options);
            }
        }
    });
    let active_id = {
        let id = id.clone();
        move || active.get().map(|index| format!("{id}-{index}"))
    };
    let option = {
        let id = id.clone();
        move |index: usize, barred: Option<String>, inside: AnyView| {
            view! {
                <div
                    id=format!("{id}-{index}")
                    class="combobox-option"
                    role="option"
                    aria-selected=move || if active.get() == Some(index) { "true" } else { "false" }
                    aria-disabled=barred.is_some().then_some("true")
                    aria-description=barred.clone()
                    title=barred
                    // The keyboard stays in the field.
                    on:mousedown=|event| event.prevent_default()
                    on:click=move |_| choose(index)
                >
                    {inside}
                </div>
            }
        }
    };
    let list = {
        let (id, option) = (id.clone(), option.clone());
        move || {
            let Fitting { groups, more, .. } = fitting.get();
            let mut index = 0;
            let groups = groups.into_iter().enumerate().map(|(at, group)| {
                let heading = format!("{id}-group-{at}");
                let Offers { title, barred, offers } = group;
                let options = offers.into_iter().map(|offer| {
                    index += 1;
                    option(index - 1, barred.clone(), told(offer))
                });
                let options = options.collect_view();
                view! {
                    <div role="group" aria-labelledby=heading.clone()>
                        <div id=heading.clone() class="combobox-heading" role="presentation">
                            {title}
                            {barred.clone().map(|why| {
                                view! { <span class="combobox-barred">{why}</span> }
                            })}
                        </div>
                        {options}
                    </div>
                }
            });
            let groups = groups.collect_view();
            let more = (more > 0).then(|| {
                view! {
                    <p class="combobox-more" role="presentation">
                        {format!("… and {more} more: type to find them.")}
                    </p>
                }
            });
            (groups, more)
        }
    };
    let nothing = move || {
        let none = open.get() && fitting.with(|fitting| fitting.shown == 0);
        none.then(|| match typed.get() {
            Some(typed) if !all.with(Vec::is_empty) => {
                format!("Nothing fits “{typed}”. It is kept as it is written.")
            }
            _ => "There is nothing to choose from. Anything can be typed.".to_owned(),
        })
    };
    let again = move || {
        let asked = asked.filter(|_| open.get())?;
        let inside = view! {
            <span class="combobox-asked">{move || asked.says.get()}</span>
            <span class="combobox-again"><Icon of=Glyph::Retry/>"Ask again"</span>
        };
        let index = fitting.with(|fitting| fitting.shown);
        Some(option(index, None, inside.into_any()))
    };
    let described_by = {
        let note_id = note_id.clone();
        move || {
            let note = note.get().map(|_| note_id.clone());
            let all: Vec<String> = describing.described_by().into_iter().chain(note).collect();
            (!all.is_empty()).then(|| all.join(" "))
        }
    };
    let said = move || {
        open.get().then(|| match fitting.with(|fitting| fitting.shown) {
            0 => nothing().unwrap_or_default(),
            1 => "1 choice".to_owned(),
            shown => format!("{shown} choices"),
        })
    };
    let control = view! {
        <div class="combobox">
            <input
                node_ref=input
                id=id.clone()
                class=if mono { "input mono" } else { "input" }
                type="text"
                role="combobox"
                autocomplete="off"
                spellcheck="false"
                placeholder=(!placeholder.is_empty()).then_some(placeholder)
                aria-autocomplete="list"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-controls=list_id.clone()
                aria-activedescendant=active_id
                aria-required=required.then_some("true")
                aria-describedby=described_by
                aria-invalid=move || judging.invalid()
                disabled=move || disabled.get()
                prop:value=move || value.get()
                on:input=move |event| {
                    let text = event_target_value(&event);
                    show();
                    typed.set(Some(text.clone()));
                    active.set(None);
                    on_input.run(text);
                }
                on:click=move |_| show()
                on:keydown=on_key
                on:blur=move |_| {
                    hide();
                    done();
                }
            />
            <button
                type="button"
                class="combobox-open"
                tabindex="-1"
                aria-label="Show the choices"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                disabled=move || disabled.get()
                on:mousedown=move |event| {
                    event.prevent_default();
                    if let Some(input) = input.get_untracked() {
                        let _ = input.focus();
                    }
                    if open.get_untracked() { hide() } else { show() }
                }
            >
                <Icon of=Glyph::ChevronDown/>
            </button>
            <div node_ref=popup class="combobox-popup" popover="manual">
                <div id=list_id role="listbox" aria-label=format!("Choices for {label}")>
                    {list}
                    {again}
                </div>
                <p class="combobox-more">{nothing}</p>
            </div>
            <span class="visually-hidden" role="status">{said}</span>
        </div>
        <p id=note_id class="field-note">{move || note.get()}</p>
    };
    frame(wiring, &label, help, &class, control.into_any())
}

/// What a choice says of itself.
fn told(offer: Offer) -> AnyView {
    let Offer { value, short, name, detail } = offer;
    let value = if short.is_empty() { value } else { short };
    let name = (!name.is_empty() && name != value)
        .then(|| view! { <span class="combobox-name">{name}</span> });
    let detail =
        (!detail.is_empty()).then(|| view! { <span class="combobox-detail">{detail}</span> });
    view! { <span class="combobox-value mono">{value}</span> {name} {detail} }.into_any()
}

/// Keeps the list at its field for as long as it is open, whatever moves around them.
pub(super) fn stay(open: RwSignal<bool>, input: HtmlElement, popup: HtmlElement) {
    if open.try_get_untracked() == Some(true) {
        place(&input, &popup);
        request_animation_frame(move || stay(open, input, popup));
    }
}

/// Puts the list below its field, or above it where there is more room.
fn place(input: &HtmlElement, popup: &HtmlElement) {
    let rect = input.get_bounding_client_rect();
    let size = |value: Result<wasm_bindgen::JsValue, _>, or: f64| {
        value.ok().and_then(|it: wasm_bindgen::JsValue| it.as_f64()).unwrap_or(or)
    };
    let (width, height) =
        (size(window().inner_width(), rect.right()), size(window().inner_height(), rect.bottom()));
    let (above, below) = (rect.top() - MARGIN, height - rect.bottom() - MARGIN);
    let style = popup.style();
    let set = |name: &str, value: f64| {
        let _ = style.set_property(name, &format!("{value}px"));
    };
    if below < ROOM && above > below {
        let _ = style.set_property("top", "auto");
        set("bottom", height - rect.top() + 2.0);
        set("max-height", above.min(2.0 * ROOM));
    } else {
        let _ = style.set_property("bottom", "auto");
        set("top", rect.bottom() + 2.0);
        set("max-height", below.min(2.0 * ROOM));
    }
    set("min-width", rect.width());
    // It grows towards the middle of the window.
    let (side, other, gap) = if rect.left() + rect.right() > width {
        ("right", "left", width - rect.right())
    } else {
        ("left", "right", rect.left())
    };
    let _ = style.set_property(other, "auto");
    set(side, gap.max(MARGIN));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offers(title: &str, values: &[&str]) -> Offers {
        let offer = |value: &&str| Offer {
            value: (*value).to_owned(),
            detail: title.to_owned(),
            ..Offer::default()
        };
        Offers { title: title.to_owned(), barred: None, offers: values.iter().map(offer).collect() }
    }

    #[test]
    fn every_word_must_fit_somewhere() {
        let all = [offers("Job · Staging", &["migrate", "seed"]), offers("Service", &["web"])];
        let fitting = |typed: Option<&str>| {
            let found = Fitting::of(&all, typed);
            (0..found.shown)
                .filter_map(|at| found.get(at).map(|(offer, _)| offer.value.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(fitting(None), ["migrate", "seed", "web"]);
        assert_eq!(fitting(Some("STAG mig")), ["migrate"]);
        assert_eq!(fitting(Some("serv")), ["web"]);
        assert!(fitting(Some("nothing")).is_empty());
    }

    #[test]
    fn what_is_too_much_is_counted() {
        let names: Vec<String> = (0..MOST + 5).map(|at| format!("web-{at}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let found = Fitting::of(&[offers("a", &names), offers("b", &["more"])], None);
        assert_eq!((found.shown, found.more), (MOST, 6));
        assert_eq!(found.groups.len(), 1);
    }

    #[test]
    fn what_is_barred_is_shown_and_not_chosen() {
        let barred = Offers { barred: Some("No.".to_owned()), ..offers("b", &["two"]) };
        let found = Fitting::of(&[offers("a", &["one"]), barred], None);
        assert_eq!(found.get(0).map(|(_, free)| free), Some(true));
        assert_eq!(found.get(1).map(|(_, free)| free), Some(false));
        assert_eq!(found.place_of("two"), Some(1));
    }
}
