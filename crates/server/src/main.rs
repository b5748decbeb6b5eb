//! The binary `slipway`: see `cli`.

fn main() -> std::process::ExitCode {
    slipway_server::cli::main()
}
