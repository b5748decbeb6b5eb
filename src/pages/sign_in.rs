//! Signing in: by a link that works once, or by a token.

use leptos::{ev::SubmitEvent, prelude::*};
use slipway_api::session::{Session, SignIn};
use wasm_bindgen::JsValue;

use crate::{
    client::{use_client, use_tasks},
    routes::{self, Page},
    state::{
        place::use_place,
        session::{SignedIn, use_session},
    },
    ui::{Button, ButtonKind, ErrorNote, Loading, Notice, PageHeading, TextField, Tone},
};

/// In the address where somebody was signed in until now.
pub(super) const ENDED: &str = "ended";

/// What the page is at.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    /// The server is asked whom the link's code would sign in.
    Asking,
    /// It would be this one: a person has to agree.
    Confirm { code: String, session: Session },
    /// There is no code, or it does not work.
    Token,
}

#[component]
pub fn SignInPage() -> impl IntoView {
    let (client, tasks, session) = (use_client(), use_tasks(), use_session());
    let place = use_place();
    // Read once: as soon as the page is left, the query is another one.
    let back = return_address(place.query("return").get_untracked().as_deref());
    let leave = Callback::new(move |()| place.replace(back.clone()));
    let ended = place.query(ENDED).get_untracked().is_some();
    let step = RwSignal::new(Step::Token);
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);

    let ask = Callback::new(move |code: String| {
        step.set(Step::Asking);
        error.set(None);
        let request = SignIn { code: Some(code.clone()), token: None, preview: true };
        tasks.spawn(async move {
            match client.sign_in(&request).await {
                Ok(session) => step.set(Step::Confirm { code, session }),
                Err(why) => {
                    error.set(Some(refusal(&why)));
                    step.set(Step::Token);
                }
            }
        });
    });
    let look = move || {
        if let Some(code) = take_code() {
            ask.run(code);
        }
    };
    look();
    // A link that is opened while this page is there changes nothing but the fragment.
    let listener = window_event_listener_untyped("hashchange", move |_| look());
    on_cleanup(move || listener.remove());

    // Whoever is signed in already, and has no link to sign in by, has no business here.
    Effect::new(move |_| {
        if matches!(session.get(), SignedIn::Yes(_)) && step.get() == Step::Token {
            leave.run(());
        }
    });
    let sign_in = Callback::new(move |request: SignIn| {
        busy.set(true);
        error.set(None);
        tasks.spawn(async move {
            let answer = client.sign_in(&request).await;
            busy.set(false);
            match answer {
                Ok(signed_in) => {
                    session.learn(Ok(signed_in));
                    leave.run(());
                }
                Err(why) => {
                    error.set(Some(refusal(&why)));
                    step.set(Step::Token);
                }
            }
        });
    });
    view! {
        <section class="page sign-in">
            <PageHeading title="Sign in"/>
            {ended.then(|| view! {
                <Notice tone=Tone::Careful>
                    <p>"You are signed out. What you changed in a release flow is kept in this browser, and is there when you open it again."</p>
                </Notice>
            })}
            {move || error.get().map(|text| view! { <ErrorNote message=text/> })}
            {move || match step.get() {
                Step::Asking => view! { <Loading label="Checking the sign-in link…"/> }.into_any(),
                Step::Confirm { code, session } => confirm(code, &session, busy, sign_in).into_any(),
                Step::Token => view! { <TokenForm busy=busy sign_in=sign_in/> }.into_any(),
            }}
        </section>
    }
}

/// A link may have come from anybody: nobody is signed in without having said so.
fn confirm(
    code: String,
    session: &Session,
    busy: RwSignal<bool>,
    sign_in: Callback<SignIn>,
) -> impl IntoView + use<> {
    let go = move |_| {
        sign_in.run(SignIn { code: Some(code.clone()), token: None, preview: false });
    };
    view! {
        <p class="sign-in-question">
            "Sign in as " <strong>{session.name.clone()}</strong> " (" {session.role.word()} ")?"
        </p>
        <p class="quiet">"Only go on if you asked for this link yourself."</p>
        <Button kind=ButtonKind::Primary busy=busy on_click=go>"Sign in"</Button>
    }
}

#[component]
fn TokenForm(busy: RwSignal<bool>, sign_in: Callback<SignIn>) -> impl IntoView {
    let token = RwSignal::new(String::new());
    let missing = RwSignal::new(None::<String>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let text = token.get_untracked().trim().to_owned();
        if text.is_empty() {
            missing.set(Some("Enter the token that you were given.".to_owned()));
        } else if !busy.get_untracked() {
            sign_in.run(SignIn { code: None, token: Some(text), preview: false });
        }
    };
    view! {
        <form class="stack" on:submit=submit>
            <TextField
                label="Access token"
                kind="password"
                autocomplete="current-password"
                required=true
                mono=true
                value=token
                error=Signal::derive(move || missing.get())
                help="Whoever runs this server makes one with: slipway token create"
                on_input=move |text| {
                    missing.set(None);
                    token.set(text);
                }
            />
            <Button kind=ButtonKind::Primary submit=true busy=busy>"Sign in"</Button>
        </form>
    }
}

/// What a refusal means here: nobody has a session yet that could have ended.
fn refusal(why: &crate::client::ClientError) -> String {
    match why.status() {
        Some(400 | 401 | 403 | 404 | 410) => {
            "This link or token doesn't work. A link works once, for ten minutes; \
             a token may have been revoked. Ask for a new one, or enter a token."
                .to_owned()
        }
        _ => why.to_string(),
    }
}

/// Takes the one-time code out of the address, so that it stays neither there nor in the history.
fn take_code() -> Option<String> {
    let location = window().location();
    let code = location.hash().ok()?.trim_start_matches('#').to_owned();
    if code.is_empty() {
        return None;
    }
    let address = format!(
        "{}{}",
        location.pathname().unwrap_or_default(),
        location.search().unwrap_or_default()
    );
    if let Ok(history) = window().history() {
        // It fails only where scripts may not touch the history; then the code stays in sight.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
    Some(code)
}

/// Where to go after signing in: a place of this app, whatever the address says.
fn return_address(asked: Option<&str>) -> String {
    let place = asked.filter(|asked| {
        let path = asked.split(['?', '#']).next().unwrap_or_default();
        path.starts_with('/')
            && !path.starts_with("//")
            && !path.contains('\\')
            && Page::parse(path).is_some_and(|page| page != Page::SignIn)
    });
    match place {
        Some(place) => format!("{}{place}", routes::base()),
        None => Page::Home.href(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_returns_to_places_of_this_app_only() {
        let run = "/projects/shop/pipelines/shop/staging/runs/r?node=%2Fspec";
        assert_eq!(return_address(Some(run)), run);
        for elsewhere in [
            "//evil.example/projects",
            "https://evil.example/",
            "/\\evil.example",
            "/sign-in",
            "/no",
            "",
        ] {
            assert_eq!(return_address(Some(elsewhere)), "/", "{elsewhere}");
        }
        assert_eq!(return_address(None), "/");
    }
}
