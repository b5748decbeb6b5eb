//! Any rules, files, addresses, messages and webhook calls: there is always an answer.
//!
//! The input's fields are parted by zero bytes, what is a list by line breaks.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use slipway_flow::{
    document::Document,
    pattern,
    trigger::{self, Action, Commit, Event, Files, Outcome, PullRequest, Push, Standing},
};

fuzz_target!(|text: &str| {
    let mut fields = text.split('\0');
    let mut field = || fields.next().unwrap_or_default().to_owned();
    let (rules, files, branches, branch) = (field(), field(), field(), field());
    let (wanted, repository, message, flags, call) = (field(), field(), field(), field(), field());
    let list = |text: &str| text.split('\n').map(str::to_owned).collect::<Vec<_>>();
    for known in pattern::ALL {
        for text in [&branch, &repository, &call] {
            assert_eq!(known.matches(text), known.check_within(text, 0, usize::MAX).is_ok());
        }
    }
    let options = json!({ "concurrencyPolicy": branch, "paused": message.is_empty() });
    let flow = json!({ "options": options, "triggers": [{
        "ref": "git", "repoUrl": wanted, "branchRestrictions": list(&branches),
        "prRestrictions": list(&branches), "pathIgnoreRules": list(&rules),
        "isAllowList": rules.len() % 2 == 0, "ciIgnoreFlags": list(&flags),
        "ciIgnoreFlagsEnabled": true, "ignoreDrafts": flags.is_empty(),
    }] });
    let flow = Document::parse(&flow.to_string()).expect("JSON");
    let files = Files::Known(list(&files));
    let head = Commit { sha: branch.clone(), message };
    let push = Push {
        repository: repository.clone(),
        branch: branch.clone(),
        commits: vec![head.clone()],
        files: files.clone(),
    };
    let request = PullRequest {
        repository,
        id: "1".to_owned(),
        branch,
        action: Action::Pushed,
        draft: true,
        head,
        files,
    };
    let standing = Standing { active: 1, queued: 0 };
    let answers = [
        trigger::git_event(&flow, &Event::Push(push), standing),
        trigger::git_event(&flow, &Event::PullRequest(request), standing),
        trigger::webhook_call(&flow, &call, standing),
    ];
    for answer in answers {
        assert!(!answer.sentence().is_empty());
        let fires = answer.triggers.iter().any(trigger::Verdict::fires);
        let flow_passes = answer.flow.iter().all(|reason| reason.passes);
        let runs = matches!(answer.outcome, Outcome::Run(..));
        assert_eq!(runs, flow_passes && (fires || answer.triggers.is_empty()));
    }
});
