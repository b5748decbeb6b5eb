//! Pages: each reads where the app is and puts features together.
//!
//! May import: features, `state`, `client`, `ui`, `routes`. Must not know: one another, the shell.

mod board;
mod editor;
mod home;
pub mod not_found;
mod pipelines;
mod run;
mod runs;
mod sign_in;

use leptos::prelude::*;
use leptos_router::location::{BrowserUrl, LocationProvider};

use crate::{
    client::ClientError,
    routes::Page,
    state::{
        place::{Place, use_place},
        session::{SessionState, SignedIn, use_session},
    },
    ui::{ErrorNote, Loading},
};

/// Whether the page may open.
#[derive(Debug, Clone, PartialEq)]
enum Gate {
    Open,
    /// It is not known yet who is signed in.
    Wait,
    /// Nobody is.
    SignIn,
    Broken(ClientError),
}

/// The page that the address names, once it is known who asks for it. A page is made anew for
/// every address, so what it is about never changes under it; only the query does.
#[component]
pub fn Opened(open: Open) -> impl IntoView {
    let place = use_place();
    let session = use_session();
    share_whole_address();
    let gate = Memo::new(move |_| match (place.page.get(), session.get()) {
        (Some(Page::SignIn) | None, _) | (_, SignedIn::Yes(_)) => Gate::Open,
        (_, SignedIn::Unknown) => Gate::Wait,
        (_, SignedIn::Nobody) => Gate::SignIn,
        (_, SignedIn::Unclear(error)) => Gate::Broken(error),
    });
    // Whoever was signed in until now is told that this has ended.
    Effect::new(move |was_in: Option<bool>| {
        let was_in = was_in.unwrap_or_default();
        if gate.get() == Gate::SignIn {
            place.replace(sign_in_address(was_in));
        }
        was_in || matches!(session.get(), SignedIn::Yes(_))
    });
    move || match gate.get() {
        Gate::Open => opened(place, open).into_any(),
        Gate::Wait | Gate::SignIn => {
            view! { <Loading label="Signing in…" class="loading-page"/> }.into_any()
        }
        Gate::Broken(error) => broken(&error, session).into_any(),
    }
}

fn opened(place: Place, open: Open) -> impl IntoView {
    move || match place.page.get() {
        None => view! { <not_found::NotFound/> }.into_any(),
        Some(page) => open(page),
    }
}

/// The pages of one of the app's programs: what is not among them is not in its file either.
pub type Open = fn(Page) -> AnyView;

/// The pages that show pipelines and runs.
pub fn watch(page: Page) -> AnyView {
    match page {
        Page::Home => view! { <home::HomePage/> }.into_any(),
        Page::SignIn => view! { <sign_in::SignInPage/> }.into_any(),
        Page::Pipelines { project } => view! { <pipelines::PipelinesPage project/> }.into_any(),
        Page::Board { project, pipeline } => {
            view! { <board::BoardPage project pipeline/> }.into_any()
        }
        Page::Runs { project, pipeline, stage } => {
            view! { <runs::RunsPage project pipeline stage/> }.into_any()
        }
        Page::Run { project, pipeline, stage, run } => {
            view! { <run::RunPage project pipeline stage run/> }.into_any()
        }
        Page::Editor { .. } => elsewhere(&page),
    }
}

/// The page that edits release flows.
pub fn edit(page: Page) -> AnyView {
    match page {
        Page::Editor { project, pipeline, stage } => {
            view! { <editor::EditorPage project pipeline stage/> }.into_any()
        }
        page => elsewhere(&page),
    }
}

/// A page of the app's other program. Links lead there by loading it; nobody should come to see
/// this.
fn elsewhere(page: &Page) -> AnyView {
    let href = page.href();
    view! { <section class="page"><p><a rel="external" href=href>"Open this page"</a></p></section> }
        .into_any()
}

fn broken(error: &ClientError, session: SessionState) -> impl IntoView + use<> {
    let retry = Callback::new(move |()| session.ask_again());
    view! { <section class="page"><ErrorNote message=error.to_string() on_retry=retry/></section> }
}

/// What a page shows when what it is about can't be had: `missing` where there is no such thing,
/// and a way to ask again where that can help.
fn failed(error: &ClientError, missing: &str, again: impl Fn() + Send + Sync + 'static) -> AnyView {
    let message = if error.is_not_found() { missing.to_owned() } else { error.to_string() };
    if error.worth_retrying() {
        let retry = Callback::new(move |()| again());
        view! { <ErrorNote message=message on_retry=retry/> }.into_any()
    } else {
        view! { <ErrorNote message=message/> }.into_any()
    }
}

/// A route's own address does not change while the route stays the same, and ours always does:
/// whoever below asks the router for the query has to get the window's.
fn share_whole_address() {
    if let Some(location) = use_context::<BrowserUrl>() {
        provide_context(location.as_url().clone());
    }
}

/// The sign-in page, with the way back to where the window is now.
fn sign_in_address(ended: bool) -> String {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let below = crate::routes::below_base(&crate::routes::base(), &path).unwrap_or_default();
    let back = format!("{below}{}", location.search().unwrap_or_default());
    let back = (!matches!(back.as_str(), "" | "/"))
        .then(|| format!("return={}", slipway_api::path::segment(&back)));
    let ended = ended.then(|| format!("{}=yes", sign_in::ENDED));
    let query: Vec<String> = back.into_iter().chain(ended).collect();
    if query.is_empty() {
        Page::SignIn.href()
    } else {
        format!("{}?{}", Page::SignIn.href(), query.join("&"))
    }
}
