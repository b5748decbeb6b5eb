//! What everything in the app may ask for, and the routes.

use std::borrow::Cow;

use leptos::prelude::*;
use leptos_router::{
    WildcardSegment,
    components::{FlatRoutes, Route, Router},
};

use crate::{
    client::{Client, Live, live::Reader},
    pages::{Open, Opened, not_found::NotFound},
    routes::{self, Program},
    shell::{Frame, theme::ThemeChoice},
    state::{names::Names, session::SessionState},
    ui::{Clock, Toasts},
};

/// The app, as one of its programs with the pages that it `open`s and the events that it can `read`.
/// Each context is provided here and nowhere else, except where the app is
/// ([`crate::state::place::Place`]), which only exists inside the router.
pub fn app(program: Program, open: Open, read: Reader) -> impl IntoView {
    provide_context(program);
    let session = SessionState::default();
    let client = Client::new(Callback::new(move |()| session.ended()));
    provide_context(session);
    provide_context(client);
    provide_context(Live::new(client, read));
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
                    <Route path=WildcardSegment("place") view=move || view! { <Opened open=open/> }/>
                </FlatRoutes>
            </Frame>
        </Router>
    }
}
