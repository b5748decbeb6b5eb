//! Measures every operation natively, in CPU time: a line for each, `NAME NODES MILLISECONDS`.
//! `--only NAME` measures one. `--flow NODES` writes that flow instead, and `--names` the operations.

use slipway_bench::{OPERATIONS, flows};
#[cfg(unix)]
use slipway_bench::{Operation, SIZES};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--flow", nodes] => print!("{}", flows::text(nodes.parse().unwrap_or(100))),
        ["--names"] => OPERATIONS.iter().for_each(|operation| println!("{}", operation.name)),
        ["--only", name] => measure(Some(name)),
        _ => measure(None),
    }
}

#[cfg(unix)]
fn measure(only: Option<&str>) {
    for nodes in SIZES {
        let wanted = |operation: &&Operation| only.is_none_or(|only| only == operation.name);
        for operation in OPERATIONS.iter().filter(wanted) {
            let mut work = (operation.prepare)(nodes);
            let took = median(&mut || {
                work();
            });
            println!("{} {nodes} {took:.4}", operation.name);
        }
    }
}

#[cfg(not(unix))]
fn measure(_: Option<&str>) {
    eprintln!("CPU time is measured on Unix only.");
}

/// The median of the CPU time of one call, in milliseconds, over some 0.3 s.
#[cfg(unix)]
fn median(work: &mut dyn FnMut()) -> f64 {
    work();
    let mut times = Vec::new();
    while times.len() < 5 || (times.iter().sum::<f64>() < 300.0 && times.len() < 500) {
        let before = cpu_milliseconds();
        work();
        times.push(cpu_milliseconds() - before);
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

#[cfg(unix)]
fn cpu_milliseconds() -> f64 {
    use nix::time::{ClockId, clock_gettime};
    let time = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID);
    #[expect(clippy::cast_precision_loss, reason = "a few minutes in nanoseconds")]
    let milliseconds =
        |time: nix::sys::time::TimeSpec| time.tv_sec() as f64 * 1e3 + time.tv_nsec() as f64 / 1e6;
    time.map_or(0.0, milliseconds)
}
