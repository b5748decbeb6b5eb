//! How new text is laid out so that it reads like what stands around it.

use serde_json::Value;

use crate::document::{Document, Key};

impl Document {
    /// The white space at the start of the line on which the value begins.
    pub(in crate::document) fn line_indent(&self, key: Key) -> String {
        let mut at = key;
        while let Some(parent) = self.parent(at) {
            let item = self.data(parent).items().iter().find(|item| item.value == at);
            if let Some((_, indent)) =
                item.and_then(|item| self.symbol(item.before).rsplit_once('\n'))
            {
                return indent.to_owned();
            }
            at = parent;
        }
        String::new()
    }

    /// The indentation of a container's items, where they stand on lines of their own or would.
    pub(in crate::document) fn child_indent(&self, container: Key) -> String {
        match self.data(container).items().first() {
            Some(item) => match self.symbol(item.before).rsplit_once('\n') {
                Some((_, indent)) => indent.to_owned(),
                None => self.line_indent(container),
            },
            None => self.line_indent(container) + &self.indent_unit(),
        }
    }

    /// One step of indentation: that of the root's members, else two spaces.
    pub(in crate::document) fn indent_unit(&self) -> String {
        self.data(self.root)
            .items()
            .first()
            .and_then(|item| self.symbol(item.before).rsplit_once('\n'))
            .map(|(_, indent)| indent.to_owned())
            .filter(|indent| !indent.is_empty())
            .unwrap_or_else(|| "  ".to_owned())
    }

    /// Whether new items of the container go on lines of their own.
    pub(in crate::document) fn in_lines(&self, container: Key) -> bool {
        match self.data(container).items().first() {
            Some(item) => self.symbol(item.before).contains('\n'),
            None => self
                .data(self.root)
                .items()
                .first()
                .is_none_or(|item| self.symbol(item.before).contains('\n')),
        }
    }

    /// The text of one value, its lines indented as if it began on a line indented by `base`.
    #[must_use]
    pub fn text_at(&self, key: Key, base: &str) -> String {
        reindent(&self.text_of(key), base, None)
    }

    /// Text for a new value, laid out to stand in the container.
    pub(super) fn layout(&self, container: Key, value: &Value) -> String {
        if self.in_lines(container) {
            pretty(value, &self.indent_unit(), &self.child_indent(container))
        } else {
            value.to_string()
        }
    }
}

pub(super) fn pretty(value: &Value, unit: &str, base: &str) -> String {
    use serde::Serialize;
    let mut out = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(unit.as_bytes());
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, formatter);
    if value.serialize(&mut serializer).is_err() {
        return value.to_string();
    }
    // Line breaks stand only between values: inside strings they are escaped.
    String::from_utf8(out)
        .map_or_else(|_| value.to_string(), |text| text.replace('\n', &format!("\n{base}")))
}

/// Text of one value with its lines indented anew, as if the value began on a line indented by
/// `base`. The line that it ends on says how far it is indented where it comes from; with a `unit`,
/// each level inside it gets that instead of what its first line has.
pub(super) fn reindent(text: &str, base: &str, unit: Option<&str>) -> String {
    let Some((_, last)) = text.rsplit_once('\n') else { return text.to_owned() };
    let blank = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let from = &last[..blank(last)];
    if from == base {
        return text.to_owned();
    }
    let lines = || text.split('\n').skip(1).map(|line| line.strip_prefix(from).unwrap_or(line));
    let step = lines().find_map(|line| Some(&line[..blank(line)]).filter(|step| !step.is_empty()));
    let mut out = text.split('\n').next().unwrap_or_default().to_owned();
    for mut line in lines() {
        out.push('\n');
        out.push_str(base);
        if let (Some(step), Some(unit)) = (step, unit) {
            while let Some(rest) = line.strip_prefix(step) {
                out.push_str(unit);
                line = rest;
            }
        }
        out.push_str(line);
    }
    out
}
