//! The icons: our own drawings on a grid of 16, one path each, in the colour of the text.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Glyph {
    Addon,
    Approval,
    ArrowRight,
    Back,
    Branch,
    /// The app's own mark: a hull on its slipway.
    Brand,
    Build,
    Chat,
    Check,
    ChevronDown,
    ChevronRight,
    Circle,
    Clock,
    Command,
    Comment,
    Commit,
    Copy,
    Cross,
    Export,
    Hourglass,
    Image,
    Import,
    Info,
    Job,
    Key,
    List,
    Lock,
    Loop,
    Monitor,
    Moon,
    Pencil,
    Play,
    Plus,
    Question,
    Redo,
    Repository,
    Restore,
    Retry,
    Rollback,
    Rollout,
    Save,
    Service,
    SignOut,
    Skip,
    Spinner,
    Stop,
    Sun,
    Table,
    Template,
    Trash,
    Undo,
    Unlinked,
    User,
    Warning,
    Webhook,
}

impl Glyph {
    /// The drawing, for a `path` with a stroke and no fill.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Addon => "M2.5 4c0-3 11-3 11 0s-11 3-11 0v8c0 3 11 3 11 0V4M2.5 8c0 3 11 3 11 0",
            Self::Approval => {
                "M5.5 8L7.5 10 11 6M8 1.5l5.5 2v4.5c0 3-2.5 5-5.5 6.5-3-1.5-5.5-3.5-5.5-6.5V3.5z"
            }
            Self::ArrowRight => "M2.5 8h11M9.5 4l4 4-4 4",
            Self::Back => "M13.5 8h-11M6.5 4l-4 4 4 4",
            Self::Branch => {
                "M4.5 5.5v5M4.5 5.5a1.75 1.75 0 1 1 .01 0M4.5 14a1.75 1.75 0 1 1 .01 0\
                 M11.5 5.5a1.75 1.75 0 1 1 .01 0M11.5 5.5c0 3.5-7 2-7 5"
            }
            Self::Brand => {
                "M1.5 13.5L14.5 9M3.5 9.5L12.5 6.3C12.3 8.2 11 9.8 9.5 10.3L6 11.5C4.9 11.6 3.9 10.7 3.5 9.5zM7.5 7.8V3.5l3 2.5"
            }
            Self::Build => "M8 1.5l5.5 3v7L8 14.5l-5.5-3v-7zM2.5 4.5L8 7.5l5.5-3M8 7.5v7",
            Self::Chat => "M2 3h9v6.5H6L3.5 12V9.5H2zM12.5 6H14v6h-1v2l-2-2H8",
            Self::Check => "M3 8.5l3.5 3.5L13 4.5",
            Self::ChevronDown => "M4 6l4 4 4-4",
            Self::ChevronRight => "M6 4l4 4-4 4",
            Self::Circle => "M8 2.5a5.5 5.5 0 1 1-.01 0",
            Self::Clock => "M8 2a6 6 0 1 1-.01 0M8 4.5V8l2.5 1.5",
            Self::Command => "M2 3h12v10H2zM4.5 6l2 2-2 2M8 10h3.5",
            Self::Comment => "M2 3h12v8H8l-3 3v-3H2zM5 6h6M5 8.5h4",
            Self::Commit => "M1.5 8h3.5M11 8h3.5M8 5a3 3 0 1 1-.01 0",
            Self::Copy => "M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1",
            Self::Cross => "M4 4l8 8M12 4l-8 8",
            Self::Export => "M8 8.5v-7M5 4l3-3 3 3M2.5 9.5v4h11v-4",
            Self::Hourglass => "M4 2h8M4 14h8M5 2v2.5L8 8l-3 3.5V14M11 2v2.5L8 8l3 3.5V14",
            Self::Image => "M8 2l6 3-6 3-6-3zM2 8l6 3 6-3M2 11l6 3 6-3",
            Self::Import => "M8 1.5v7M5 6l3 3 3-3M2.5 9.5v4h11v-4",
            Self::Info => "M8 2a6 6 0 1 1-.01 0M8 7.5v3.5M8 5h.01",
            Self::Job => "M9 1.5L3.5 9H8l-1 5.5L12.5 7H8z",
            Self::Key => "M5 5.5a2.75 2.75 0 1 1-.01 0M8.2 8.2L13.5 8.2v2.5M11 8.2v2",
            Self::List => "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01",
            Self::Lock => "M3.5 7h9v6.5h-9zM5.5 7V5a2.5 2.5 0 0 1 5 0v2",
            Self::Loop => {
                "M3 9V7.5A2.5 2.5 0 0 1 5.5 5H13M10.5 2.5L13 5l-2.5 2.5M13 8v.5A2.5 2.5 0 0 1 10.5 11H3M5.5 8.5L3 11l2.5 2.5"
            }
            Self::Monitor => "M2 3h12v8H2zM5.5 13.5h5M8 11v2.5",
            Self::Moon => "M13 9.5A5.5 5.5 0 1 1 6.5 3 4.5 4.5 0 0 0 13 9.5z",
            Self::Pencil => "M2.5 13.5l.7-3L10.5 3.2l2.3 2.3-7.3 7.3zM9 4.7L11.3 7",
            Self::Play => "M5 3l7.5 5L5 13z",
            Self::Plus => "M8 3v10M3 8h10",
            Self::Question => "M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M8 13h.01",
            Self::Redo => "M13 6H6.5a3.5 3.5 0 0 0 0 7H10M10 3l3 3-3 3",
            Self::Repository => "M3.5 2h9v9h-9zM3.5 11v3l2-1.5 2 1.5v-3M6 5h4",
            Self::Restore => {
                "M2.5 4c0-3 11-3 11 0s-11 3-11 0v8c0 2 4 2.5 5 2.5M13.5 4v3M11 14.5V9.5M8.5 12L11 9.5l2.5 2.5"
            }
            Self::Retry => "M13 8a5 5 0 1 1-1.5-3.5L13 6M13 2.5V6H9.5",
            Self::Rollback => "M3 8a5 5 0 1 0 1.5-3.5L3 6M3 2.5V6h3.5M8 5.5V8l2 1.5",
            Self::Rollout => {
                "M2 8h4M6 8c3 0 3-4 7-4M6 8c3 0 3 4 7 4M11 2l2.5 2L11 6M11 10l2.5 2L11 14"
            }
            Self::Save => "M2.5 2.5h8.5l2.5 2.5v8.5h-11zM5 2.5V6h5V2.5M5 13.5v-4h6v4",
            Self::Service => "M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01",
            Self::SignOut => "M6.5 2.5h-4v11h4M6.5 8h7M10.5 5l3 3-3 3",
            Self::Skip => "M3.5 3.5L9 8l-5.5 4.5zM12 3.5v9",
            Self::Spinner => "M8 2.5A5.5 5.5 0 1 1 2.5 8",
            Self::Stop => "M4 4h8v8H4z",
            Self::Sun => {
                "M8 5a3 3 0 1 1-.01 0M8 1.2v1.3M8 13.5v1.3M1.2 8h1.3M13.5 8h1.3\
                 M3.2 3.2l.9.9M11.9 11.9l.9.9M3.2 12.8l.9-.9M11.9 4.1l.9-.9"
            }
            Self::Table => "M2.5 3h11v10h-11zM2.5 6.5h11M6.5 3v10",
            Self::Template => "M2.5 2.5h7v7h-7zM6.5 12v1.5h7v-7H12",
            Self::Trash => "M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.7 9h6.6l.7-9M7 7v4M9 7v4",
            Self::Undo => "M3 6h6.5a3.5 3.5 0 0 1 0 7H6M6 3L3 6l3 3",
            Self::Unlinked => {
                "M2 2l12 12M5.5 10.5l-1 1a2.5 2.5 0 0 1-3.5-3.5M10.5 5.5l1-1A2.5 2.5 0 0 1 15 8"
            }
            Self::User => "M8 2.5a2.75 2.75 0 1 1-.01 0M2.5 14c.5-6 10.5-6 11 0",
            Self::Warning => "M8 2l6.5 11.5h-13zM8 6.5v3.5M8 12h.01",
            Self::Webhook => "M5.5 2.5L2 8l3.5 5.5M10.5 2.5L14 8l-3.5 5.5M6 8h.01M8 8h.01M10 8h.01",
        }
    }
}

/// An icon beside words. It says nothing to a screen reader: the words do.
#[component]
pub fn Icon(
    #[prop(into)] of: Signal<Glyph>,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    let class = super::classes(&["icon", &class]);
    view! {
        <svg class=class viewBox="0 0 16 16" aria-hidden="true">
            <path d=move || of.get().path()></path>
        </svg>
    }
}
