//! The window onto a node's output. Rows have one height, and only those in view are elements.

use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::ResizeObserver;

use super::{
    lines::{Row, Rows},
    source::{Extent, Source, fetch_output},
};
use crate::{
    state::run::RunHandle,
    ui::{Button, Checkbox, Empty, ErrorNote, Glyph, Loading, Notice, Tone},
};

/// The height of a row, in CSS pixels; `runs.css` sets the same.
const ROW: f64 = 20.0;
/// Rows kept above and below those in view, so that scrolling finds them there.
const SPARE: usize = 20;
/// Columns that line numbers and margins take.
const GUTTER: u32 = 9;

/// What the scrolling window measures.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Window {
    top: f64,
    width: f64,
    height: f64,
    /// The width of a character; zero until it is known.
    character: f64,
}

impl Window {
    /// Characters that fit beside the line numbers.
    fn columns(self) -> Option<u32> {
        if self.character <= 0.0 || self.width <= 0.0 {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the width of a window in characters, which is not negative"
        )]
        let fit = (self.width / self.character) as u32;
        Some(fit.saturating_sub(GUTTER + 1).max(20))
    }

    /// The rows to have as elements, of `count`.
    fn rows(self, count: usize) -> std::ops::Range<usize> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "offsets of rows, which are not negative"
        )]
        let (first, behind) =
            ((self.top / ROW) as usize, ((self.top + self.height) / ROW).ceil() as usize);
        first.saturating_sub(SPARE).min(count)..(behind + SPARE).min(count)
    }
}

/// What the node at `pointer` printed, and what it goes on to print.
#[component]
pub fn Output(run: RunHandle, pointer: String) -> impl IntoView {
    let source = fetch_output(run, pointer);
    let over = run.over();
    move || match (source.extent.get().is_some(), source.error.get()) {
        (false, None) => view! { <Loading label="Loading output…"/> }.into_any(),
        (false, Some(error)) => {
            view! { <ErrorNote message=error.to_string() on_retry=move |()| source.fetch()/> }
                .into_any()
        }
        (true, _) => view! { <Loaded source=source over=over/> }.into_any(),
    }
}

#[component]
fn Loaded(source: Source, over: Signal<bool>) -> impl IntoView {
    let extent = Memo::new(move |_| source.extent.get().unwrap_or_default());
    let empty = Memo::new(move |_| {
        source.revision.track();
        source.lines.with_value(|lines| lines.count() == 0)
    });
    let truncated = Memo::new(move |_| extent.get().truncated);
    // A node that its run never reached has not ended, and prints nothing all the same.
    let ended = Memo::new(move |_| extent.get().ended || over.get());
    let failure = move || {
        source.error.get().map(|error| {
            view! { <ErrorNote message=error.to_string() on_retry=move |()| source.fetch()/> }
        })
    };
    let cut = move || {
        truncated.get().then(|| {
            let size = size_words(extent.get().size);
            view! {
                <Notice tone=Tone::Careful>
                    {format!("The output was cut: only the first {size} are kept.")}
                </Notice>
            }
        })
    };
    let body = move || match (empty.get(), ended.get()) {
        (true, true) => view! {
            <Empty title="Nothing was printed"/>
        }
        .into_any(),
        (true, false) => view! {
            <Empty title="Nothing was printed yet">
                <p>"What this node prints appears here while it works."</p>
            </Empty>
        }
        .into_any(),
        (false, _) => view! { <Scroller source=source extent=extent/> }.into_any(),
    };
    view! { <div class="output">{failure} {cut} {body}</div> }
}

#[component]
fn Scroller(source: Source, extent: Memo<Extent>) -> impl IntoView {
    let element = NodeRef::<html::Div>::new();
    let ruler = NodeRef::<html::Span>::new();
    let window = RwSignal::new(Window::default());
    let (wrap, following) = (RwSignal::new(false), RwSignal::new(true));
    measure(element, ruler, window);

    let columns = Memo::new(move |_| if wrap.get() { window.get().columns() } else { None });
    let rows = Memo::new(move |_| {
        source.revision.track();
        source.lines.with_value(|lines| Rows::of(lines, columns.get()))
    });
    let shown = Memo::new(move |_| {
        // An unfinished line changes without there being more rows.
        source.revision.track();
        let range = rows.with(|rows| window.get().rows(rows.count()));
        source.lines.with_value(|lines| {
            rows.with(|rows| range.map(|number| rows.row(lines, number)).collect::<Vec<Row>>())
        })
    });
    follow_end(element, window, following, rows);
    let to_end = move |_| {
        following.set(true);
        scroll_to_end(element);
    };
    #[expect(clippy::cast_precision_loss, reason = "far fewer rows than 2^52")]
    let height = move || format!("{}px", rows.with(Rows::count) as f64 * ROW);
    let width = move || {
        source.revision.track();
        if columns.get().is_some() {
            return "100%".to_owned();
        }
        format!("{}ch", source.lines.with_value(super::lines::Lines::longest) + GUTTER + 1)
    };
    view! {
        <div class="output-bar">
            <span class="quiet">{move || extent_words(source, extent.get())}</span>
            <Checkbox label="Wrap lines" checked=wrap on_change=move |on| wrap.set(on)/>
        </div>
        <div class="output-frame">
            <div
                class="output-window"
                node_ref=element
                role="region"
                aria-label="Output"
                tabindex="0"
                on:scroll=move |_| scrolled(element, window, following)
            >
                <span class="output-ruler" node_ref=ruler aria-hidden="true">"0000000000"</span>
                <div class="output-lines" style:height=height style:width=width>
                    <For each=move || shown.get() key=Clone::clone children=row_view/>
                </div>
            </div>
            {move || (!following.get()).then(|| view! {
                <Button class="output-jump" icon=Glyph::ChevronDown on_click=to_end>"Jump to end"</Button>
            })}
        </div>
    }
}

