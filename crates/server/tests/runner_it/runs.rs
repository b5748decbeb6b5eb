//! Runs from start to end: order, failure, retries, output, abort, what stays after a restart.

use std::time::{Duration, Instant};

use serde_json::json;
use slipway_engine::{
    event::{EventBody, RunStatus},
    fold::{NodeStatus, RunState},
};
use slipway_server::{db::backups, runner::AbortError};

use crate::support::{
    Bench, alive, assert_success, content, job, pipeline_table, sequence, step, until_gone, words,
};

#[tokio::test]
async fn steps_run_in_order_and_everything_is_logged_before_it_begins() {
    let bench =
        Bench::of_jobs(&[("a", "echo a >> order; echo from a", ""), ("b", "echo b >> order", "")])
            .await;
    bench.save(&sequence(&json!([job("a"), job("b")]))).await;
    let run = bench.start().await;
    let state = bench.end(&run.id).await;
    assert_success(&state);
    assert_eq!(bench.read("order"), "a\nb\n");
    assert_eq!(
        words(&bench.events(&run.id).await),
        [
            "run_created",
            "run_started",
            "node_started /spec",
            "node_started 0",
            "node_progress 0",
            "node_finished 0",
            "node_started 1",
            "node_progress 1",
            "node_finished 1",
            "node_finished /spec",
            "run_concluded",
        ]
    );
    assert_eq!(bench.output(&run.id, &step(0)).await, "from a\n");
    let bytes = state.nodes[&step(0)].output_bytes;
    assert_eq!(bytes, 7, "the log knows how much output there is");
    assert!(bench.runner.output(&run.id, "/nope", 0).await.expect("readable").is_none());
    assert!(bench.runner.output("nope", &step(0), 0).await.expect("readable").is_none());
}

#[tokio::test]
async fn a_failure_goes_upward_after_its_siblings_are_done() {
    let bench = Bench::of_jobs(&[
        ("bad", "echo because; exit 4", ""),
        ("slow", "sleep 0.5; echo slow > slow", ""),
        ("later", "echo later > later", ""),
    ])
    .await;
    let both = json!({ "kind": "Workflow", "spec": { "type": "parallel",
        "steps": [job("bad"), job("slow")] } });
    bench.save(&sequence(&json!([both, job("later")]))).await;
    let run = bench.start().await;
    let state = bench.end(&run.id).await;
    assert_eq!(state.status, RunStatus::Failure);
    assert_eq!(bench.read("slow"), "slow\n");
    assert!(!bench.path("later").exists());
    let bad = &state.nodes["/spec/spec/steps/0/spec/steps/0"];
    let message = &bad.error.as_ref().expect("an error").message;
    assert!(message.contains("exit code 4"), "{message}");
    let output = bench.output(&run.id, "/spec/spec/steps/0/spec/steps/0").await;
    assert!(output.starts_with("because\n"), "{output}");
    assert_eq!(state.status_of(&step(1)), NodeStatus::Pending);
}

#[tokio::test]
async fn attempts_are_as_many_as_the_project_file_says() {
    let flaky = "echo x >> tries; test $(wc -l < tries) -ge 3";
    let bench = Bench::of_jobs(&[
        ("flaky", flaky, ", attempts = 3, backoff = \"10ms\""),
        ("once", "echo y >> once; false", ""),
    ])
    .await;
    bench.save(&sequence(&json!([job("flaky"), job("once")]))).await;
    let run = bench.start().await;
    let state = bench.end(&run.id).await;
    assert_eq!(state.status_of(&step(0)), NodeStatus::Success);
    assert_eq!((state.nodes[&step(0)].attempt, state.nodes[&step(0)].max_attempts), (3, 3));
    let events = bench.events(&run.id).await;
    let retries =
        events.iter().filter(|event| matches!(event.body, EventBody::NodeRetrying { .. })).count();
    assert_eq!(retries, 2);
    assert_eq!(state.status_of(&step(1)), NodeStatus::Failure);
    assert_eq!(bench.read("once"), "y\n", "without \"attempts\" there is one");
}

