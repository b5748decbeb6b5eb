//! The editor at work on one flow: what the mouse, the keyboard and the buttons do.

use std::collections::HashMap;

use leptos::prelude::*;
use slipway_api::session::Role;
use slipway_editor::{
    geometry::Point, keymap::KeyAction, layout::Place, selection::Selection, tools::Source,
};
use slipway_flow::{
    check::{Problem, Severity},
    document::Key,
    kinds::Field,
};
use web_sys::KeyboardEvent;

use super::{
    Subject, address,
    hands::{Hands, shortcuts},
    saving::{Begin, LeaveDialog, MergeDialog, OfferDialog, SaveDialog, Saving, SavingNotes},
    stage::StageResources,
    surroundings::resources,
    toolbar::Toolbar,
    view::{View, ViewChoice},
};
use crate::{
    features::{
        canvas::{Canvas, CanvasState, Glance, Glances, NodeFace, count_changes, drag_new, glyph},
        code::{BrokenCode, Code, focus_code},
        diff::Differences,
        inspector::{FieldControl, Inspector, Resources},
        palette::Palette,
        problems::Problems,
        revisions::Revisions,
        settings::{Settings, SettingsState},
    },
    state::{document::EditorHandle, home::Home, session::use_session},
    ui::{Glyph, Notice},
};

#[component]
pub(super) fn Workbench(subject: Subject, begin: Begin) -> impl IntoView {
    let editor = EditorHandle::of(begin.session.clone());
    let saving = Saving::new(editor, subject.clone(), begin);
    view! { <Desk editor=editor saving=saving subject=subject /> }
}

