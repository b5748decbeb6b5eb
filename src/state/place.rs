//! Where the app is now, as signals, and how to go elsewhere.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
    params::ParamsMap,
};

use crate::routes::{self, Page};

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
        let navigate = Callback::new(move |(address, replace): (String, bool)| {
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
