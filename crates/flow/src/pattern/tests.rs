use super::*;

fn sentence(pattern: &Pattern, text: &str) -> String {
    pattern.check(text).expect_err("the text is wrong")
}

#[test]
fn every_vector_is_told_apart() {
    for pattern in ALL {
        for text in pattern.accept {
            assert!(
                pattern.matches(text) && pattern.regex().is_match(text),
                "{} refuses {text:?}",
                pattern.id
            );
        }
        for text in pattern.reject {
            assert!(
                !pattern.matches(text) && !pattern.regex().is_match(text),
                "{} takes {text:?}",
                pattern.id
            );
        }
        assert!(!pattern.accept.is_empty() && !pattern.reject.is_empty(), "{}", pattern.id);
    }
}

#[test]
fn names_are_unique() {
    let mut ids: Vec<_> = ALL.iter().map(|pattern| pattern.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), ALL.len());
}

/// A character that the pattern's words call foreign must be one that no accepted text has, and
/// each refused text gets a whole sentence.
#[test]
fn words_and_patterns_agree() {
    for pattern in ALL {
        for text in pattern.accept {
            assert!(text.chars().all(pattern.allows), "{} on {text:?}", pattern.id);
        }
        for text in pattern.reject {
            let sentence = pattern.explain(text);
            assert!(sentence.starts_with(|c: char| c.is_uppercase() || c == '`'), "{sentence}");
            assert!(sentence.ends_with(['.', '!']), "{sentence}");
        }
    }
}

/// The short cut and the expression must agree, on every character there is room for here.
#[test]
fn patterns_without_order_match_what_their_expression_matches() {
    let characters = || (0..=0x3100_u32).chain([0xFEFF, 0x1F389]).filter_map(char::from_u32);
    for pattern in ALL.iter().filter(|pattern| pattern.any_of.is_some()) {
        let texts = characters().map(String::from).chain(["".to_owned(), "a\nb-".to_owned()]);
        for text in texts.chain(characters().map(|c| format!("a{c}a"))) {
            let expected = pattern.regex().is_match(&text);
            assert_eq!(pattern.matches(&text), expected, "{} on {text:?}", pattern.id);
        }
    }
}