#[component]
fn Desk(editor: EditorHandle, saving: Saving, subject: Subject) -> impl IntoView {
    let canvas = CanvasState::new();
    let locked = use_session().refusal(Role::Editor, "change release flows");
    let editable = locked.get_untracked().is_none();
    let resources = resources(&subject);
    Effect::new(move || editor.surround(resources.with(Resources::context)));
    let layout = Signal::from(editor.layout);
    let shown = RwSignal::new(address::view());
    let on_select = Callback::new(move |(selection,): (Selection,)| {
        editor.choose(&selection);
        address::write(editor, selection.focus(), shown.get_untracked());
    });
    address::select(editor);
    let hands = Hands { editor, canvas, saving, editable, on_select, view: shown };
    shortcuts(hands);
    let settings = SettingsState::new(address::section().as_deref());
    Effect::new(move || {
        let section = settings.section.get();
        if shown.get() == View::Settings {
            address::write_section(section.word());
        }
    });
    let on_view = Callback::new(move |(view,): (View,)| hands.show(view));
    let on_jump = Callback::new(move |(node,): (Key,)| {
        hands.show(View::Visual);
        canvas.go_to(Some(node), layout, on_select);
    });
    let on_setting = Callback::new(move |(pointer,): (String,)| {
        if settings.go_to(editor, &pointer) {
            hands.show(View::Settings);
        } else {
            hands.to_canvas();
        }
    });
    let on_code = Callback::new(move |()| hands.show(View::Code));
    view! {
        <Toolbar editor=editor saving=saving subject=subject.clone() locked=locked />
        {move || locked.get().map(|why| view! { <Notice icon=Glyph::Lock><p>{why}</p></Notice> })}
        <SavingNotes saving=saving />
        <SaveDialog saving=saving />
        <MergeDialog saving=saving />
        <OfferDialog saving=saving />
        <LeaveDialog saving=saving />
        <ViewChoice shown=shown on_choose=on_view />
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
                        on_setting=on_setting
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
                view! { <AsCode hands=hands resources=resources locked=locked on_setting=on_setting /> }.into_any()
            }
            View::Resources => {
                view! {
                    <StageResources editor=editor resources=resources stage=subject.stage on_jump=on_jump />
                }
                    .into_any()
            }
        }}
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
    on_setting: Callback<(String,)>,
) -> impl IntoView {
    let Hands { editor, canvas, editable, on_select, .. } = hands;
    let layout = Signal::from(editor.layout);
    let on_grab = Callback::new(move |(kind, event): (usize, web_sys::PointerEvent)| {
        if editable {
            drag_new(canvas, kind, &event);
        }
    });
    // A place that was chosen for what is taken from the list next.
    let wanted = RwSignal::new(None::<Place>);
    let on_add = Callback::new(move |(kind,): (usize,)| match wanted.get_untracked() {
        Some(place) => hands.drop(Source::New(kind), place),
        None => hands.add(kind),
    });
    let on_add_at = Callback::new(move |(place, _): (Place, Point)| {
        hands.act(KeyAction::Add);
        wanted.set(Some(place));
    });
    Effect::new(move |_| {
        let _ = editor.changes();
        editor.selection.track();
        wanted.set(None);
    });
    let counts = Memo::new(move |_| editor.problems.with(|problems| Counts::of(problems)));
    let glances = Glances {
        of: Callback::new(move |(key,)| glance(editor, counts, key)),
        changes: count_changes(move || counts.track()),
    };
    view! {
        <div
            class="editor"
            class:is-locked=!editable
            // Escape leads back to the canvas from wherever it led to; the canvas itself stops it.
            on:keydown=move |event: KeyboardEvent| {
                if event.key() == "Escape" && !event.default_prevented() {
                    hands.to_canvas();
                }
            }
        >
            {editable.then(|| view! { <Palette glyph=glyph on_grab=on_grab on_add=on_add /> })}
            <div class="editor-middle">
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
                    on_action=Callback::new(move |(action,)| hands.act(action))
                    on_add=on_add_at
                />
                <Problems editor=editor editable=editable on_jump=on_jump on_setting=on_setting />
            </div>
            <Inspector
                editor=editor
                resources=resources
                locked=locked
                on_jump=on_jump
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
    on_setting: Callback<(String,)>,
) -> impl IntoView {
    let Hands { editor, editable, on_select, .. } = hands;
    let select = Callback::new(move |(node,)| on_select.run((Selection::only(node),)));
    let on_step = Callback::new(move |(back,): (bool,)| {
        hands.act(if back { KeyAction::Undo } else { KeyAction::Redo });
    });
    view! {
        <div class="editor is-locked">
            <div class="editor-middle">
                <Code editor=editor editable=editable on_select=select on_step=on_step />
                <Problems
                    editor=editor
                    editable=editable
                    on_jump=Callback::new(move |(node,)| select.run((Some(node),)))
                    on_setting=on_setting
                />
            </div>
            <Inspector
                editor=editor
                resources=resources
                locked=locked
                on_jump=Callback::new(move |(node,)| select.run((Some(node),)))
                on_back=Callback::new(|()| focus_code())
            />
        </div>
    }
}

/// How many errors and warnings the checks found in each node.
#[derive(Debug, Default, PartialEq)]
struct Counts(HashMap<Key, (usize, usize)>);

impl Counts {
    fn of(problems: &[Problem]) -> Self {
        let mut counts = Self::default();
        for problem in problems {
            let Some(node) = problem.node else { continue };
            let (errors, warnings) = counts.0.entry(node).or_default();
            match problem.severity {
                Severity::Error => *errors += 1,
                Severity::Warning => *warnings += 1,
                _ => {}
            }
        }
        counts
    }

    fn get(&self, node: Key) -> (usize, usize) {
        self.0.get(&node).copied().unwrap_or_default()
    }
}

fn face(editor: EditorHandle, counts: Memo<Counts>, key: Key) -> NodeFace {
    let (errors, warnings) = counts.with(|counts| counts.get(key));
    editor.read(|document| NodeFace { errors, warnings, ..NodeFace::of(document, key) })
}

fn glance(editor: EditorHandle, counts: Memo<Counts>, key: Key) -> Glance {
    let (errors, warnings) = counts.with(|counts| counts.get(key));
    editor.read(|document| Glance {
        errors: errors > 0,
        warnings: warnings > 0,
        ..Glance::of(document, key)
    })
}
