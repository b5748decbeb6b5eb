//! The sections of the settings: what each is called, and what of the document it is about.

use slipway_flow::{
    document::{Document, pointer_names},
    kinds::{Field, settings::DOCUMENT},
};

/// A section.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Section {
    #[default]
    Triggers,
    /// Trying them.
    Test,
    Webhook,
    Options,
    Arguments,
    Inputs,
    GitOps,
    /// What no other section is about.
    Document,
}

impl Section {
    pub(super) const ALL: [Self; 8] = [
        Self::Triggers,
        Self::Test,
        Self::Webhook,
        Self::Options,
        Self::Arguments,
        Self::Inputs,
        Self::GitOps,
        Self::Document,
    ];

    /// Its word in the address.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Triggers => "triggers",
            Self::Test => "test",
            Self::Webhook => "webhook",
            Self::Options => "options",
            Self::Arguments => "arguments",
            Self::Inputs => "inputs",
            Self::GitOps => "gitops",
            Self::Document => "document",
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.word() == word)
    }

    /// The member of the document that it is about, as a pointer.
    pub(super) const fn member(self) -> Option<&'static str> {
        match self {
            Self::Triggers => Some("/triggers"),
            Self::Options => Some("/options"),
            Self::Arguments => Some("/arguments"),
            Self::Inputs => Some("/richInputs"),
            Self::GitOps => Some("/gitops"),
            Self::Test | Self::Webhook | Self::Document => None,
        }
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Test => "Try the triggers",
            Self::Webhook => "Webhook",
            Self::Document => "Document",
            _ => self.field().map_or("", |field| field.label),
        }
    }

    pub(super) const fn help(self) -> &'static str {
        match self {
            Self::Triggers => {
                "Pushes and pull requests that start a run. One that several triggers wait for starts one run."
            }
            Self::Test => {
                "Whether a push, a pull request or a call would start a run of this flow as it is here, saved or not. Nothing is sent."
            }
            Self::Webhook => {
                "An address that starts a run when a script or another service calls it."
            }
            Self::Arguments => {
                "Values by name, which nodes read as ${args.NAME}. A run may bring others. Secrets don't belong here: they are stored beside the document, as argument overrides."
            }
            Self::Inputs => {
                "What a person who starts a run chooses from lists: a branch and a commit, or a build. The choice becomes arguments."
            }
            Self::Options => {
                "What becomes of runs that come while another one is active, and whether triggers may start any."
            }
            Self::GitOps => {
                "A file in a repository that is kept the same as this release flow, in both directions."
            }
            Self::Document => {
                "What else the document says. What Slipway doesn't know is kept as it is written."
            }
        }
    }

    /// What the table says of the member.
    pub(super) fn field(self) -> Option<&'static Field> {
        let member = self.member()?;
        DOCUMENT.fields.iter().find(|field| field.pointer == member)
    }
}

/// The section that a place in the document belongs to; none for the flow itself and for what
/// stands around the flow that is open.
#[must_use]
pub fn place_of(document: &Document, pointer: &str) -> Option<Section> {
    let flow = document.pointer(document.flow());
    let below = pointer.strip_prefix(&flow)?;
    let first = match pointer_names(below).next() {
        Some(name) => format!("/{name}"),
        None => return Some(Section::Document),
    };
    if matches!(first.as_str(), "/spec" | "/teardownSpec") {
        return None;
    }
    let of = Section::ALL.into_iter().find(|section| section.member() == Some(first.as_str()));
    Some(of.unwrap_or(Section::Document))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_has_an_address_and_a_name() {
        for section in Section::ALL {
            assert_eq!(Section::parse(section.word()), Some(section));
            assert!(!section.label().is_empty() && !section.help().is_empty(), "{section:?}");
        }
        assert_eq!(Section::parse("teapot"), None);
    }

    #[test]
    fn places_of_the_document_have_a_section_and_those_of_the_flow_have_none() {
        let document = Document::parse(r#"{"spec": {"kind": "Workflow"}}"#).unwrap();
        for (pointer, section) in [
            ("", Some(Section::Document)),
            ("/options", Some(Section::Options)),
            ("/options/paused", Some(Section::Options)),
            ("/optional", Some(Section::Document)),
            ("/spec/spec/steps", None),
            ("/teardownSpec", None),
        ] {
            assert_eq!(place_of(&document, pointer), section, "{pointer}");
        }
    }
}