fn row_view(row: Row) -> impl IntoView {
    #[expect(clippy::cast_precision_loss, reason = "far fewer rows than 2^52")]
    let top = format!("{}px", row.number as f64 * ROW);
    let number = row.first.then(|| row.line + 1);
    view! {
        <div class="output-row" style:top=move || top.clone()>
            <span class="output-number" aria-hidden="true">{number}</span>
            <span class="output-text">{row.text}</span>
        </div>
    }
}

fn extent_words(source: Source, extent: Extent) -> String {
    source.revision.track();
    let lines = source.lines.with_value(super::lines::Lines::count);
    let unit = if lines == 1 { "line" } else { "lines" };
    format!("{lines} {unit}, {}", size_words(extent.size))
}

/// Bytes in the unit that says most.
fn size_words(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    #[expect(clippy::cast_precision_loss, reason = "one digit behind the point is shown")]
    let mut size = bytes as f64 / 1000.0;
    let mut unit = 0;
    while size >= 999.95 && unit + 1 < UNITS.len() {
        size /= 1000.0;
        unit += 1;
    }
    format!("{size:.1} {}", UNITS[unit])
}

/// Keeps `window` at the element's size, and the width of a character.
fn measure(element: NodeRef<html::Div>, ruler: NodeRef<html::Span>, window: RwSignal<Window>) {
    let observer = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn FnMut()>)>);
    element.on_load(move |element| {
        let target: web_sys::Element = (*element).clone().unchecked_into();
        let look = {
            let target = target.clone();
            move || {
                let character = ruler
                    .get_untracked()
                    .map_or(0.0, |ruler| ruler.get_bounding_client_rect().width() / 10.0);
                let next = Window {
                    width: f64::from(target.client_width()),
                    height: f64::from(target.client_height()),
                    character,
                    ..window.get_untracked()
                };
                if next != window.get_untracked() {
                    window.set(next);
                }
            }
        };
        look();
        let callback = Closure::<dyn FnMut()>::new(look);
        if let Ok(made) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            made.observe(&target);
            observer.set_value(Some((made, callback)));
        }
    });
    on_cleanup(move || {
        if let Some(Some((observer, _))) = observer.try_update_value(Option::take) {
            observer.disconnect();
        }
    });
}

/// Stays at the end while more comes, until somebody scrolls up.
fn follow_end(
    element: NodeRef<html::Div>,
    window: RwSignal<Window>,
    following: RwSignal<bool>,
    rows: Memo<Rows>,
) {
    let height = Memo::new(move |_| window.get().height);
    Effect::new(move |_| {
        rows.with(Rows::count);
        height.track();
        if following.get_untracked() {
            request_animation_frame(move || scroll_to_end(element));
        }
    });
}

fn scroll_to_end(element: NodeRef<html::Div>) {
    // The element may be gone by the time of the next frame.
    if let Some(Some(element)) = element.try_get_untracked() {
        element.set_scroll_top(element.scroll_height());
    }
}

fn scrolled(element: NodeRef<html::Div>, window: RwSignal<Window>, following: RwSignal<bool>) {
    let Some(element) = element.get_untracked() else { return };
    let top = f64::from(element.scroll_top());
    let before = window.get_untracked().top;
    let left = f64::from(element.scroll_height() - element.client_height()) - top;
    // Content that grows does not scroll: only moving up says that somebody wants to stay there.
    if left <= ROW {
        following.set(true);
    } else if top < before - 1.0 {
        following.set(false);
    }
    window.update(|window| window.top = top);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rows_in_view_and_a_few_more_are_elements() {
        let window = Window { top: 1000.0 * ROW, width: 800.0, height: 400.0, character: 8.0 };
        assert_eq!(window.rows(100_000), 980..1040);
        assert_eq!(window.rows(1010), 980..1010);
        assert_eq!(window.rows(3), 3..3);
        assert_eq!(Window { top: 0.0, ..window }.rows(3), 0..3);
    }

    #[test]
    fn columns_are_known_once_a_character_is() {
        let window = Window { top: 0.0, width: 809.0, height: 1.0, character: 8.0 };
        assert_eq!(window.columns(), Some(91));
        assert_eq!(Window { character: 0.0, ..window }.columns(), None);
        assert_eq!(Window { width: 60.0, ..window }.columns(), Some(20));
    }

    #[test]
    fn sizes_in_words() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (1_234_567, "1.2 MB"),
        ];
        for (bytes, words) in cases {
            assert_eq!(size_words(bytes), words);
        }
    }
}
