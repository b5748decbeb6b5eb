//! The browser app, as a browser gets it.

use std::{fs, time::Duration};

use hyper::Method;

use crate::world::{Answer, World};

const HASHED: &str = "slipway-app-0123456789abcdef.js";

async fn with_app(base: &str) -> World {
    World::with(|config| {
        let app = config.data.parent().unwrap().join("app");
        fs::create_dir_all(app.join("snippets/x-0123456789abcdef")).unwrap();
        fs::write(app.join("index.html"), "<head><base href=\"/\" /></head>").unwrap();
        fs::write(app.join(HASHED), "let a = 1;\n".repeat(400)).unwrap();
        fs::write(app.join("snippets/x-0123456789abcdef/inline0.js"), "1").unwrap();
        config.app = Some(app);
        config.base = base.to_owned();
    })
    .await
}

async fn page(world: &World, path: &str) -> Answer {
    let accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    world.ask(Method::GET, path).header("accept", accept).send().await
}

#[tokio::test]
async fn every_page_address_answers_the_app_and_no_api_path_does() {
    let world = with_app("/").await;
    for path in ["/", "/sign-in", "/projects/shop/pipelines/web", "/index.html"] {
        let answer = page(&world, path).await;
        assert_eq!(
            (answer.status, answer.text()),
            (200, "<head><base href=\"/\" /></head>".into())
        );
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    }
    for path in ["/v1/nope", "/slipway/nope", "/nope.js", "/v1", "/slipway"] {
        assert_eq!(page(&world, path).await.status, 404, "{path}");
    }
    assert_eq!(world.ask(Method::GET, "/sign-in").send().await.status, 404, "no page is wanted");
    for path in ["/../Cargo.toml", "/..%2fshop.toml", "/%2e%2e/shop.toml"] {
        assert!(!page(&world, path).await.text().contains("[project]"));
    }
}

#[tokio::test]
async fn hashed_files_are_kept_by_browsers_and_come_compressed() {
    let world = with_app("/").await;
    let ask = |encoding: &str| {
        world.ask(Method::GET, &format!("/{HASHED}")).header("accept-encoding", encoding).send()
    };
    let plain = ask("identity").await;
    assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(plain.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!((plain.header("content-encoding"), plain.body.len()), ("", 4400));
    let mut tries = 0;
    let compressed = loop {
        let answer = ask("gzip, deflate, br").await;
        if answer.header("content-encoding") == "br" || tries > 100 {
            break answer;
        }
        tries += 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(compressed.header("content-encoding"), "br");
    assert_eq!(compressed.header("vary"), "accept-encoding");
    assert!(compressed.body.len() < 100);
    assert_eq!(ask("gzip").await.header("content-encoding"), "gzip");
    let snippet = world.ask(Method::GET, "/snippets/x-0123456789abcdef/inline0.js").send().await;
    assert_eq!((snippet.status, snippet.header("cache-control")), (200, "no-cache"));
    let tag = snippet.header("etag");
    let again = world
        .ask(Method::GET, "/snippets/x-0123456789abcdef/inline0.js")
        .header("if-none-match", tag)
        .send()
        .await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    let head = world.ask(Method::HEAD, &format!("/{HASHED}")).send().await;
    assert_eq!((head.status, head.header("content-length")), (200, "4400"));
}

#[tokio::test]
async fn the_app_lives_below_any_path() {
    let world = with_app("/ops/slipway/").await;
    let answer = page(&world, "/ops/slipway/projects/shop").await;
    assert_eq!(answer.text(), "<head><base href=\"/ops/slipway/\" /></head>");
    let info = world.ask(Method::GET, "/ops/slipway/slipway/v1/info").send().await;
    assert_eq!(info.json()["product"], "slipway");
    assert_eq!(world.get("/ops/slipway//v1/login").send().await.status, 200);
    assert_eq!(page(&world, "/").await.status, 404);
    assert_eq!(world.get("/v1/login").send().await.status, 404);
    let bare = page(&world, "/ops/slipway").await;
    assert_eq!((bare.status, bare.header("location")), (308, "/ops/slipway/"));
    let link = world.server.sign_in_link().await.unwrap();
    assert!(link.contains("/ops/slipway/sign-in#"), "{link}");
}

#[tokio::test]
async fn an_app_that_is_built_again_is_served_without_a_restart() {
    let world = with_app("/").await;
    assert_eq!(page(&world, "/").await.status, 200);
    let index = world.dir.path().join("app/index.html");
    fs::write(&index, "<head>new</head>").unwrap();
    let later = std::time::SystemTime::now() + Duration::from_secs(5);
    fs::File::options().write(true).open(&index).unwrap().set_modified(later).unwrap();
    assert_eq!(page(&world, "/").await.text(), "<head>new</head>");
}

#[tokio::test]
async fn without_an_app_a_sentence_says_so() {
    let world = World::new().await;
    let answer = page(&world, "/").await;
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("--app"), "{}", answer.text());
}
