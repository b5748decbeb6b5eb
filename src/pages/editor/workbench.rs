//! The editor at work on one flow: what the mouse, the keyboard and the buttons do.

use std::time::Duration;

use leptos::prelude::*;
use slipway_api::session::Role;
use slipway_editor::{
    geometry::Point, keymap::KeyAction, layout::Place, selection::Selection, session::Session,
};
use slipway_flow::{
    check::{Context, Problem},
    document::Key,
    kinds::{self, Field},
};
use web_sys::KeyboardEvent;

use super::{
    Subject, address,
    faces::{Counts, face, glance},
    flows::FlowChoice,
    hands::{Hands, shortcuts},
    keyboard,
    popups::{About, PopupLayer, Popups},
    saving::{
        Begin, DiscardDialog, LeaveDialog, MergeDialog, OfferDialog, SaveDialog, Saving,
        SavingNotes,
    },
    sheet,
    side::{FlowOutline, Side},
    stage::StageResources,
    surroundings::resources,
    toolbar::Toolbar,
    view::{View, ViewChoice},
};
use crate::{
    features::{
        breaks::Breaks,
        canvas::{Canvas, CanvasState, Glances, count_changes},
        code::{BrokenCode, Code, focus_code},
        diff::Differences,
        inspector::{FieldControl, Inspector, Resources},
        outline::OutlineState,
        problems::{Problems, ProblemsState},
        rename::TypedOverRef,
        revisions::Revisions,
        search::{SearchBar, SearchState},
        settings::{Settings, SettingsState},
    },
    routes::Page,
    state::{
        document::EditorHandle, home::Home, place::use_place, preferences::Preferences, rest::Rest,
        session::use_session, target::Target,
    },
    ui::{Anchor, Button, Glyph, Notice},
};

/// How long the checks wait for what surrounds the flow before they do without.
const UNKNOWN: Duration = Duration::from_millis(600);

#[component]
pub(super) fn Workbench(subject: Subject, session: Session, begin: Begin) -> impl IntoView {
    let editor = EditorHandle::of(session);
    let takes_keyboard = begin.takes_keyboard;
    let saving = Saving::new(editor, subject.clone(), begin);
    view! { <Desk editor=editor saving=saving subject=subject takes_keyboard=takes_keyboard /> }
}

