//! The program that shows pipelines and runs: see `lib.rs`.

fn main() {
    slipway::watch();
}
