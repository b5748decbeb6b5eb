//! Our reading of `.gitignore` lines against the `git` of this machine: which line decides about
//! which path. `SLIPWAY_SEED` chooses other lines and paths.

use std::{
    collections::BTreeSet,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::super::{
    glob::Fuel,
    ignore::{Decision, Ignore},
};

const LISTS: usize = 2_500;
const PATHS: usize = 12;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).expect("below end")
    }

    fn of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }

    fn path(&mut self) -> String {
        let parts = 1 + self.below(4);
        let part = |random: &mut Self| {
            let parts = [
                "a",
                "b",
                "ab",
                "foo",
                "foobar",
                "a.b",
                "README.md",
                ".x",
                "é",
                "a b",
                "a ",
                "[a]",
                "*",
                "!a",
                "#",
                "\\",
                "-",
                "]",
                "^",
                "z\tz",
                "A",
                "0",
                "~",
                "a\\b",
            ];
            random.of(&parts).to_owned()
        };
        (0..parts).map(|_| part(self)).collect::<Vec<_>>().join("/")
    }

    /// A line made of pieces.
    fn pieces(&mut self) -> String {
        let pieces = [
            "a",
            "b",
            "foo",
            ".",
            "/",
            "/",
            "/",
            "*",
            "*",
            "**",
            "**/",
            "/**",
            "/**/",
            "***",
            "?",
            "[ab]",
            "[!a]",
            "[^b]",
            "[a-c]",
            "[c-a]",
            "[]a]",
            "[!]a]",
            "[[:alpha:]]",
            "[[:space:]]",
            "[[:punct:]]",
            "[[:nope:]]",
            "[[:",
            "[[:]",
            "[[:a]",
            "[",
            "]",
            "\\",
            "\\*",
            "\\ ",
            " ",
            "  ",
            "!",
            "#",
            "\\!",
            "\\#",
            "é",
            "-",
            "[a-",
            "[\\]]",
            "[--0]",
            "[a\\-c]",
            "[+-\\]]",
            "[/]",
            "\\/",
            "\r",
            "[[:digit:]-z]",
            "bar",
            "md",
        ];
        (0..=self.below(6)).map(|_| self.of(&pieces)).collect()
    }

    /// A line that is likely to match the path.
    fn like(&mut self, path: &str) -> String {
        let mut parts: Vec<&str> = path.split('/').collect();
        let kept = parts.len() - self.below(2).min(parts.len() - 1);
        parts.truncate(kept);
        if self.below(2) == 0 {
            parts.drain(..self.below(parts.len()));
        }
        let mut line = String::from(self.of(&["", "", "", "/", "!", "!", "!/", "**/"]));
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                line.push_str(self.of(&["/", "/", "/", "/", "/**/", "**/", "*/", "\\/"]));
            }
            match self.below(8) {
                0 => line.push('*'),
                1 => line.push_str("**"),
                _ => self.like_name(part, &mut line),
            }
        }
        line.push_str(
            self.of(&["", "", "", "", "/", "/", "/*", "/**", " ", "  ", "\\ ", "*", "\r"]),
        );
        line
    }

    fn like_name(&mut self, name: &str, line: &mut String) {
        for c in name.chars() {
            match self.below(24) {
                0 => line.push('?'),
                1 => line.push('*'),
                2 => line.push_str("**"),
                3 => line.push_str("[!-~]"),
                4 => line.push_str("[a-z]"),
                5 => line.push_str(&format!("[{c}]")),
                6 => line.push_str(&format!("[!{c}]")),
                7 => line.push_str("[[:alnum:]]"),
                8 => {}
                9 | 10 => line.push_str(&format!("\\{c}")),
                _ => line.push(c),
            }
        }
    }
}

/// A folder that goes away again.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn git(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .args(["-c", "core.excludesFile=/dev/null", "-c", "core.ignoreCase=false"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE");
    command
}