#[component]
fn Desk(
    editor: EditorHandle,
    saving: Saving,
    subject: Subject,
    takes_keyboard: bool,
) -> impl IntoView {
    let canvas = CanvasState::new();
    let locked = use_session().refusal(Role::Editor, "change release flows");
    let editable = locked.get_untracked().is_none();
    let resources = resources(&subject);
    // Looking at the whole flow once is enough: the checks wait for what they can know of it, and an
    // edit does not tell them anew.
    let late = Rest::new(UNKNOWN);
    let inside = Memo::new(move |_| editor.is_inside());
    Effect::new(move || {
        // What surrounds a stage is not what surrounds the flows inside a template.
        let context = if inside.get() {
            Some(Context::default())
        } else {
            resources.with(|resources| resources.known.then(|| resources.context()))
        };
        match context {
            Some(context) => {
                late.stop();
                editor.surround(context);
            }
            None => late.then(move || editor.check_now()),
        }
    });
    let shown = RwSignal::new(address::view());
    let write_address = address::writer(editor, shown);
    let on_select = Callback::new(move |(selection,): (Selection,)| {
        editor.choose(&selection);
        write_address.run(());
    });
    address::select(editor);
    let settings = SettingsState::new(address::section().as_deref());
    let problems = ProblemsState::new(editor);
    let Subject { project, pipeline, stage } = subject.clone();
    let runs = Page::Runs { project, pipeline, stage }.href();
    let hands = Hands {
        editor,
        canvas,
        saving,
        editable,
        on_select,
        write_address,
        view: shown,
        locked,
        runs: StoredValue::new(format!("{runs}?run=new")),
        place: use_place(),
        stage,
        popups: Popups::new(),
        outline: OutlineState::new(),
        search: SearchState::new(),
        preferences: Preferences::stored(),
        counts: Counts::of_problems(editor),
        settings,
        problems,
        flows: editor.flows(),
        in_code: RwSignal::new(None),
        folded: RwSignal::new(false),
    };
    Effect::new(move |_| canvas.keys.set(hands.preferences.keys()));
    shortcuts(hands);
    keyboard::keep(hands);
    if takes_keyboard {
        keyboard::begin(hands);
    }
    Effect::new(move || {
        let section = settings.section.get();
        if shown.get() == View::Settings {
            address::write_section(section.word());
        }
    });
    let on_view = Callback::new(move |(view,): (View,)| hands.show(view));
    let on_jump = Callback::new(move |(node,): (Key,)| hands.go_to(node));
    let on_target = Callback::new(move |(target,): (Target,)| hands.jump(target));
    let on_code = Callback::new(move |()| hands.show(View::Code));
    view! {
        <Toolbar hands=hands subject=subject.clone() />
        {move || locked.get().map(|why| view! { <Notice icon=Glyph::Lock><p>{why}</p></Notice> })}
        <SavingNotes saving=saving />
        <SaveDialog saving=saving />
        <MergeDialog saving=saving />
        <OfferDialog saving=saving />
        <LeaveDialog saving=saving />
        <DiscardDialog saving=saving />
        <ViewChoice shown=shown on_choose=on_view />
        <FlowChoice hands=hands />
        {move || {
            (shown.get() != View::Code).then(|| view! { <BrokenCode editor=editor on_jump=on_code /> })
        }}
        {move || match shown.get() {
            View::Visual => {
                view! {
                    <Visual
                        hands=hands
                        resources=resources
                        locked=locked
                        on_jump=on_jump
                        on_target=on_target
                    />
                }
                    .into_any()
            }
            View::Settings => {
                let control = move |(home, field): (Home, &'static Field)| {
                    view! { <FieldControl editor=editor home=home field=field resources=resources locked=locked /> }
                        .into_any()
                };
                view! {
                    <Settings editor=editor state=settings control=Callback::new(control) locked=locked on_node=on_jump />
                }
                    .into_any()
            }
            View::Revisions => {
                let difference = |(old, new): (String, String)| {
                    view! { <Differences old=old new=new /> }.into_any()
                };
                let restore = move |(number, text): (u64, String)| saving.restore(number, text);
                let Subject { project, pipeline, stage } = subject.clone();
                view! {
                    <Revisions
                        project=project
                        pipeline=pipeline
                        stage=stage
                        version=saving.version()
                        open=Callback::new(move |()| editor.text())
                        difference=Callback::new(difference)
                        on_restore=Callback::new(restore)
                        locked=locked
                    />
                }
                    .into_any()
            }
            View::Code => {
                view! { <AsCode hands=hands resources=resources locked=locked on_target=on_target /> }.into_any()
            }
            View::Outline => {
                view! { <OutlineView hands=hands resources=resources on_jump=on_jump on_target=on_target /> }.into_any()
            }
            View::Resources => {
                view! {
                    <StageResources editor=editor resources=resources stage=subject.stage on_jump=on_jump />
                }
                    .into_any()
            }
        }}
        <PopupLayer hands=hands />
        <Breaks editor=editor on_jump=on_target />
        <TypedOverRef editor=editor />
        <p class="visually-hidden" role="status" aria-live="polite">
            {move || editor.announcement.get()}
        </p>
    }
}

/// The flow as a picture, with what can be added beside it, the settings of the selected node and
/// the problems.
#[component]
fn Visual(
    hands: Hands,
    resources: Signal<Resources>,
    locked: Signal<Option<String>>,
    on_jump: Callback<(Key,)>,
    on_target: Callback<(Target,)>,
) -> impl IntoView {
    let Hands { editor, canvas, editable, on_select, .. } = hands;
    let layout = Signal::from(editor.layout);
    let counts = hands.counts;
    sheet::keep_clear(hands);
    let glances = Glances {
        of: Callback::new(move |(key,)| glance(editor, counts, key)),
        changes: count_changes(move || counts.track()),
    };
    view! {
        <div
            class="editor"
            class:is-locked=!editable
            on:keydown=move |event| back_on_escape(hands, &event)
        >
            <Side hands=hands />
            <div class="editor-middle">
                <Search hands=hands />
                <Beginning hands=hands />
                <Canvas
                    layout=layout
                    face=Callback::new(move |(key,): (Key,)| face(editor, counts, key))
                    glances=glances
                    on_fold=Callback::new(move |((workflow, hide),)| editor.collapse(workflow, hide))
                    uses=Callback::new(move |(nodes,): (Vec<Key>,)| {
                        editor.read_untracked(|document| {
                            layout.with_untracked(|layout| layout.uses(document, &nodes))
                        })
                    })
                    canvas=canvas
                    selection=editor.selection.into()
                    on_select=on_select
                    editable=editable
                    on_drop=Callback::new(move |(drop,)| hands.drop(drop))
                    on_action=Callback::new(move |(action,)| hands.press(action))
                    on_menu=Callback::new(move |(node, at): (Option<Key>, Point)| {
                        let about = if node.is_some() { About::Nodes } else { About::Canvas };
                        hands.open_menu_at(about, Anchor::point(at.x, at.y));
                    })
                    on_add=Callback::new(move |(place, at): (Place, Point)| {
                        hands.offer(Some(place), Some(Anchor::point(at.x, at.y)));
                    })
                />
                <ProblemList hands=hands />
            </div>
            <Inspector
                editor=editor
                resources=resources
                locked=locked
                on_jump=on_jump
                on_target=on_target
                on_flow=Callback::new(move |(flow,)| hands.enter_flow(flow))
                folded=hands.folded
                on_back=Callback::new(move |()| hands.to_canvas())
            />
        </div>
    }
}

