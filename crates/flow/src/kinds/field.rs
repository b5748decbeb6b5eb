//! What a field of a node is: where it stands, what may be in it, how a form asks for it.

use super::rule::Rule;
use crate::{pattern::Pattern, stage::ResourceType};

/// One field of a node, or of the document around the flow.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// JSON pointer from the node: `/spec/jobId`, `/condition`. Never with escapes.
    pub pointer: &'static str,
    /// The label of the form control.
    pub label: &'static str,
    /// A sentence below the control; may be empty.
    pub help: &'static str,
    pub ty: FieldType,
    pub required: bool,
    /// Whether a string with `${…}` may stand instead of the value. For entries of a list see
    /// [`FieldType::OrReference`].
    pub references: bool,
    pub group: Group,
    /// The list that feeds the control.
    pub source: Option<Source>,
    /// What it means when the member isn't there, where that is the same as one of its values: the
    /// word, `true` or `false`.
    pub absent: Option<&'static str>,
    /// Whether the text is written in several lines.
    pub lines: bool,
}

/// A sort of object: its members, and what holds between them.
#[derive(Debug)]
pub struct Table {
    /// What such an object is called in a sentence: "a Git trigger".
    pub noun: &'static str,
    /// Where the vendor documents it.
    pub cite: &'static str,
    /// Pointers are relative to the object.
    pub fields: &'static [Field],
    pub rules: &'static [Rule],
    /// Members that the same sort of object has in other documents of the vendor and not in a
    /// release flow, each with the sentence that says so.
    pub elsewhere: &'static [(&'static str, &'static str)],
}

