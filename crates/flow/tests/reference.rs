//! `docs/release-flow.md` is what the tables say. `cargo xtask docs` writes it anew.

use std::{fs, path::Path};

use slipway_flow::{kinds, reference};

#[test]
fn the_page_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/release-flow.md");
    let page = reference::page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::create_dir_all(path.parent().expect("the page lies in a folder")).expect("a folder");
        fs::write(&path, &page).expect("the page can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let first = page.lines().zip(written.lines()).find(|(now, then)| now != then);
    assert!(page == written, "`cargo xtask docs` writes the page anew; it differs at {first:?}");
}

#[test]
fn the_page_names_every_kind_and_field() {
    let page = reference::page();
    for kind in kinds::all() {
        assert!(page.contains(&format!("### {}\n", kind.title)), "{}", kind.title);
        for field in kind.fields.iter().filter(|field| !kind.is_selected_by(field.pointer)) {
            let row = format!("| `{}` |", field.pointer.trim_start_matches('/').replace('/', "."));
            assert!(page.contains(&row), "{row} of {}", kind.title);
        }
    }
}
