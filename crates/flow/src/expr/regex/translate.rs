//! From ECMAScript's notation to the engine's. The classes are written out, because the engine knows
//! them only in ASCII or not at all; what it can't run is refused with a sentence.

const SPACE: &str =
    r"\x09-\x0D\x20\xA0\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}";
const NOT_SPACE: &str = r"\x00-\x08\x0E-\x1F\x21-\x9F\xA1-\u{167F}\u{1681}-\u{1FFF}\u{200B}-\u{2027}\u{202A}-\u{202E}\u{2030}-\u{205E}\u{2060}-\u{2FFF}\u{3001}-\u{FEFE}\u{FF00}-\u{10FFFF}";
const WORD: &str = "0-9A-Z_a-z";
const NOT_WORD: &str = r"\x00-\x2F\x3A-\x40\x5B-\x5E\x60\x7B-\u{10FFFF}";
const DIGIT: &str = "0-9";
const NOT_DIGIT: &str = r"\x00-\x2F\x3A-\u{10FFFF}";

/// What the engine is given for what stands between the slashes.
///
/// # Errors
/// A sentence about what the engine has no notation for.
pub(super) fn to_engine(source: &str, ignore_case: bool, dot_all: bool) -> Result<String, String> {
    let mut out = String::new();
    let rest = source.chars().collect();
    Translator { rest, at: 0, ignore_case, dot_all, out: &mut out }.all()?;
    Ok(out)
}

struct Translator<'o> {
    rest: Vec<char>,
    at: usize,
    ignore_case: bool,
    dot_all: bool,
    out: &'o mut String,
}

const AHEAD: &str = "Looking ahead (`(?=…)`, `(?!…)`) can't be used in regular expressions here.";
const BEHIND: &str =
    "Looking behind (`(?<=…)`, `(?<!…)`) can't be used in regular expressions here.";
const BACK: &str =
    "Back-references (`\\1`, `\\k<name>`) can't be used in regular expressions here.";
const NOTHING: &str = "There is nothing that `*`, `+`, `?` or `{…}` could repeat here.";

