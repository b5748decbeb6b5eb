//! The frame around every page.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

use super::{account::Account, freshness::FreshnessPill, theme::ThemeSwitch};
use crate::{
    client::{use_client, use_live, use_tasks},
    routes::Page,
    state::{
        names::{Names, use_names},
        place::{Place, use_place},
        session::{SignedIn, use_session},
    },
    ui::{Breadcrumbs, Crumb, Glyph, Icon, Menu, MenuLink, ToastRegion},
};

/// Header, main part and messages. Asks who is signed in, follows the project that is on the
/// screen, and moves the focus when a page opens.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let place = Place::new();
    provide_context(place);
    let session = use_session();
    let (client, tasks) = (use_client(), use_tasks());
    Effect::new(move |_| {
        if session.get() == SignedIn::Unknown {
            tasks.spawn(async move { session.learn(client.session().await) });
        }
    });
    follow_the_project(place);
    learn_the_name(place);

    let main = NodeRef::<html::Main>::new();
    focus_on_arrival(place, main);
    // A fragment link would be resolved against the base, so the skip link moves by itself.
    let skip = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if let Some(main) = main.get_untracked() {
            let _ = main.focus();
        }
    };
    view! {
        <a class="skip-link" href="#main" on:click=skip>"Skip to the content"</a>
        <Header/>
        <main node_ref=main id="main" class="main" tabindex="-1">{children()}</main>
        <ToastRegion/>
    }
}

/// The event stream is the one of the project on the screen; without one there is none.
fn follow_the_project(place: Place) {
    let live = use_live();
    let session = use_session();
    let project = Memo::new(move |_| {
        let signed_in = session.role().is_some();
        place.page.get().filter(|_| signed_in).and_then(|page| page.project().map(str::to_owned))
    });
    Effect::new(move |_| match project.get() {
        Some(project) => live.attend(&project),
        None => live.leave(),
    });
}

/// The breadcrumbs name the pipeline, also on pages that know only its id. The pages that show
/// pipelines learn the names themselves.
fn learn_the_name(place: Place) {
    let (names, session) = (use_names(), use_session());
    let (client, tasks) = (use_client(), use_tasks());
    let pipeline = Memo::new(move |_| {
        let page = place.page.get().filter(|page| !matches!(page, Page::Board { .. }))?;
        let signed_in = session.role().is_some();
        signed_in.then(|| Some((page.project()?.to_owned(), page.pipeline()?.to_owned()))).flatten()
    });
    Effect::new(move |_| {
        if let Some((project, id)) = pipeline.get() {
            tasks.spawn(names.ask_pipeline(client, project, id));
        }
    });
}

/// Moves the focus to the new page's heading, as a browser does when a document is loaded.
fn focus_on_arrival(place: Place, main: NodeRef<html::Main>) {
    Effect::new(move |before: Option<Option<Page>>| {
        let now = place.page.get();
        // On the first page the browser itself puts the focus where it belongs.
        if before.is_some_and(|before| before != now) {
            request_animation_frame(move || {
                let Some(main) = main.get_untracked() else { return };
                let heading = main.query_selector("h1").ok().flatten();
                let heading = heading.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok());
                let _ = heading.unwrap_or(main).focus();
            });
        }
        now
    });
}

#[component]
fn Header() -> impl IntoView {
    let place = use_place();
    let names = use_names();
    let crumbs =
        Memo::new(move |_| place.page.get().map_or_else(Vec::new, |it| crumbs(&it, names)));
    let in_project = move || place.page.get().is_some_and(|page| page.project().is_some());
    view! {
        <header class="header">
            <a class="brand" href=Page::Home.href()><Icon of=Glyph::Brand/>"Slipway"</a>
            <ProjectSwitch/>
            <Breadcrumbs crumbs=crumbs/>
            <div class="header-end">
                {move || in_project().then(|| view! { <FreshnessPill/> })}
                <ThemeSwitch/>
                <Account/>
            </div>
        </header>
    }
}

/// The way from the project down to `page`. The last step is where one is.
fn crumbs(page: &Page, names: Names) -> Vec<Crumb> {
    let (Some(project), last) = (page.project(), page) else { return Vec::new() };
    let mut steps = vec![(names.project(project), Page::Pipelines { project: project.to_owned() })];
    if let Some(pipeline) = page.pipeline() {
        let board = Page::Board { project: project.to_owned(), pipeline: pipeline.to_owned() };
        steps.push((names.pipeline(project, pipeline), board));
    }
    match last {
        Page::Editor { stage, .. } => steps.push((format!("{} flow", stage.name()), last.clone())),
        Page::Runs { stage, .. } => steps.push((format!("{} runs", stage.name()), last.clone())),
        Page::Run { project, pipeline, stage, run } => {
            let runs =
                Page::Runs { project: project.clone(), pipeline: pipeline.clone(), stage: *stage };
            steps.push((format!("{} runs", stage.name()), runs));
            steps.push((crate::ui::short_id(run), last.clone()));
        }
        _ => {}
    }
    steps
        .into_iter()
        .map(|(label, step)| {
            let href = (step != *last).then(|| step.href());
            Crumb { label, href }
        })
        .collect()
}

/// Shown when there is more than one project to be in.
#[component]
fn ProjectSwitch() -> impl IntoView {
    let names = use_names();
    let place = use_place();
    let items = move || {
        let here = place.page.get().and_then(|page| page.project().map(str::to_owned));
        let all = names.projects.value.get().unwrap_or_default();
        let links = all.into_iter().map(|row| {
            let current = here.as_deref() == Some(row.id.as_str());
            let href = Page::Pipelines { project: row.id }.href();
            view! { <MenuLink href=href current=current>{row.name}</MenuLink> }
        });
        links.collect_view()
    };
    let several =
        Memo::new(move |_| names.projects.value.with(|all| all.as_ref().map_or(0, Vec::len) > 1));
    move || {
        several.get().then(|| {
            view! {
                <Menu label="Switch project" icon=Glyph::ChevronDown class="project-switch">
                    {items}
                </Menu>
            }
        })
    }
}
