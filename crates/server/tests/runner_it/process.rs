//! The fence around one command.

use std::{path::Path, time::Duration};

use slipway_server::drivers::process::{Ended, Fence, Log, Order, Signal, Sink, Stop, read_log};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::support::{alive, content, slipway, until_gone};

struct Yard {
    folder: TempDir,
    fence: Fence,
    signal: watch::Sender<Signal>,
}

impl Yard {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let fence = Fence::new(slipway(), folder.path());
        Self { folder, fence, signal: watch::Sender::new(Signal::Go) }
    }

    fn order(&self, line: &str) -> Order {
        let path = std::env::var("PATH").expect("a PATH");
        Order {
            args: ["sh", "-c", line].map(str::to_owned).to_vec(),
            env: vec![("PATH".into(), path)],
            folder: self.folder.path().to_owned(),
            timeout: Duration::from_secs(30),
        }
    }

    async fn run(&self, order: &Order) -> (Ended, String) {
        let mut output = Vec::new();
        let sink = Sink::Memory(&mut output, 1 << 20);
        let stop = Stop::new(self.signal.subscribe());
        let ended = self.fence.run(order, sink, stop).await.expect("a supervisor");
        (ended, String::from_utf8(output).expect("text"))
    }

    fn file(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}

#[tokio::test]
async fn output_and_error_come_in_order_with_the_exit_code() {
    let yard = Yard::new();
    let (ended, output) = yard.run(&yard.order("echo one; echo two >&2; echo three; exit 7")).await;
    assert_eq!(ended, Ended::Exit(7));
    assert_eq!(output, "one\ntwo\nthree\n");
}

#[tokio::test]
async fn a_command_sees_its_own_environment_and_nothing_else() {
    let yard = Yard::new();
    let mut order = yard.order("");
    order.args = vec!["env".into()];
    order.env.push(("COLOUR".into(), "a b\nc".into()));
    let (ended, output) = yard.run(&order).await;
    assert_eq!(ended, Ended::Exit(0));
    let path = std::env::var("PATH").expect("a PATH");
    assert_eq!(output, format!("COLOUR=a b\nc\nPATH={path}\n"));
    let (_, output) = yard.run(&yard.order("cat; echo end")).await;
    assert_eq!(output, "end\n", "there is nothing to read");
}

#[tokio::test]
async fn arguments_never_reach_a_shell() {
    let yard = Yard::new();
    let mut order = yard.order("");
    order.args = vec!["printf".into(), "%s|".into(), "$(id); `id` ${PATH} *".into(), "-n".into()];
    assert_eq!(yard.run(&order).await.1, "$(id); `id` ${PATH} *|-n|");
}

#[tokio::test]
async fn what_hangs_is_stopped_with_its_grandchildren() {
    let yard = Yard::new();
    // The grandchild ignores the polite signal and has left the process group.
    let line = "setsid sh -c 'trap \"\" TERM; echo $$ > stray; while :; do sleep 1; done' & \
                sh -c 'echo $$ > grandchild; sleep 60' & echo begun; wait";
    let mut order = yard.order(line);
    order.timeout = Duration::from_secs(3);
    let (ended, output) = yard.run(&order).await;
    assert_eq!(ended, Ended::TimedOut);
    assert_eq!(output, "begun\n", "what it printed is kept");
    for name in ["stray", "grandchild"] {
        let pid = content(&yard.file(name)).await;
        assert!(!alive(&pid), "{name} is still there");
    }
}

#[tokio::test]
async fn what_resists_is_killed() {
    let yard = Yard::new();
    let mut order = yard.order("trap '' TERM; echo $$ > pid; while :; do sleep 0.1; done");
    order.timeout = Duration::from_secs(2);
    assert_eq!(yard.run(&order).await.0, Ended::TimedOut);
    assert!(!alive(&content(&yard.file("pid")).await));
}