/// The flow as code, with the settings of the node that the cursor is in and the problems.
#[component]
fn AsCode(
    hands: Hands,
    resources: Signal<Resources>,
    locked: Signal<Option<String>>,
    on_target: Callback<(Target,)>,
) -> impl IntoView {
    let Hands { editor, editable, on_select, .. } = hands;
    let select = Callback::new(move |(node,)| on_select.run((Selection::only(node),)));
    let on_step = Callback::new(move |(back,): (bool,)| {
        hands.act(if back { KeyAction::Undo } else { KeyAction::Redo });
    });
    view! {
        <div class="editor is-outline">
            <div class="editor-middle">
                <Code editor=editor editable=editable place=hands.in_code on_select=select on_step=on_step />
                <ProblemList hands=hands />
            </div>
            <Inspector
                editor=editor
                resources=resources
                locked=locked
                on_jump=Callback::new(move |(node,)| select.run((Some(node),)))
                on_target=on_target
                on_flow=Callback::new(move |(flow,)| hands.enter_flow(flow))
                folded=hands.folded
                on_back=Callback::new(|()| focus_code())
            />
        </div>
    }
}

/// The flow as a list, with the settings of the selected node and the problems.
#[component]
fn OutlineView(
    hands: Hands,
    resources: Signal<Resources>,
    on_jump: Callback<(Key,)>,
    on_target: Callback<(Target,)>,
) -> impl IntoView {
    let Hands { editor, locked, .. } = hands;
    view! {
        <div
            class="editor is-outline"
            on:keydown=move |event| back_on_escape(hands, &event)
        >
            <div class="editor-middle">
                <Search hands=hands />
                <Beginning hands=hands />
                <FlowOutline hands=hands />
                <ProblemList hands=hands />
            </div>
            <Inspector
                editor=editor
                resources=resources
                locked=locked
                on_jump=on_jump
                on_target=on_target
                on_flow=Callback::new(move |(flow,)| hands.enter_flow(flow))
                folded=hands.folded
                on_back=Callback::new(move |()| hands.to_canvas())
            />
        </div>
    }
}

/// Escape leads back to the flow from wherever it led to; what has a meaning for it stops it.
fn back_on_escape(hands: Hands, event: &KeyboardEvent) {
    if event.key() == "Escape" && !event.default_prevented() {
        hands.to_canvas();
    }
}

/// How to begin, where there is nothing to be seen.
#[component]
fn Beginning(hands: Hands) -> impl IntoView {
    let Hands { editor, locked, .. } = hands;
    let empty = Memo::new(move |_| editor.layout.with(|layout| layout.is_empty()));
    let containers = kinds::all().iter().enumerate().filter(|(_, kind)| kind.container).take(2);
    let choices: Vec<_> = containers.map(|(index, kind)| (index, kind.title)).collect();
    move || {
        let choices = choices.clone().into_iter().map(move |(index, title)| {
            let label = format!("Begin with a {}", title.to_lowercase());
            view! {
                <Button icon=Glyph::Plus reason=locked on_click=move |_| hands.begin(Some(index))>
                    {label}
                </Button>
            }
        });
        empty.get().then(|| {
            view! {
                <section class="flow-beginning" aria-label="An empty release flow">
                    <p>"This release flow has no steps yet. Begin with a workflow, or add any node: it gets a workflow around it."</p>
                    <div class="dialog-actions">{choices.collect_view()}</div>
                </section>
            }
        })
    }
}

#[component]
fn ProblemList(hands: Hands) -> impl IntoView {
    view! {
        <Problems
            state=hands.problems
            editable=hands.editable
            on_jump=Callback::new(move |(problem,): (Problem,)| hands.to_problem(&problem))
        />
    }
}

#[component]
fn Search(hands: Hands) -> impl IntoView {
    view! {
        <SearchBar
            search=hands.search
            editor=hands.editor
            on_show=Callback::new(move |(node,)| hands.point_at(node))
            on_leave=Callback::new(move |()| hands.to_canvas())
        />
    }
}
