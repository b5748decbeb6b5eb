//! What holds between the members of one object: alternatives, and members that need or exclude
//! one another. Checks, schema and forms read the same rules.
//!
//! A member counts as given unless it is absent, `null` or an empty text. Where a member that a
//! rule depends on is a reference, only a run can tell, and the rule says nothing.

/// A rule about an object. Pointers are relative to it: to the node, the trigger, the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// One of these members is given, and no other of them.
    ExactlyOne {
        when: Option<When>,
        of: &'static [&'static str],
        /// What to say when there is none.
        none: &'static str,
        /// What to say when there is more than one.
        several: &'static str,
    },
    /// Not more than one of these members is given.
    AtMostOne { of: &'static [&'static str], several: &'static str },
    /// The member is given where `when` holds; else `says`.
    Needed { pointer: &'static str, when: When, says: &'static str },
    /// One of these members should be given where `when` holds; else `says`, though the API takes
    /// the document.
    Advised { of: &'static [&'static str], when: When, says: &'static str },
    /// The member has an effect only where `when` holds; else `says`.
    OnlyWith { pointer: &'static str, when: When, says: &'static str },
}

/// What another member must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    pub pointer: &'static str,
    /// One of these words; any value where there are none.
    pub words: &'static [&'static str],
    /// Whether it holds as well where the member isn't given.
    pub or_absent: bool,
}

impl When {
    /// The member is given, whatever it holds.
    pub(super) const fn given(pointer: &'static str) -> Self {
        Self { pointer, words: &[], or_absent: false }
    }

    /// The member holds one of these words.
    pub(super) const fn is(pointer: &'static str, words: &'static [&'static str]) -> Self {
        Self { pointer, words, or_absent: false }
    }

    /// The member holds one of these words, or isn't given.
    pub(super) const fn is_unless_given(
        pointer: &'static str,
        words: &'static [&'static str],
    ) -> Self {
        Self { pointer, words, or_absent: true }
    }
}

impl Rule {
    /// Every member that the rule speaks of.
    pub fn pointers(&self) -> impl Iterator<Item = &'static str> {
        let (many, one, when): (&'static [&'static str], _, _) = match *self {
            Self::ExactlyOne { when, of, .. } => (of, None, when),
            Self::AtMostOne { of, .. } => (of, None, None),
            Self::Advised { of, when, .. } => (of, None, Some(when)),
            Self::Needed { pointer, when, .. } | Self::OnlyWith { pointer, when, .. } => {
                (&[], Some(pointer), Some(when))
            }
        };
        many.iter().copied().chain(one).chain(when.map(|when| when.pointer))
    }

    /// The members that it says something about, without those that it only looks at.
    #[must_use]
    pub fn about(&self) -> Vec<&'static str> {
        match *self {
            Self::ExactlyOne { of, .. } | Self::AtMostOne { of, .. } | Self::Advised { of, .. } => {
                of.to_vec()
            }
            Self::Needed { pointer, .. } | Self::OnlyWith { pointer, .. } => vec![pointer],
        }
    }

    /// The sentences that the rule can say.
    pub fn sentences(&self) -> impl Iterator<Item = &'static str> {
        let (first, second) = match *self {
            Self::ExactlyOne { none, several, .. } => (none, Some(several)),
            Self::AtMostOne { several, .. } => (several, None),
            Self::Needed { says, .. }
            | Self::Advised { says, .. }
            | Self::OnlyWith { says, .. } => (says, None),
        };
        std::iter::once(first).chain(second)
    }
}
