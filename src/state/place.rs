//! Where the app is now, as signals, and how to go elsewhere.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
    params::ParamsMap,
};

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, HtmlAnchorElement, MouseEvent};

use crate::routes::{self, Page, Program};

/// Where the app is. The frame provides it, inside the router.
#[derive(Clone, Copy)]
pub struct Place {
    /// None when the address is no place of the app.
    pub page: Memo<Option<Page>>,
    query: Memo<ParamsMap>,
    navigate: Callback<(String, bool)>,
}

/// Where the app is.
#[must_use]
pub fn use_place() -> Place {
    expect_context::<Place>()
}

impl Place {
    /// Reads the router's address; only inside a router.
    #[must_use]
    pub fn new() -> Self {
        let location = use_location();
        let base = routes::base();
        let page = Memo::new(move |_| {
            let path = location.pathname.read();
            routes::below_base(&base, &path).and_then(Page::parse)
        });
        let navigate = use_navigate();
        // The router's navigation lives in the browser's one thread.
        let navigate = StoredValue::new_local(navigate);
        let program = expect_context::<Program>();
        mark_links_to_the_other(program);
        let navigate = Callback::new(move |(address, replace): (String, bool)| {
            if page_at(&address).is_some_and(|page| page.program() != program) {
                let location = window().location();
                let _ =
                    if replace { location.replace(&address) } else { location.assign(&address) };
                return;
            }
            let options = NavigateOptions { resolve: false, replace, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(&address, options));
        });
        Self { page, query: location.query, navigate }
    }

    /// The value of one key of the query.
    #[must_use]
    pub fn query(self, key: &'static str) -> Memo<Option<String>> {
        Memo::new(move |_| self.query.with(|query| query.get(key)))
    }

    /// Goes to `page`.
    pub fn go(self, page: &Page) {
        self.navigate.run((page.href(), false));
    }

    /// Goes to a whole address of this app (base, path and query) as a new step of the history.
    pub fn go_to(self, address: String) {
        self.navigate.run((address, false));
    }

    /// The same in place of the step that the history is at: for what is no step of its own, such
    /// as choosing a node.
    pub fn replace(self, address: String) {
        self.navigate.run((address, true));
    }
}

/// The page at a whole address of this app.
fn page_at(address: &str) -> Option<Page> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    routes::below_base(&routes::base(), path).and_then(Page::parse)
}

/// A link to a page of the app's other program is not for the router: the browser loads it. It is
/// marked when it is pressed, at the document, before the router hears of it at the window.
fn mark_links_to_the_other(program: Program) {
    let pressed = Closure::<dyn Fn(MouseEvent)>::new(move |event: MouseEvent| {
        let link = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|element| element.closest("a[href]").ok().flatten())
            .and_then(|element| element.dyn_into::<HtmlAnchorElement>().ok());
        let leads_away = |link: &HtmlAnchorElement| {
            page_at(&link.pathname()).is_some_and(|page| page.program() != program)
        };
        if let Some(link) = link.filter(leads_away) {
            link.set_rel("external");
        }
    });
    // It listens for as long as the app is there. A browser that refuses would show the page with
    // a link to itself.
    let _ = document()
        .add_event_listener_with_callback("click", pressed.into_js_value().unchecked_ref());
}
