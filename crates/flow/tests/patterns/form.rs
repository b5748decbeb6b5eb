//! The structure of a regular expression, as far as the patterns use it: enough to write texts that
//! match, and to know the characters that are worth trying.

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).expect("below end")
    }

    pub fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

pub enum Form {
    Any(Vec<Form>),
    Row(Vec<Form>),
    Repeat(Box<Form>, usize, Option<usize>),
    Class { negated: bool, ranges: Vec<(char, char)> },
}

impl Form {
    pub fn of(source: &str) -> Self {
        let mut reader = Reader { rest: source };
        let form = reader.any();
        assert!(reader.rest.is_empty(), "{source}: {} is left", reader.rest);
        form
    }

    /// Appends a text that the form matches.
    pub fn write(&self, random: &mut Random, text: &mut String) {
        match self {
            Self::Any(forms) => forms[random.below(forms.len())].write(random, text),
            Self::Row(forms) => forms.iter().for_each(|form| form.write(random, text)),
            Self::Repeat(form, min, max) => {
                let most = max.unwrap_or(min + 5).max(min + 1);
                for _ in 0..random.below(most - min + 1) + min {
                    form.write(random, text);
                }
            }
            Self::Class { negated: false, ranges } => {
                let (low, high) = random.of(ranges);
                let step = random.below(high as usize - low as usize + 1);
                text.extend(char::from_u32(low as u32 + u32::try_from(step).expect("small")));
            }
            Self::Class { .. } => text.push(random.of(&['a', '.', '}', '{', '$', 'é'])),
        }
    }

    /// The ends of every class's ranges, and what lies just outside them.
    pub fn characters(&self, found: &mut Vec<char>) {
        match self {
            Self::Any(forms) | Self::Row(forms) => {
                forms.iter().for_each(|form| form.characters(found));
            }
            Self::Repeat(form, ..) => form.characters(found),
            Self::Class { ranges, .. } => {
                for (low, high) in ranges {
                    let (low, high) = (*low as u32, *high as u32);
                    let near = [low.saturating_sub(1), low, high, high + 1];
                    found.extend(near.into_iter().filter_map(char::from_u32));
                }
            }
        }
    }
}

struct Reader<'s> {
    rest: &'s str,
}

impl Reader<'_> {
    fn eat(&mut self, start: &str) -> bool {
        let rest = self.rest.strip_prefix(start);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn next(&mut self) -> char {
        let c = self.rest.chars().next().expect("the expression goes on");
        self.rest = &self.rest[c.len_utf8()..];
        c
    }

    fn any(&mut self) -> Form {
        let mut forms = vec![self.row()];
        while self.eat("|") {
            forms.push(self.row());
        }
        Form::Any(forms)
    }

    fn row(&mut self) -> Form {
        let mut forms = Vec::new();
        while !self.rest.is_empty() && !self.rest.starts_with(['|', ')']) {
            if self.eat("^") || self.eat("$") {
                continue;
            }
            let form = self.one();
            forms.push(self.repeated(form));
        }
        Form::Row(forms)
    }

    fn one(&mut self) -> Form {
        if self.eat("(") {
            self.eat("?:");
            let form = self.any();
            assert!(self.eat(")"));
            return form;
        }
        if self.eat("[") {
            let negated = self.eat("^");
            let mut ranges = Vec::new();
            while !self.eat("]") {
                let low = self.character();
                let is_range = self.rest.starts_with('-') && !self.rest.starts_with("-]");
                let high = if is_range && self.eat("-") { self.character() } else { low };
                ranges.push((low, high));
            }
            return Form::Class { negated, ranges };
        }
        let c = self.character();
        Form::Class { negated: false, ranges: vec![(c, c)] }
    }

    fn repeated(&mut self, form: Form) -> Form {
        let (min, max) = match self.rest.chars().next() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                let inside = &self.rest[1..self.rest.find('}').expect("closed")];
                let (min, max) = inside.split_once(',').unwrap_or((inside, inside));
                self.rest = &self.rest[inside.len() + 1..];
                (min.parse().expect("a number"), max.parse().ok())
            }
            _ => return form,
        };
        self.next();
        self.eat("?");
        Form::Repeat(Box::new(form), min, max)
    }

    fn character(&mut self) -> char {
        let c = self.next();
        if c != '\\' {
            return c;
        }
        let code = |digits: &str| char::from_u32(u32::from_str_radix(digits, 16).expect("hex"));
        match self.next() {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'x' => {
                let digits: String = [self.next(), self.next()].iter().collect();
                code(&digits).expect("a character")
            }
            'u' => {
                assert!(self.eat("{"));
                let end = self.rest.find('}').expect("closed");
                let c = code(&self.rest[..end]).expect("a character");
                self.rest = &self.rest[end + 1..];
                c
            }
            c => c,
        }
    }
}