/// What may be in a field.
#[derive(Debug, Clone, Copy)]
pub enum FieldType {
    /// A string; bounds in UTF-16 code units, as the API counts.
    Text {
        min: usize,
        max: usize,
        pattern: Option<&'static Pattern>,
    },
    /// A whole number.
    Integer {
        min: i64,
        max: i64,
    },
    Boolean,
    Choice(&'static [Choice]),
    /// "Wait for completion": a check box that writes this one word, or no member at all.
    Condition(&'static str),
    /// The strings `"true"` and `"false"`, or `${…}`.
    SkipFlag,
    /// Anything; a form shows it as code.
    Json,
    /// A node. Whoever walks over nodes looks at it.
    Node,
    /// A list of nodes. Whoever walks over nodes looks at them.
    Nodes,
    List(&'static FieldType),
    /// An object with the members of a table.
    Object(&'static Table),
    /// An object with any members (environment variables, arguments).
    Map,
    /// The type, or `null`.
    Nullable(&'static FieldType),
    /// The type, or a string with `${…}`: for entries of lists.
    OrReference(&'static FieldType),
}

/// One of the words that a field may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    pub value: &'static str,
    pub label: &'static str,
}

/// Where a form shows the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    Main,
    Options,
    Advanced,
}

/// Which stage a list of deployment targets is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    This,
    Preceding,
}

/// The list of things a field is chosen from. The person may always type something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    BuildServices,
    /// Build services, or jobs where the member at `type_pointer` says `job`.
    Buildables {
        type_pointer: &'static str,
    },
    /// Deployment services, or jobs where the member at `type_pointer` says `job`, of this stage
    /// or the one before it.
    Deployables {
        stage: Place,
        type_pointer: &'static str,
    },
    /// Deployment services of this stage.
    Services,
    Jobs,
    Addons,
    /// Templates and workflows of the team.
    Templates,
    /// Secret groups of the project.
    Secrets,
    /// Clusters in a cloud account of one's own.
    Clusters,
    /// References to an output of this name of earlier nodes and of triggers.
    Outputs(&'static str),
    /// References to an output of earlier nodes of one kind.
    OutputsOf {
        kind: &'static str,
        output: &'static str,
    },
    /// Refs of the template's `OpenTofu` nodes.
    OpenTofuRefs,
}

/// What a field names of the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wanted {
    /// A service that builds. Stages don't hold them: every flow may use them.
    BuildService,
    /// A job that builds, of whatever stage.
    BuildJob,
    /// What a stage holds, of one type.
    Held { stage: Place, of: ResourceType },
}

impl Source {
    /// What the field names, given what the member at a pointer says the type is; none for fields
    /// that name nothing of the project, or where the type isn't said.
    #[must_use]
    pub fn wanted(self, type_at: impl Fn(&'static str) -> Option<ResourceType>) -> Option<Wanted> {
        let held = |stage, of| Some(Wanted::Held { stage, of });
        match self {
            Self::BuildServices => Some(Wanted::BuildService),
            Self::Buildables { type_pointer } => match type_at(type_pointer)? {
                ResourceType::Service => Some(Wanted::BuildService),
                ResourceType::Job => Some(Wanted::BuildJob),
                ResourceType::Addon => None,
            },
            Self::Deployables { stage, type_pointer } => held(stage, type_at(type_pointer)?),
            Self::Services => held(Place::This, ResourceType::Service),
            Self::Jobs => held(Place::This, ResourceType::Job),
            Self::Addons => held(Place::This, ResourceType::Addon),
            Self::Templates
            | Self::Secrets
            | Self::Clusters
            | Self::Outputs(_)
            | Self::OutputsOf { .. }
            | Self::OpenTofuRefs => None,
        }
    }
}

/// Text of any length.
pub(super) const ANY_TEXT: FieldType = FieldType::Text { min: 0, max: usize::MAX, pattern: None };

impl FieldType {
    /// The type without what may stand instead: neither `Nullable` nor `OrReference`.
    #[must_use]
    pub const fn bare(&self) -> &Self {
        let mut ty = self;
        while let Self::Nullable(inner) | Self::OrReference(inner) = ty {
            ty = inner;
        }
        ty
    }

    /// Whether the type itself says that a string with `${…}` may stand instead.
    #[must_use]
    pub const fn takes_references(&self) -> bool {
        match self {
            Self::OrReference(_) => true,
            Self::Nullable(inner) => inner.takes_references(),
            _ => false,
        }
    }

    /// Text of at most `max` UTF-16 code units.
    pub(super) const fn up_to(max: usize) -> Self {
        Self::Text { min: 0, max, pattern: None }
    }

    /// Text of at least `min` UTF-16 code units.
    pub(super) const fn at_least(min: usize) -> Self {
        Self::Text { min, max: usize::MAX, pattern: None }
    }

    /// Text of a pattern, within the pattern's own bounds.
    pub(super) const fn of(pattern: &'static Pattern) -> Self {
        Self::Text { min: pattern.min, max: pattern.max, pattern: Some(pattern) }
    }

    /// Text of a pattern with bounds of the field's own.
    pub(super) const fn within(min: usize, max: usize, pattern: &'static Pattern) -> Self {
        Self::Text { min, max, pattern: Some(pattern) }
    }
}

impl Field {
    /// An optional field in the main group that takes no references.
    pub(super) const fn new(pointer: &'static str, label: &'static str, ty: FieldType) -> Self {
        Self {
            pointer,
            label,
            help: "",
            ty,
            required: false,
            references: false,
            group: Group::Main,
            source: None,
            absent: None,
            lines: false,
        }
    }

    pub(super) const fn help(self, help: &'static str) -> Self {
        Self { help, ..self }
    }

    pub(super) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    pub(super) const fn references(self) -> Self {
        Self { references: true, ..self }
    }

    pub(super) const fn group(self, group: Group) -> Self {
        Self { group, ..self }
    }

    pub(super) const fn source(self, source: Source) -> Self {
        Self { source: Some(source), ..self }
    }

    /// When the member isn't there, that means the same as this value.
    pub(super) const fn absent(self, word: &'static str) -> Self {
        Self { absent: Some(word), ..self }
    }

    pub(super) const fn in_lines(self) -> Self {
        Self { lines: true, ..self }
    }
}

impl Table {
    /// A table whose members have nothing to do with one another.
    pub(super) const fn new(
        noun: &'static str,
        cite: &'static str,
        fields: &'static [Field],
    ) -> Self {
        Self { noun, cite, fields, rules: &[], elsewhere: &[] }
    }

    pub(super) const fn rules(self, rules: &'static [Rule]) -> Self {
        Self { rules, ..self }
    }

    pub(super) const fn elsewhere(
        self,
        elsewhere: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { elsewhere, ..self }
    }
}

/// The fields of several tables, one after another. `N` is how many they are.
pub(super) const fn join<const N: usize>(parts: &[&[Field]]) -> [Field; N] {
    let mut joined = [Field::new("", "", FieldType::Json); N];
    let (mut part, mut at) = (0, 0);
    while part < parts.len() {
        let mut index = 0;
        while index < parts[part].len() {
            joined[at] = parts[part][index];
            at += 1;
            index += 1;
        }
        part += 1;
    }
    joined
}

/// One table of several: `fields![OWN, envelope::COMMON]`.
macro_rules! fields {
    ($($part:expr),+ $(,)?) => {{
        const COUNT: usize = 0 $(+ $part.len())+;
        static JOINED: [$crate::kinds::Field; COUNT] =
            $crate::kinds::field::join(&[$(&$part),+]);
        &JOINED
    }};
}
pub(super) use fields;