#[test]
fn sentences_say_what_is_wrong_with_this_text() {
    let cases: &[(&Pattern, &str, &str)] = &[
        (&RUN_NAME, "", "A name can't be empty."),
        (&RUN_NAME, "a", "A name needs at least 3 characters; this has 1."),
        (&RUN_NAME, &"a".repeat(40), "A name has at most 39 characters; this has 40."),
        (&RUN_NAME, "1st run", "A name starts with a letter, not with a digit."),
        (&RUN_NAME, "-run", "A name can't start with a hyphen."),
        (&RUN_NAME, "trailing-", "A name can't end with a hyphen."),
        (&RUN_NAME, "trailing ", "A name can't end with a space."),
        (
            &RUN_NAME,
            "double  space",
            "A name can't have two hyphens or spaces in a row (characters 7 and 8).",
        ),
        (&RUN_NAME, "snake_case", "`_` can't be used in a name (character 6)."),
        (&DESCRIPTION, "uses + plus", "`+` can't be used in a description (character 6)."),
        (
            &DESCRIPTION,
            "fine \u{1F389}",
            "`\u{1F389}` can't be used in a description (character 6).",
        ),
        (
            &DESCRIPTION,
            "zero\u{200B}width",
            "The invisible character U+200B can't be used in a description (character 5).",
        ),
        (&REPO_URL, "http://github.com/org/repo", "A repository address starts with https://."),
        (
            &REPO_URL,
            "git@github.com:org/repo.git",
            "`@` can't be used in a repository address (character 4).",
        ),
        (&REPO_URL, "https://github.com/org/repo/", "A repository address can't end with a slash."),
        (
            &REPO_URL,
            "https://github.com",
            "A repository address needs the repository after the host: https://github.com/acme/shop.",
        ),
        (
            &REPO_URL,
            "https://github.com/a/repo",
            "Each part of the address has at least two characters; `a` has one.",
        ),
        (
            &REPO_URL,
            "https://gitlab.local:8443/org/repo",
            "A repository address can't have a colon after https://: no port, no user.",
        ),
        (
            &REPO_URL,
            "https://localhost/org/repo",
            "A repository address needs a host with a dot, such as github.com.",
        ),
        (&BRANCH_RULE, "has space", "A space can't be used in a branch rule (character 4)."),
        (&FILE_PATH, "release.json", "A file path starts with a slash."),
        (&FILE_PATH, "/dir/", "A file path names a file and can't end with a slash."),
        (&FILE_PATH, "/a//b.json", "A file path can't have two slashes in a row."),
        (&ID, "my_service", "`_` can't be used in an ID (character 3)."),
        (&QUALIFIED_ID, "a/b/c", "An ID has at most one slash, after the project."),
        (&QUALIFIED_ID, "1p/b", "An ID starts with a letter, not with a digit."),
        (
            &IMAGE_PATH,
            "nginx",
            "An image needs a tag or a digest at its end: nginx:1.4.0 or nginx@sha256:….",
        ),
        (&IMAGE_PATH, "nginx:", "An image needs its tag after the `:`."),
        (&IMAGE_PATH, ":1.4.0", "An image needs its name before the `:`."),
        (&IMAGE_PATH, "nginx:1@sha256:9c", "An image has a tag or a digest, not both."),
        (&IMAGE_PATH, "nginx@a@b", "An image has at most one `@`."),
        (
            &REPO_URL,
            "https://my_host.test/acme/shop",
            "A repository address's host can't have an underscore; its path can.",
        ),
        (&SELF_HOSTED_VCS_ID, "team/", "A self-hosted service ID can't end with a slash."),
        (&SELF_HOSTED_VCS_ID, "/x", "A self-hosted service ID can't start with a slash."),
        (&SELF_HOSTED_VCS_ID, "a/b/c", "A self-hosted service ID has at most one slash."),
        (&CLUSTER_ID, "My-cluster", "`M` can't be used in a cluster ID (character 1)."),
        (&CLUSTER_ID, "1-cluster", "A cluster ID starts with a letter, not with a digit."),
        (&SLUG, "a--b", "An ID can't have two hyphens in a row (characters 2 and 3)."),
        (&TEMPLATE_ID, "shop/", "A template's ID can't end with a slash."),
        (&INTEGRATION_ID, "team_slack", "`_` can't be used in an integration's ID (character 5)."),
        (&VCS_LINK_ID, "abc", "A linked account's ID has exactly 24 characters; this has 3."),
        (&REFERENCE, "$args.x", "A reference begins with `${`."),
        (&REFERENCE, "${args.x", "A reference ends with `}`."),
        (&REFERENCE, "${args.x\n}", "A reference ends with `}` on the line that it begins on."),
        (
            &BUILD_SHA,
            " Latest",
            "A commit is written as latest, in small letters and without spaces.",
        ),
        (&BUILD_SHA, "0123456", "A commit has 40 hexadecimal digits; this has 7."),
        (&BUILD_SHA, "0123-456", "`-` can't be used in a commit (character 5)."),
        (&WORK_DIR, "app", "A folder path starts with a slash."),
        (&SHA, "abc", "A commit has exactly 40 characters; this has 3."),
        (
            &BUILD_SHA,
            "newest",
            "A commit is written with all its 40 hexadecimal digits, or as latest.",
        ),
    ];
    for (pattern, text, expected) in cases {
        assert_eq!(sentence(pattern, text), *expected, "{} on {text:?}", pattern.id);
    }
}

#[test]
fn length_is_counted_in_utf_16_as_the_api_does() {
    // Each of these is one character and two code units.
    let text = "\u{1F389}".repeat(101);
    assert_eq!(
        sentence(&DESCRIPTION, &text),
        "A description has at most 200 characters; this has 202."
    );
}

#[test]
fn bounds_of_the_field_win_over_the_patterns() {
    let name = "a".repeat(53);
    assert_eq!(INTERNAL_ID.check(&name), Ok(()));
    assert_eq!(
        INTERNAL_ID.check_within(&name, 3, 52),
        Err("An ID has at most 52 characters; this has 53.".to_owned())
    );
}