#[tokio::test]
async fn a_hanging_command_is_a_failed_node_with_its_output() {
    let bench =
        Bench::of_jobs(&[("hang", "echo still here; sleep 60", ", timeout = \"2s\"")]).await;
    bench.save(&sequence(&json!([job("hang")]))).await;
    let run = bench.start().await;
    let state = bench.end(&run.id).await;
    assert_eq!(state.status, RunStatus::Failure);
    let message = &state.nodes[&step(0)].error.as_ref().expect("an error").message;
    assert!(message.contains("still running after"), "{message}");
    assert!(bench.output(&run.id, &step(0)).await.starts_with("still here\n"));
}

#[tokio::test]
async fn an_abort_kills_the_commands_and_concludes() {
    let bench = Bench::of_jobs(&[
        ("long", "sh -c 'echo $$ > inner; sleep 60' & echo $$ > pid; wait", ""),
        ("next", "echo next > next", ""),
    ])
    .await;
    bench.save(&sequence(&json!([job("long"), job("next")]))).await;
    let run = bench.start().await;
    let pid = content(&bench.path("pid")).await;
    let inner = content(&bench.path("inner")).await;
    bench.runner.abort(&run.id, "ben").await.expect("aborted");
    assert!(matches!(bench.state(&run.id).await.status, RunStatus::Aborting | RunStatus::Aborted));
    let state = bench.end(&run.id).await;
    assert_eq!(state.status, RunStatus::Aborted);
    assert_eq!(state.status_of(&step(0)), NodeStatus::Aborted);
    assert_eq!(state.status_of("/spec"), NodeStatus::Aborted);
    assert!(!alive(&pid) && !alive(&inner));
    assert!(!bench.path("next").exists());
    let again = bench.runner.abort(&run.id, "ben").await;
    assert!(matches!(again, Err(AbortError::Concluded)), "{again:?}");
    let unknown = bench.runner.abort("nope", "ben").await;
    assert!(matches!(unknown, Err(AbortError::NotFound)), "{unknown:?}");
}

#[tokio::test]
async fn a_node_that_waits_for_its_next_attempt_can_be_aborted() {
    let bench = Bench::of_jobs(&[("bad", "false", ", attempts = 2, backoff = \"1h\"")]).await;
    bench.save(&sequence(&json!([job("bad")]))).await;
    let run = bench.start().await;
    bench
        .until(&run.id, "retrying", |state| state.status_of(&step(0)) == NodeStatus::Retrying)
        .await;
    bench.runner.abort(&run.id, "ben").await.expect("aborted");
    assert_eq!(bench.end(&run.id).await.status, RunStatus::Aborted);
}

#[tokio::test]
async fn a_node_that_waits_for_its_next_attempt_can_be_aborted_after_a_restart() {
    let bench = Bench::of_jobs(&[("bad", "false", ", attempts = 2, backoff = \"1h\"")]).await;
    bench.save(&sequence(&json!([job("bad")]))).await;
    let run = bench.start().await;
    let retrying = |state: &RunState| state.status_of(&step(0)) == NodeStatus::Retrying;
    bench.until(&run.id, "retrying", retrying).await;
    let bench = bench.restarted().await;
    bench.runner.abort(&run.id, "ben").await.expect("aborted");
    let state = bench.end(&run.id).await;
    assert_eq!(state.status, RunStatus::Aborted);
    assert_eq!(state.status_of(&step(0)), NodeStatus::Aborted);
}

