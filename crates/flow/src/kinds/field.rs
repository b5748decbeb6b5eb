//! What a field of a node is: where it stands, what may be in it, how a form asks for it.

use crate::pattern::Pattern;

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
    /// Whether a string with `${…}` may stand instead of the value.
    pub references: bool,
    pub group: Group,
    /// The list that feeds the control.
    pub source: Option<Source>,
    /// Where the vendor documents the field.
    pub cite: &'static str,
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
    List(&'static FieldType),
    /// An object with these members; pointers are relative to it.
    Object(&'static [Field]),
    /// An object with any members (environment variables, arguments).
    Map,
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
    Jobs,
    Addons,
    /// References to an output of this name of earlier nodes and of triggers.
    Outputs(&'static str),
}

/// Text of any length.
pub(super) const ANY_TEXT: FieldType = FieldType::Text { min: 0, max: usize::MAX, pattern: None };

impl FieldType {
    /// Text of at most `max` UTF-16 code units.
    pub(super) const fn up_to(max: usize) -> Self {
        Self::Text { min: 0, max, pattern: None }
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
            cite: "",
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

    pub(super) const fn cite(self, cite: &'static str) -> Self {
        Self { cite, ..self }
    }
}
