//! What everything in the app may ask for, and the routes.

use std::borrow::Cow;

use leptos::prelude::*;
use leptos_router::{
    WildcardSegment,
    components::{FlatRoutes, Route, Router},
};

use crate::{
    client::{Client, Live},
    pages::{Opened, not_found::NotFound},
    routes,
    shell::{Frame, theme::ThemeChoice},
    state::{names::Names, session::SessionState},
    ui::{Clock, Toasts},
};

/// The app. Each context is provided here and nowhere else, except where the app is
/// ([`crate::state::place::Place`]), which only exists inside the router.
#[component]
pub fn App() -> impl IntoView {
    let session = SessionState::default();
    let client = Client::new(Callback::new(move |()| session.ended()));
    provide_context(session);
    provide_context(client);
    provide_context(Live::new(client));
    provide_context(Names::new(client, session));
    provide_context(Clock::start());
    provide_context(Toasts::default());
    provide_context(ThemeChoice::stored());

    // The addresses are described once, by `routes::Page`: the router only needs to know that
    // everything below the base is the app's.
    let base: Cow<'static, str> = routes::base().into();
    view! {
        <Router base=base>
            <Frame>
                <FlatRoutes fallback=|| view! { <NotFound/> }>
                    <Route path=WildcardSegment("place") view=Opened/>
                </FlatRoutes>
            </Frame>
        </Router>
    }
}
