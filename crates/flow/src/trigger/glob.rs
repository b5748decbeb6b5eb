//! One wildcard pattern of a `.gitignore` line, matched as Git's `wildmatch` matches path names:
//! byte by byte, `*` `?` and `[…]` within one folder, `**` across folders.
//!
//! All readings of the stars are followed at once, so the time is at most pattern × text, and
//! [`Fuel`] bounds it over many.
//!
//! May import: nothing of ours.

/// How much comparing may still be done, in steps of one pattern element on one byte.
pub(super) struct Fuel(pub(super) usize);

impl Fuel {
    /// None when nothing is left.
    pub(super) fn spend(&mut self, steps: usize) -> Option<()> {
        self.0 = self.0.checked_sub(steps)?;
        Some(())
    }
}

/// A set of bytes.
type Set = [u64; 4];

enum Token {
    Byte(u8),
    /// One byte of the set; no set has the slash.
    OneOf(Box<Set>),
    /// Any bytes but slashes, or none.
    Star,
    /// Any bytes, or none.
    Stars,
    /// Stands for no byte: the two elements behind it, `**/`, may be left out.
    Perhaps,
}

/// A pattern, taken apart.
pub(super) struct Glob(Vec<Token>);

impl Glob {
    /// None for a pattern that Git never finds in any name: a bracket that isn't closed, a class
    /// that doesn't exist, a backslash at the end.
    pub(super) fn new(pattern: &[u8]) -> Option<Self> {
        let mut tokens = Vec::new();
        let mut at = 0;
        while let Some(&byte) = pattern.get(at) {
            at += 1;
            let token = match byte {
                b'\\' => {
                    at += 1;
                    Token::Byte(*pattern.get(at - 1)?)
                }
                b'?' => Token::OneOf(Box::new(set(|byte| byte != b'/'))),
                b'[' => {
                    let (set, end) = class(pattern, at)?;
                    at = end;
                    Token::OneOf(Box::new(set))
                }
                b'*' => {
                    let first = at - 1;
                    while pattern.get(at) == Some(&b'*') {
                        at += 1;
                    }
                    let crosses = crosses_folders(pattern, first, at);
                    if crosses && pattern.get(at) == Some(&b'/') {
                        tokens.push(Token::Perhaps);
                    }
                    if crosses { Token::Stars } else { Token::Star }
                }
                byte => Token::Byte(byte),
            };
            tokens.push(token);
        }
        Some(Self(tokens))
    }

    /// Whether the whole of `text` matches; None when there is not enough fuel to tell.
    pub(super) fn matches(&self, text: &[u8], fuel: &mut Fuel) -> Option<bool> {
        let Self(tokens) = self;
        // Which elements may come next; the last place means that all are used up.
        let mut now = vec![false; tokens.len() + 1];
        now[0] = true;
        self.pass_over(&mut now);
        for &byte in text {
            fuel.spend(tokens.len() + 1)?;
            let mut next = vec![false; tokens.len() + 1];
            for (index, token) in tokens.iter().enumerate().filter(|(index, _)| now[*index]) {
                match token {
                    Token::Byte(wanted) => next[index + 1] |= byte == *wanted,
                    Token::OneOf(set) => next[index + 1] |= has(set, byte),
                    Token::Star => next[index] |= byte != b'/',
                    Token::Stars => next[index] = true,
                    Token::Perhaps => {}
                }
            }
            if !next.contains(&true) {
                return Some(false);
            }
            self.pass_over(&mut next);
            now = next;
        }
        Some(now[tokens.len()])
    }

    /// Stars may stand for nothing.
    fn pass_over(&self, places: &mut [bool]) {
        for (index, token) in self.0.iter().enumerate().filter(|(_, token)| token.is_optional()) {
            if places[index] {
                places[index + 1] = true;
                if let (Token::Perhaps, Some(behind)) = (token, places.get_mut(index + 3)) {
                    *behind = true;
                }
            }
        }
    }
}

impl Token {
    fn is_optional(&self) -> bool {
        matches!(self, Self::Star | Self::Stars | Self::Perhaps)
    }
}

/// Two stars or more cross folders only where they are a whole part of the path.
fn crosses_folders(pattern: &[u8], first: usize, end: usize) -> bool {
    let begins = first == 0 || pattern[first - 1] == b'/';
    let rest = &pattern[end..];
    let ends = rest.is_empty() || rest.starts_with(b"/") || rest.starts_with(br"\/");
    end - first > 1 && begins && ends
}

/// The class whose inside begins at `start`, and where the pattern goes on.
fn class(pattern: &[u8], start: usize) -> Option<(Set, usize)> {
    let mut at = start;
    let negated = matches!(pattern.get(at)?, b'!' | b'^');
    at += usize::from(negated);
    let mut found: Set = [0; 4];
    // What a range may begin with; a range or a named class can't begin another.
    let mut before = None;
    loop {
        let mut byte = *pattern.get(at)?;
        let named = byte == b'[' && pattern.get(at + 1) == Some(&b':');
        let closing = || pattern.get(at + 2..)?.iter().position(|byte| *byte == b']');
        if byte == b'\\' {
            at += 1;
            byte = *pattern.get(at)?;
            add(&mut found, byte);
            before = Some(byte);
        } else if let (b'-', Some(low), Some(&(mut high))) = (byte, before, pattern.get(at + 1))
            && high != b']'
        {
            at += 1;
            if high == b'\\' {
                at += 1;
                high = *pattern.get(at)?;
            }
            (low..=high).for_each(|byte| add(&mut found, byte));
            before = None;
        } else if named
            && let name = &pattern[at + 2..at + 2 + closing()?]
            && let Some(name) = name.strip_suffix(b":")
        {
            let holds = posix(name)?;
            (0..=u8::MAX).filter(holds).for_each(|byte| add(&mut found, byte));
            at += 2 + name.len() + 1;
            before = None;
        } else {
            add(&mut found, byte);
            before = Some(byte);
        }
        at += 1;
        if pattern.get(at)? == &b']' {
            return Some((set(|byte| byte != b'/' && has(&found, byte) != negated), at + 1));
        }
    }
}

/// The bytes of `[:name:]` as Git has them; white space there has no vertical tab or form feed.
fn posix(name: &[u8]) -> Option<fn(&u8) -> bool> {
    Some(match name {
        b"alnum" => u8::is_ascii_alphanumeric,
        b"alpha" => u8::is_ascii_alphabetic,
        b"blank" => |byte| matches!(byte, b' ' | b'\t'),
        b"cntrl" => u8::is_ascii_control,
        b"digit" => u8::is_ascii_digit,
        b"graph" => u8::is_ascii_graphic,
        b"lower" => u8::is_ascii_lowercase,
        b"print" => |byte| matches!(byte, b' '..=b'~'),
        b"punct" => u8::is_ascii_punctuation,
        b"space" => |byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'),
        b"upper" => u8::is_ascii_uppercase,
        b"xdigit" => u8::is_ascii_hexdigit,
        _ => return None,
    })
}

fn set(holds: impl Fn(u8) -> bool) -> Set {
    let mut set = [0; 4];
    (0..=u8::MAX).filter(|byte| holds(*byte)).for_each(|byte| add(&mut set, byte));
    set
}

fn add(set: &mut Set, byte: u8) {
    set[usize::from(byte >> 6)] |= 1 << (byte & 63);
}

fn has(set: &Set, byte: u8) -> bool {
    set[usize::from(byte >> 6)] & (1 << (byte & 63)) != 0
}