#[tokio::test]
async fn a_backup_that_nobody_waited_for_is_kept() {
    let bench = Bench::of(&format!(
        "[project]\nid = \"t\"\n\
         [[addon]]\nid = \"db\"\nkind = \"none\"\n\
         backup = {{ command = [\"sh\", \"-c\", \"sleep 0.3; echo all > $BACKUP_FILE\"] }}\n{}",
        pipeline_table(&[("addon", "db")]),
    ))
    .await;
    let backup = json!({ "kind": "AddonBackup", "ref": "kept", "spec": { "addonId": "db" } });
    bench.save(&sequence(&json!([backup]))).await;
    let run = bench.start().await;
    let state = bench.end(&run.id).await;
    assert_success(&state);
    let id = state.nodes[&step(0)].data.as_ref().expect("data")["id"].clone();
    let began = Instant::now();
    loop {
        let id = id.as_str().expect("an id").to_owned();
        let found = bench.db.read(move |conn| backups::get(conn, "t", &id)).await;
        if found.expect("readable").is_some() {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(10), "the backup is never recorded");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn nobody_waits_for_a_node_without_a_condition() {
    let bench = Bench::of_jobs(&[
        ("slow", "while [ ! -e go ]; do sleep 0.02; done; echo done > done", ""),
        ("next", "true", ""),
    ])
    .await;
    let mut slow = job("slow");
    slow.as_object_mut().expect("an object").remove("condition");
    bench.save(&sequence(&json!([slow, job("next")]))).await;
    let run = bench.start().await;
    let state = bench.end(&run.id).await;
    assert_success(&state);
    assert!(!bench.path("done").exists(), "the run did not wait");
    let output = bench.runner.output(&run.id, &step(0), 0).await.expect("readable");
    assert!(!output.expect("a node").ended, "there may be more output");
    std::fs::write(bench.path("go"), "").expect("written");
    assert_eq!(content(&bench.path("done")).await, "done", "but the action goes on");
    assert!(state.nodes[&step(0)].data.is_some());
}

/// Takes a while to end when it is told to.
const STUBBORN: &str = "trap 'sleep 0.7; echo over > over; exit' TERM; echo $$ > pid; \
     while :; do sleep 0.02; done";

#[tokio::test]
async fn an_aborted_run_is_over_when_all_its_commands_are() {
    let bench = Bench::of_jobs(&[("stubborn", STUBBORN, ""), ("long", "sleep 60", "")]).await;
    let mut stubborn = job("stubborn");
    stubborn.as_object_mut().expect("an object").remove("condition");
    bench.save(&sequence(&json!([stubborn, job("long")]))).await;
    let run = bench.start().await;
    let pid = content(&bench.path("pid")).await;
    bench.at_work(&run.id, &step(1)).await;
    bench.runner.abort(&run.id, "ben").await.expect("aborted");
    let state = bench.end(&run.id).await;
    assert_eq!(state.status, RunStatus::Aborted);
    assert!(!alive(&pid) && bench.path("over").exists(), "the run waited for it");
}

#[tokio::test]
async fn what_still_works_of_a_run_that_is_over_can_be_stopped() {
    let bench = Bench::of_jobs(&[("stubborn", STUBBORN, "")]).await;
    let mut stubborn = job("stubborn");
    stubborn.as_object_mut().expect("an object").remove("condition");
    bench.save(&sequence(&json!([stubborn]))).await;
    let run = bench.start().await;
    let pid = content(&bench.path("pid")).await;
    assert_success(&bench.end(&run.id).await);
    bench.runner.abort(&run.id, "ben").await.expect("stopped");
    until_gone(&pid).await;
    assert_success(&bench.state(&run.id).await);
}

#[tokio::test]
async fn values_reach_only_the_variables_that_the_file_names() {
    let bench = Bench::of_jobs(&[
        ("first", "true", ""),
        ("tell", "echo \"$LEVEL/$WHO/$SLIPWAY_TEST/$RUN\"", ", env = [\"LEVEL\", \"WHO\"]"),
    ])
    .await;
    let mut tell = job("tell");
    tell["spec"]["runtimeEnvironment"] =
        json!({ "LEVEL": "${args.LEVEL}", "WHO": "$(id) ${refs.first.runName}" });
    let mut flow = sequence(&json!([job("first"), tell]));
    flow["arguments"] = json!({ "LEVEL": 3 });
    bench.save(&flow).await;
    let run = bench.start().await;
    assert_success(&bench.end(&run.id).await);
    let output = bench.output(&run.id, &step(1)).await;
    assert!(output.starts_with("3/$(id) first-"), "{output}");
    assert!(output.ends_with("//\n"), "{output}");
}

#[tokio::test]
async fn skipped_nodes_are_not_executed() {
    let bench = Bench::of_jobs(&[("a", "echo a > a", ""), ("b", "echo b > b", "")]).await;
    let (mut a, mut b) = (job("a"), job("b"));
    a["skipNodeExecution"] = json!("true");
    b["skipNodeExecution"] = json!("${args.SKIP}");
    let mut flow = sequence(&json!([a, b]));
    flow["arguments"] = json!({ "SKIP": "true" });
    let state = bench.play(&flow).await;
    assert_success(&state);
    assert_eq!(state.status_of(&step(0)), NodeStatus::Skipped);
    assert_eq!(state.status_of(&step(1)), NodeStatus::Skipped);
    assert!(!bench.path("a").exists() && !bench.path("b").exists());
}

#[tokio::test]
async fn after_a_restart_what_had_finished_is_not_executed_again() {
    let bench = Bench::of_jobs(&[
        ("a", "echo a >> count", ""),
        ("again", "echo $ATTEMPT >> tries; test -e go || sleep 60", ", on_interrupted = \"again\""),
        ("c", "echo c >> count", ""),
    ])
    .await;
    bench.save(&sequence(&json!([job("a"), job("again"), job("c")]))).await;
    let run = bench.start().await;
    content(&bench.path("tries")).await;
    std::fs::write(bench.path("go"), "").expect("written");
    let bench = bench.restarted().await;
    let state = bench.end(&run.id).await;
    assert_success(&state);
    assert_eq!(bench.read("count"), "a\nc\n");
    assert_eq!(bench.read("tries"), "1\n2\n");
}

#[tokio::test]
async fn after_a_restart_a_job_waits_for_people_unless_the_file_says_otherwise() {
    for (more, sentence) in [
        ("", "how far it came is not known"),
        (", on_interrupted = \"fail\"", "must not be started"),
    ] {
        let bench = Bench::of_jobs(&[("j", "echo x >> tries; sleep 60", more)]).await;
        bench.save(&sequence(&json!([job("j")]))).await;
        let run = bench.start().await;
        content(&bench.path("tries")).await;
        let bench = bench.restarted().await;
        let state = bench.end(&run.id).await;
        assert_eq!(state.status, RunStatus::Failure);
        let message = &state.nodes[&step(0)].error.as_ref().expect("an error").message;
        assert!(message.contains(sentence), "{message}");
        assert_eq!(bench.read("tries"), "x\n", "executed once");
    }
}

#[tokio::test]
async fn a_service_a_job_and_a_flow_come_with_the_project_file_alone() {
    let bench = Bench::of("[project]\nid = \"t\"\n").await;
    let flow = sequence(&json!([
        { "kind": "Release", "ref": "r", "condition": "running", "spec": { "type": "registry",
          "origin": { "imagePath": "nginx:1.27" },
          "target": { "id": "web", "type": "service" } } },
        job("after"),
    ]));
    std::fs::write(bench.path("flow.json"), flow.to_string()).expect("written");
    let text = format!(
        "[project]\nid = \"t\"\n\
         [[service]]\nid = \"web\"\nkind = \"deployment\"\n\
         deploy = {{ command = [\"sh\", \"-c\", \"echo $IMAGE > running\"] }}\n\
         health = {{ command = [\"grep\", \"-q\", \"${{IMAGE}}\", \"running\"] }}\n\
         {}{}flow = \"flow.json\"\n",
        job_table_reading(),
        crate::support::pipeline_table(&[("service", "web"), ("job", "after")]),
    );
    std::fs::write(bench.path("project.toml"), text).expect("written");
    bench.projects.reload().expect("valid");
    bench.seed().await;
    let run = bench.start().await;
    let state = bench.end(&run.id).await;
    assert_success(&state);
    assert_eq!(bench.read("running"), "nginx:1.27\n");
    assert_eq!(bench.read("after"), "nginx:1.27\n");
    assert_eq!(bench.deployed("t", "web").await["imagePath"], "nginx:1.27");
}

fn job_table_reading() -> String {
    crate::support::job_table("after", "cp running after", "")
}