impl Translator<'_> {
    fn all(&mut self) -> Result<(), String> {
        // Whether something that can be repeated stands just before.
        let mut repeatable = false;
        while let Some(c) = self.next() {
            repeatable = match c {
                '*' | '+' | '?' => {
                    self.repeat(repeatable, &c.to_string())?;
                    false
                }
                '{' => match self.count()? {
                    Some(count) => {
                        self.repeat(repeatable, &count)?;
                        false
                    }
                    None => {
                        self.literal('{');
                        true
                    }
                },
                '(' => {
                    self.group()?;
                    false
                }
                ')' => {
                    self.out.push(')');
                    true
                }
                '[' => {
                    self.class()?;
                    true
                }
                '|' | '^' | '$' => {
                    self.out.push(c);
                    false
                }
                '.' if self.dot_all => {
                    self.out.push_str(r"[\x00-\u{10FFFF}]");
                    true
                }
                '.' => {
                    self.out.push_str(r"[^\n\r\u{2028}\u{2029}]");
                    true
                }
                '\\' => self.escape()?,
                c => {
                    self.literal(c);
                    true
                }
            };
        }
        Ok(())
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek(0)?;
        self.at += 1;
        Some(next)
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.rest.get(self.at + ahead).copied()
    }

    fn starts(&self, with: &str) -> bool {
        with.chars().enumerate().all(|(at, c)| self.peek(at) == Some(c))
    }

    fn repeat(&mut self, repeatable: bool, count: &str) -> Result<(), String> {
        if !repeatable {
            return Err(NOTHING.to_owned());
        }
        self.out.push_str(count);
        if self.peek(0) == Some('?') {
            self.at += 1;
            self.out.push('?');
        }
        Ok(())
    }

    /// `{2}`, `{2,}`, `{2,5}`: the brace has been read. Any other brace stands for itself.
    fn count(&mut self) -> Result<Option<String>, String> {
        let close = self.rest[self.at..].iter().take(24).position(|c| *c == '}');
        let Some(close) = close else { return Ok(None) };
        let inside: String = self.rest[self.at..self.at + close].iter().collect();
        let (least, most) =
            inside.split_once(',').map_or((inside.as_str(), None), |(a, b)| (a, Some(b)));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
        if !is_number(least) || most.is_some_and(|most| !most.is_empty() && !is_number(most)) {
            return Ok(None);
        }
        self.at += close + 1;
        if [Some(least), most].into_iter().flatten().any(|it| it.len() > 4) {
            return Err("This regular expression is too large to be run.".to_owned());
        }
        Ok(Some(format!("{{{inside}}}")))
    }

    /// `(` has been read.
    fn group(&mut self) -> Result<(), String> {
        if self.starts("?=") || self.starts("?!") {
            return Err(AHEAD.to_owned());
        }
        if self.starts("?<=") || self.starts("?<!") {
            return Err(BEHIND.to_owned());
        }
        self.out.push('(');
        if self.starts("?:") {
            self.at += 2;
            self.out.push_str("?:");
        } else if self.starts("?<") {
            self.at += 2;
            self.out.push_str("?P<");
            while let Some(c) = self.next() {
                self.out.push(c);
                if c == '>' {
                    break;
                }
            }
        } else if self.starts("?") {
            return Err("A group begins with `(`, `(?:` or `(?<name>`; `(?` alone means nothing."
                .to_owned());
        }
        Ok(())
    }

    /// A backslash has been read, outside a class; whether what follows can be repeated.
    fn escape(&mut self) -> Result<bool, String> {
        if let Some(class) = self.peek(0).and_then(class_of) {
            self.at += 1;
            self.out.push('[');
            self.out.push_str(class);
            self.out.push(']');
            return Ok(true);
        }
        match self.peek(0) {
            Some(c @ ('b' | 'B')) => {
                self.at += 1;
                self.out.push('\\');
                self.out.push(c);
                Ok(false)
            }
            Some('1'..='9' | 'k') => Err(BACK.to_owned()),
            _ => {
                let c = self.character()?;
                self.literal(c);
                Ok(true)
            }
        }
    }

    /// The one character that an escape means; its backslash has been read.
    fn character(&mut self) -> Result<char, String> {
        let c = self.next().ok_or("A backslash stands at the end of this regular expression.")?;
        let digits = match c {
            'n' => return Ok('\n'),
            'r' => return Ok('\r'),
            't' => return Ok('\t'),
            'f' => return Ok('\u{c}'),
            'v' => return Ok('\u{b}'),
            '0' if !self.peek(0).is_some_and(|c| c.is_ascii_digit()) => return Ok('\0'),
            'c' => match self.peek(0).filter(char::is_ascii_alphabetic) {
                Some(letter) => {
                    self.at += 1;
                    return Ok(char::from(letter as u8 & 31));
                }
                None => return Err("`\\c` needs a letter behind it.".to_owned()),
            },
            'x' => 2,
            'u' => 4,
            'p' | 'P' | '0' => {
                return Err(format!("`\\{c}` can't be used in regular expressions here."));
            }
            other => return Ok(other),
        };
        let written: String = self.rest[self.at..].iter().take(digits).collect();
        // Without that many digits the letter stands for itself.
        if written.len() != digits || !written.bytes().all(|it| it.is_ascii_hexdigit()) {
            return Ok(c);
        }
        self.at += digits;
        let code = u32::from_str_radix(&written, 16).ok();
        code.and_then(char::from_u32)
            .ok_or_else(|| format!("`\\u{written}` is half a character, which no text here has."))
    }

    /// Upper and lower case of letters beyond ASCII are written out: the engine doesn't know them.
    fn both_cases(&self, c: char) -> Option<(char, char)> {
        if !self.ignore_case || c.is_ascii() {
            return None;
        }
        let one = |mut cases: Box<dyn Iterator<Item = char>>| {
            cases.next().filter(|_| cases.next().is_none())
        };
        let lower = one(Box::new(c.to_lowercase()))?;
        let upper = one(Box::new(c.to_uppercase()))?;
        (lower != upper && !lower.is_ascii() && !upper.is_ascii()).then_some((lower, upper))
    }

    fn literal(&mut self, c: char) {
        match self.both_cases(c) {
            Some((lower, upper)) => self.out.extend(['[', lower, upper, ']']),
            None => self.in_class(c),
        }
    }

    /// One character that means itself, in a class or outside.
    fn in_class(&mut self, c: char) {
        if c.is_ascii() && !c.is_ascii_alphanumeric() {
            self.out.push_str(&format!("\\x{:02X}", c as u32));
        } else {
            self.out.push(c);
        }
    }

    /// `[` has been read.
    fn class(&mut self) -> Result<(), String> {
        let negated = self.peek(0) == Some('^');
        self.at += usize::from(negated);
        if self.peek(0) == Some(']') {
            self.at += 1;
            // Nothing, or anything.
            self.out.push_str(if negated { r"[\x00-\u{10FFFF}]" } else { r"[^\x00-\u{10FFFF}]" });
            return Ok(());
        }
        self.out.push_str(if negated { "[^" } else { "[" });
        loop {
            if self.peek(0) == Some(']') {
                self.at += 1;
                self.out.push(']');
                return Ok(());
            }
            let Some(from) = self.class_atom()? else { continue };
            if self.peek(0) != Some('-') || matches!(self.peek(1), None | Some(']')) {
                self.class_character(from);
                continue;
            }
            self.at += 1;
            let before = self.out.len();
            match self.class_atom()? {
                // `[a-\d]`: the hyphen stands for itself.
                None => {
                    let class = self.out.split_off(before);
                    self.class_character(from);
                    self.in_class('-');
                    self.out.push_str(&class);
                }
                Some(to) if from > to => {
                    return Err(format!("The range `{from}-{to}` is the wrong way round."));
                }
                Some(_) if self.ignore_case && !from.is_ascii() => {
                    return Err("Ranges of letters beyond ASCII can't be used with the flag `i` \
                                here."
                        .to_owned());
                }
                Some(to) => {
                    self.in_class(from);
                    self.out.push('-');
                    self.in_class(to);
                }
            }
        }
    }

    fn class_character(&mut self, c: char) {
        self.in_class(c);
        if let Some((lower, upper)) = self.both_cases(c) {
            self.out.extend([lower, upper]);
        }
    }

    /// One character of a class; None where a whole class stood there, which has been written.
    fn class_atom(&mut self) -> Result<Option<char>, String> {
        let c = self.next().ok_or("A `[` is never closed in this regular expression.")?;
        if c != '\\' {
            return Ok(Some(c));
        }
        if let Some(class) = self.peek(0).and_then(class_of) {
            self.at += 1;
            self.out.push_str(class);
            return Ok(None);
        }
        match self.peek(0) {
            Some('b') => {
                self.at += 1;
                Ok(Some('\u{8}'))
            }
            Some('1'..='9') => Err(BACK.to_owned()),
            _ => self.character().map(Some),
        }
    }
}

/// What the letter behind a backslash means, between brackets.
fn class_of(letter: char) -> Option<&'static str> {
    Some(match letter {
        'd' => DIGIT,
        'D' => NOT_DIGIT,
        'w' => WORD,
        'W' => NOT_WORD,
        's' => SPACE,
        'S' => NOT_SPACE,
        _ => return None,
    })
}