/// For each path that a line decides about: the path, the line's number and its text.
fn asked_of_git(folder: &Path, paths: &str) -> Vec<(String, usize, String)> {
    let mut child = git(folder, &["check-ignore", "--stdin", "-z", "--no-index", "-v", "-n"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("git starts");
    let mut input = child.stdin.take().expect("a pipe");
    let paths = paths.to_owned();
    let writer = std::thread::spawn(move || input.write_all(paths.as_bytes()));
    let output = child.wait_with_output().expect("git ends");
    writer.join().expect("the thread ends").expect("git reads all");
    let answer = String::from_utf8(output.stdout).expect("paths are UTF-8");
    let fields: Vec<&str> = answer.split_terminator('\0').collect();
    fields
        .chunks(4)
        .map(|row| {
            let line = row[1].parse().unwrap_or(0);
            (row[3].to_owned(), line, row[2].to_owned())
        })
        .collect()
}

#[test]
fn git_reads_path_rules_as_we_do() {
    let seed = std::env::var("SLIPWAY_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(7);
    let mut random = Random(seed);
    let folder = std::env::temp_dir().join(format!("slipway-ignore-{}", std::process::id()));
    let scratch = Scratch(folder);
    fs::create_dir_all(&scratch.0).expect("a scratch folder");
    let made = git(&scratch.0, &["init", "--quiet", "--template="]).status().expect("git starts");
    assert!(made.success(), "git makes a repository");

    let mut asked = String::new();
    let mut expected = Vec::new();
    let mut lists = Vec::new();
    for number in 0..LISTS {
        let paths: BTreeSet<String> = (0..PATHS).map(|_| random.path()).collect();
        let known: Vec<&String> = paths.iter().collect();
        let lines: Vec<String> = (0..=random.below(5))
            .map(|_| match random.below(3) {
                0 => random.pieces(),
                _ => {
                    let path = known[random.below(known.len())];
                    random.like(path)
                }
            })
            .collect();
        let home = scratch.0.join(format!("d{number}"));
        fs::create_dir(&home).expect("a folder");
        fs::write(home.join(".gitignore"), lines.join("\n") + "\n").expect("a file");
        let rules = Ignore::new(lines.iter().map(String::as_str));
        for path in paths {
            let decision = rules.decide(&path, &mut Fuel(usize::MAX)).expect("enough fuel");
            asked.push_str(&format!("d{number}/{path}\0"));
            expected.push((number, path, decision));
        }
        lists.push(lines);
    }

    let answers = asked_of_git(&scratch.0, &asked);
    assert_eq!(answers.len(), expected.len(), "git answers for every path");
    let (mut ignored, mut taken, mut wrong) = (0, 0, Vec::new());
    for ((number, path, ours), (asked, line, pattern)) in expected.iter().zip(&answers) {
        assert_eq!(asked, &format!("d{number}/{path}"));
        let theirs =
            (*line > 0).then(|| Decision { line: line - 1, ignores: !pattern.starts_with('!') });
        ignored += usize::from(theirs.is_some_and(|decision| decision.ignores));
        taken += usize::from(theirs.is_some_and(|decision| !decision.ignores));
        if theirs != *ours {
            wrong.push(format!("{path:?} by {:?}: git {theirs:?}, we {ours:?}", lists[*number]));
        }
    }
    let shown = &wrong[..wrong.len().min(20)];
    assert!(
        wrong.is_empty(),
        "{} of {}, seed {seed}:\n{}",
        wrong.len(),
        answers.len(),
        shown.join("\n")
    );
    // What is never ignored or never taken in again compares nothing.
    let fair = |part: usize, least: usize| part * 100 / answers.len() >= least;
    assert!(
        fair(ignored, 15) && fair(answers.len() - ignored, 15),
        "{ignored} of {}",
        answers.len()
    );
    assert!(fair(taken, 2), "{taken} of {}", answers.len());
}