#[tokio::test]
async fn work_that_must_stop_is_stopped_at_once() {
    let yard = Yard::new();
    let order = yard.order("echo $$ > pid; sleep 60");
    let stop = async {
        content(&yard.file("pid")).await;
        yard.signal.send_replace(Signal::Abort);
    };
    let began = std::time::Instant::now();
    let ((ended, _), ()) = tokio::join!(yard.run(&order), stop);
    assert_eq!(ended, Ended::Stopped);
    assert!(began.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn without_its_supervisor_a_command_ends_too() {
    let yard = Yard::new();
    let order = yard.order("echo $PPID > supervisor; echo $$ > pid; sleep 60");
    let kill = async {
        let pid = content(&yard.file("pid")).await;
        let supervisor = content(&yard.file("supervisor")).await;
        let killed = std::process::Command::new("kill").args(["-9", &supervisor]).status();
        assert!(killed.expect("kill").success());
        pid
    };
    let mut output = Vec::new();
    let stop = Stop::new(yard.signal.subscribe());
    let run = yard.fence.run(&order, Sink::Memory(&mut output, 1024), stop);
    let (result, pid) = tokio::join!(run, kill);
    assert!(result.is_err(), "how the command ended is not known");
    until_gone(&pid).await;
}

#[tokio::test]
async fn nobody_waits_for_what_a_command_leaves_behind() {
    let yard = Yard::new();
    let order = yard.order("sleep 60 & echo $! > pid; echo done");
    let began = std::time::Instant::now();
    let (ended, output) = yard.run(&order).await;
    assert_eq!((ended, output.as_str()), (Ended::Exit(0), "done\n"));
    assert!(began.elapsed() < Duration::from_secs(30));
    until_gone(&content(&yard.file("pid")).await).await;
}

#[tokio::test]
async fn a_megabyte_of_output_is_kept_up_to_its_bound() {
    let yard = Yard::new();
    let path = yard.file("log/a.log");
    let mut log = Log::open(&path, 100_000, watch::Sender::new(0)).await.expect("a log");
    let order = yard.order("head -c 3000000 /dev/zero | tr '\\0' x; echo; exit 3");
    let stop = Stop::new(yard.signal.subscribe());
    let ended = yard.fence.run(&order, Sink::Log(&mut log), stop).await.expect("a supervisor");
    assert_eq!(ended, Ended::Exit(3), "the command was read to its end");
    let kept = read_log(&path, 0).await.expect("readable");
    assert!(kept.truncated);
    assert!(kept.text.starts_with(&"x".repeat(100_000)));
    assert!(kept.text.ends_with("[slipway] Only the first 100000 bytes of output are kept.\n"));
}

#[tokio::test]
async fn what_can_not_be_started_says_why() {
    let yard = Yard::new();
    for (program, folder, words) in [
        ("no-such-program-here", "/", "was not found"),
        ("./nothing", "/", "was not found"),
        ("/etc/passwd", "/", "may not be executed"),
        ("sh", "/no/such/folder", "was not found"),
    ] {
        let mut order = yard.order("");
        order.args = vec![program.into()];
        order.folder = Path::new(folder).to_owned();
        match yard.run(&order).await.0 {
            Ended::Refused(sentence) => assert!(sentence.contains(words), "{sentence}"),
            other => panic!("{program}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_dropped_wait_ends_the_command_and_the_next_server_waits_for_that() {
    let yard = Yard::new();
    let order = yard.order("trap '' TERM; echo $$ > pid; while :; do sleep 0.1; done");
    let pid = tokio::select! {
        _ = yard.run(&order) => panic!("it runs for ever"),
        pid = async { content(&yard.file("pid")).await } => pid,
    };
    assert!(alive(&pid), "it resists the polite signal");
    let records = yard.file("processes");
    assert_eq!(std::fs::read_dir(&records).expect("a folder").count(), 1);
    yard.fence.clear_leftovers().await.expect("cleared");
    assert!(!alive(&pid));
    assert_eq!(std::fs::read_dir(&records).expect("a folder").count(), 0);
}
