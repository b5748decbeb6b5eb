//! Who is signed in, with what role, and the way out.

use leptos::prelude::*;

use crate::{
    client::{use_client, use_live, use_tasks},
    state::session::{SignedIn, use_session},
    ui::{Glyph, Menu, MenuButton, use_toasts},
};

#[component]
pub fn Account() -> impl IntoView {
    let session = use_session();
    let (client, live, tasks, toasts) = (use_client(), use_live(), use_tasks(), use_toasts());
    let sign_out = Callback::new(move |()| {
        tasks.spawn(async move {
            match client.sign_out().await {
                Ok(()) => {
                    live.leave();
                    session.ended();
                }
                Err(error) => toasts.bad(format!("You are still signed in. {error}")),
            }
        });
    });
    move || match session.get() {
        SignedIn::Yes(session) => {
            let who = format!("{} ({})", session.name, session.role.word());
            view! {
                <Menu label=format!("Signed in as {who}") icon=Glyph::User words=session.name.clone()>
                    <p class="menu-note">
                        "Signed in as " <strong>{session.name}</strong> ", " {session.role.word()}
                    </p>
                    <MenuButton icon=Glyph::SignOut on_click=move |_| sign_out.run(())>
                        "Sign out"
                    </MenuButton>
                </Menu>
            }
            .into_any()
        }
        SignedIn::Nobody | SignedIn::Unknown | SignedIn::Unclear(_) => ().into_any(),
    }
}
