//! A pipeline: its three stages side by side, what is deployed where, the latest run of each, and
//! the ways on from there. Live.

use leptos::prelude::*;
use slipway_api::{session::Role, stage::Stage};

use crate::{
    client::{Following, follow, use_client},
    features::{board::StageColumn, runs::RunDialog},
    state::{board::BoardView, names::use_names, session::use_session},
    ui::{Glyph, Icon, Loading, Notice, PageHeading, time::parse},
};

#[component]
pub fn BoardPage(project: String, pipeline: String) -> impl IntoView {
    let names = use_names();
    let board = RwSignal::new(None::<BoardView>);
    let following = follow_board(&project, &pipeline, board);
    let title = {
        let (project, pipeline) = (project.clone(), pipeline.clone());
        Signal::derive(move || names.pipeline(&project, &pipeline))
    };
    let columns = StoredValue::new((project, pipeline));
    let body = move || {
        if following.ready.get() {
            return columns.with_value(|(project, pipeline)| columns_of(board, project, pipeline));
        }
        match following.error.get() {
            None => view! { <Loading label="Loading the pipeline…"/> }.into_any(),
            Some(error) => {
                super::failed(&error, "There is no such pipeline in this project.", move || {
                    following.again();
                })
            }
        }
    };
    let description = Memo::new(move |_| {
        board.with(|board| board.as_ref().and_then(|board| board.description.clone()))
    });
    view! {
        <section class="page page-wide">
            <PageHeading title=title/>
            {move || description.get().map(|text| view! { <p class="quiet lead">{text}</p> })}
            <ReadOnlyBanner/>
            {body}
        </section>
    }
}

/// Keeps `board` as the server has it.
fn follow_board(project: &str, pipeline: &str, board: RwSignal<Option<BoardView>>) -> Following {
    let client = use_client();
    let names = use_names();
    let (at_project, at_pipeline) = (project.to_owned(), pipeline.to_owned());
    let learn_for = project.to_owned();
    follow(
        project,
        move || {
            let (project, pipeline) = (at_project.clone(), at_pipeline.clone());
            async move { client.board(&project, &pipeline).await }
        },
        |snapshot| snapshot.seq,
        move |snapshot| {
            names.learn_pipeline(&learn_for, &snapshot.id, &snapshot.name);
            board.set(Some(BoardView::of(snapshot, parse)));
        },
        move |event| {
            let concerned = board
                .with_untracked(|board| board.as_ref().is_some_and(|it| it.concerned_by(event)));
            if concerned {
                board.update(|board| {
                    if let Some(board) = board {
                        board.apply(event);
                    }
                });
            }
        },
    )
}

/// The stages in promotion order, with an arrow from each to the next.
fn columns_of(board: RwSignal<Option<BoardView>>, project: &str, pipeline: &str) -> AnyView {
    let columns = Stage::ALL.map(|stage| {
        let view = Memo::new(move |_| board.with(|board| board.as_ref()?.stage(stage).cloned()));
        let (project, pipeline) = (project.to_owned(), pipeline.to_owned());
        let arrow = stage.preceding().map(|_| {
            view! { <li class="board-arrow" aria-hidden="true"><Icon of=Glyph::ArrowRight/></li> }
        });
        let asking = RwSignal::new(false);
        let on_run = Callback::new(move |()| asking.set(true));
        view! {
            {arrow}
            <li class="board-column">
                <StageColumn project=project.clone() pipeline=pipeline.clone() stage view=view on_run/>
                <RunDialog project pipeline stage open=asking/>
            </li>
        }
    });
    view! { <ol class="board" aria-label="Stages in promotion order">{columns.collect_view()}</ol> }
        .into_any()
}

/// Says to those who may only look that they may only look, and why.
#[component]
fn ReadOnlyBanner() -> impl IntoView {
    let session = use_session();
    move || {
        (session.role() == Some(Role::Viewer)).then(|| {
            view! {
                <Notice icon=Glyph::Lock class="read-only">
                    <strong>"Read only. "</strong>
                    "Your role is viewer: you see everything as it happens, and can't start, change or roll back anything. An admin can give you another role."
                </Notice>
            }
        })
    }
}
