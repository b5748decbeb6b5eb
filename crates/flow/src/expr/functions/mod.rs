//! The functions of `${fn.…}`: one static table that evaluation, checks, completion and the
//! reference page read. A function is a row of [`all`] and the Rust function that it names.
//!
//! Texts are measured in UTF-16 code units, truth and numbers are JavaScript's. What isn't
//! documented is chosen in the row's help. The functions know neither the time nor chance: they are
//! given both.
//!
//! - `table`: the rows. - `arguments`: what a function is given, made to fit its parameters.
//!   `text`, `logic`, `data`, `time`: the functions.

mod arguments;
mod data;
mod logic;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod time;

use serde_json::Value;

pub(super) use arguments::{Argument, Arguments, fit, weight};

use super::scope::Scope;

/// How many elements a list that a function makes may have.
pub const MAX_LIST_ELEMENTS: usize = 100_000;

impl Type {
    /// The same in a sentence: "a number".
    pub(super) fn with_article(self) -> String {
        match self {
            Self::Any | Self::Boolean => self.word().to_owned(),
            Self::Object => format!("an {}", self.word()),
            _ => format!("a {}", self.word()),
        }
    }
}

/// One function.
#[derive(Debug)]
pub struct Function {
    /// As written after `fn.`.
    pub name: &'static str,
    pub group: Group,
    /// Required ones first; only the last one may be there more than once.
    pub parameters: &'static [Parameter],
    pub result: Type,
    /// One sentence, and a second one where the vendor leaves something open.
    pub help: &'static str,
    /// None only for functions that can't be worked out.
    pub example: Option<Example>,
    pub(super) work: Work,
}

/// What a form lists together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    General,
    Text,
    Boolean,
    Maths,
    Object,
    List,
}

impl Group {
    /// All, in the order of the reference.
    pub const ALL: [Self; 6] =
        [Self::General, Self::Text, Self::Boolean, Self::Maths, Self::Object, Self::List];

    /// The heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::General => "General",
            Self::Text => "Texts",
            Self::Boolean => "True and false",
            Self::Maths => "Numbers",
            Self::Object => "Objects",
            Self::List => "Lists",
        }
    }
}

/// One parameter of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    pub name: &'static str,
    pub ty: Type,
    pub need: Need,
}

/// Whether an argument must be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Required,
    /// What is taken where it isn't given, in words or as written.
    Optional(&'static str),
    /// None, one or several.
    Variadic,
}

/// What a value is. Texts that read as numbers pass for numbers, numbers for texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    Any,
    Text,
    Number,
    Boolean,
    List,
    /// Also a list, whose keys are its indices.
    Object,
    /// A text, or a regular expression between slashes.
    TextOrRegex,
    /// A function of one's own: the vendor doesn't document how one is written.
    OwnFunction,
}

impl Type {
    /// The word for people.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::Text => "text",
            Self::Number => "number",
            Self::Boolean => "true or false",
            Self::List => "list",
            Self::Object => "object or list",
            Self::TextOrRegex => "text or regular expression",
            Self::OwnFunction => "function of your own",
        }
    }
}

/// A call and what it gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// Without `${` and `}`.
    pub call: &'static str,
    /// The result as JSON.
    pub gives: &'static str,
}

/// How a function's value is had.
#[derive(Debug)]
pub(super) enum Work {
    /// From its arguments alone. None is an absent value.
    Plain(fn(&Arguments<'_>) -> Outcome),
    /// From the arguments and what the run was given.
    Given(fn(&Arguments<'_>, &Scope<'_>, usize) -> Outcome),
    /// `if`: the branch that isn't taken isn't worked out.
    Choice,
    /// Can't be had; the sentence says why.
    Refused(&'static str),
}

pub(super) type Outcome = Result<Option<Value>, Wrong>;

/// Why a function has no value.
#[derive(Debug)]
pub(super) struct Wrong {
    /// The argument that it is about; the whole call where it isn't about one.
    pub(super) argument: Option<usize>,
    pub(super) sentence: String,
}

impl Wrong {
    fn at(argument: usize, sentence: impl Into<String>) -> Self {
        Self { argument: Some(argument), sentence: sentence.into() }
    }

    fn whole(sentence: impl Into<String>) -> Self {
        Self { argument: None, sentence: sentence.into() }
    }
}

/// Every function, group by group.
#[must_use]
pub fn all() -> &'static [Function] {
    table::ALL
}

/// The function with this name. As in JavaScript, upper and lower case differ.
#[must_use]
pub fn find(name: &str) -> Option<&'static Function> {
    all().iter().find(|function| function.name == name)
}

impl Function {
    /// How it is written: `slice(text, start, end?)`.
    #[must_use]
    pub fn signature(&self) -> String {
        let parameters: Vec<_> = self
            .parameters
            .iter()
            .map(|parameter| match parameter.need {
                Need::Required => parameter.name.to_owned(),
                Need::Optional(_) => format!("{}?", parameter.name),
                Need::Variadic => format!("{}, …", parameter.name),
            })
            .collect();
        format!("{}({})", self.name, parameters.join(", "))
    }

    /// Whether it takes this many arguments; else a sentence.
    ///
    /// # Errors
    /// When there are too few or too many.
    pub fn check_count(&self, given: usize) -> Result<(), String> {
        let least = self.parameters.iter().filter(|it| it.need == Need::Required).count();
        let variadic = self.parameters.last().is_some_and(|it| it.need == Need::Variadic);
        let most = if variadic { usize::MAX } else { self.parameters.len() };
        if (least..=most).contains(&given) {
            return Ok(());
        }
        let arguments = |count| if count == 1 { "1 argument" } else { "arguments" };
        let takes = match (least, most) {
            (_, 0) => "no arguments".to_owned(),
            (1, 1) => "1 argument".to_owned(),
            (least, most) if least == most => format!("{least} arguments"),
            (least, usize::MAX) => {
                format!("at least {least} {}", arguments(least).trim_start_matches("1 "))
            }
            (0, most) => format!("at most {most} {}", arguments(most).trim_start_matches("1 ")),
            (least, most) => format!("{least} to {most} arguments"),
        };
        let given = if given == 0 { "none".to_owned() } else { given.to_string() };
        let (name, signature) = (self.name, self.signature());
        Err(format!("`{name}` takes {takes}, and is given {given}: {signature}."))
    }

    /// The parameter that the argument at `index` is for.
    #[must_use]
    pub fn parameter(&self, index: usize) -> Option<&'static Parameter> {
        let last = self.parameters.last().filter(|last| last.need == Need::Variadic);
        self.parameters.get(index).or(last)
    }
}

/// The sentence about a name that no function has.
pub(super) fn unknown(name: &str) -> String {
    let same = all().iter().find(|function| function.name.eq_ignore_ascii_case(name));
    match same {
        Some(function) => {
            format!("There is no function `{name}`; `{}` is written like this.", function.name)
        }
        None if name == "randomString" => {
            "There is no function `randomString`: use `randomSecret`.".to_owned()
        }
        None => format!("There is no function `{name}`."),
    }
}
