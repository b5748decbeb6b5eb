//! The program that edits release flows: see `lib.rs`.

fn main() {
    slipway::edit();
}
