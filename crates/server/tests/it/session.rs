//! Signing in, the cookie, and pages of other origins.

use hyper::Method;
use serde_json::json;
use slipway_api::session::Role;

use crate::world::{ADMIN, Answer, Ask, FLOW, FLOW_PATH, World};

const SESSION: &str = "/slipway/v1/session";

/// The form posts from a page of ours.
fn sign_in(world: &World, body: &serde_json::Value) -> Ask {
    let origin = format!("http://{}", world.address);
    world
        .ask(Method::POST, SESSION)
        .header("content-type", "application/json")
        .header("origin", &origin)
        .body(body.to_string())
}

fn cookie(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie");
    cookie.split(';').next().expect("a cookie").to_owned()
}

#[tokio::test]
async fn anybody_may_know_what_this_server_is() {
    let world = World::new().await;
    let info = world.ask(Method::GET, "/slipway/v1/info").json(200).await;
    assert_eq!(info["product"], "slipway");
    assert_eq!(info["version"], env!("CARGO_PKG_VERSION"));
}

#[tokio::test]
async fn a_link_signs_in_once_and_previews_leave_it_alone() {
    let world = World::new().await;
    let link = world.server.sign_in_link().await.unwrap();
    let (page, code) = link.split_once('#').unwrap();
    assert_eq!(page, format!("http://{}/sign-in", world.address));
    let admin = json!({ "data": { "name": "admin", "role": "admin" } });
    for _ in 0..2 {
        let preview = sign_in(&world, &json!({ "code": code, "preview": true })).send().await;
        assert_eq!((preview.status, preview.json()), (200, admin.clone()));
        assert_eq!(preview.header("set-cookie"), "");
    }
    let signed_in = sign_in(&world, &json!({ "code": code })).send().await;
    assert_eq!((signed_in.status, signed_in.json()), (200, admin.clone()));
    let attributes = signed_in.header("set-cookie").split_once(';').unwrap().1;
    assert_eq!(attributes, " Path=/; Max-Age=43200; HttpOnly; SameSite=Strict");
    for body in [json!({ "code": code }), json!({ "code": code, "preview": true })] {
        let again = sign_in(&world, &body).json(401).await;
        assert_eq!(again["error"]["id"], "slipway-sign-in");
    }
    let cookie = cookie(&signed_in);
    let session = world.ask(Method::GET, SESSION).header("cookie", &cookie);
    assert_eq!(session.json(200).await, admin);
    let out = world.ask(Method::DELETE, SESSION).header("cookie", &cookie).send().await;
    assert_eq!(out.status, 200);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    let after = world.ask(Method::GET, SESSION).header("cookie", &cookie);
    assert_eq!(after.send().await.status, 401);
}

#[tokio::test]
async fn a_token_signs_in_with_its_own_role() {
    let world = World::new().await;
    let token = world.token(Role::Releaser).await;
    let signed_in = sign_in(&world, &json!({ "token": token })).send().await;
    assert_eq!(signed_in.json()["data"]["role"], "releaser");
    let origin = format!("http://{}", world.address);
    let refused = world
        .ask(Method::POST, FLOW_PATH)
        .header("cookie", &cookie(&signed_in))
        .header("origin", &origin)
        .body(FLOW);
    assert_eq!(refused.send().await.status, 403);
    for body in [json!({}), json!({ "code": "a", "token": "b" })] {
        let error = sign_in(&world, &body).json(400).await;
        assert!(error["error"]["details"]["object"].is_array());
    }
    let error = sign_in(&world, &json!({ "token": 7 })).json(400).await;
    assert!(error["error"]["details"]["token"].is_array());
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let world = World::new().await;
    for _ in 0..10 {
        let wrong = sign_in(&world, &json!({ "token": "wrong" }));
        assert_eq!(wrong.send().await.status, 401);
    }
    let right = sign_in(&world, &json!({ "token": ADMIN })).send().await;
    assert_eq!(right.status, 429);
    assert!(right.header("retry-after").parse::<u64>().unwrap() <= 60);
}

#[tokio::test]
async fn a_page_of_another_origin_can_change_nothing() {
    let world = World::new().await;
    let signed_in = sign_in(&world, &json!({ "token": ADMIN })).send().await;
    let cookie = cookie(&signed_in);
    let ours = format!("http://{}", world.address);
    let save = || world.ask(Method::POST, FLOW_PATH).header("cookie", &cookie).body(FLOW);
    for foreign in [
        save(),
        save().header("origin", "http://evil.example"),
        save().header("origin", "null"),
        save().header("origin", "http://127.0.0.1:1"),
        save().header("sec-fetch-site", "cross-site"),
        save().header("sec-fetch-site", "same-site"),
        save().header("sec-fetch-site", "cross-site").header("origin", &ours),
        save().header("sec-fetch-site", "none"),
    ] {
        let refused = foreign.json(403).await;
        assert_eq!(refused["error"]["id"], "slipway-foreign-origin");
    }
    assert_eq!(save().header("origin", &ours).send().await.status, 200);
    assert_eq!(save().header("sec-fetch-site", "same-origin").send().await.status, 200);
    // A token is not sent by a browser on its own.
    let with_token = world.post(FLOW_PATH, FLOW).header("origin", "http://evil.example");
    assert_eq!(with_token.send().await.status, 200);
    // Reading by cookie is fine: another origin can't see the answer.
    let read = world.ask(Method::GET, FLOW_PATH).header("cookie", &cookie);
    assert_eq!(read.send().await.status, 200);
    // Nor can it sign somebody in or out.
    let forced =
        sign_in(&world, &json!({ "token": ADMIN })).header("origin", "http://evil.example");
    assert_eq!(forced.send().await.status, 403);
    let out = world
        .ask(Method::DELETE, SESSION)
        .header("cookie", &cookie)
        .header("origin", "http://evil.example");
    assert_eq!(out.send().await.status, 403);
}

#[tokio::test]
async fn a_wrong_bearer_is_not_saved_by_a_cookie() {
    let world = World::new().await;
    let signed_in = sign_in(&world, &json!({ "token": ADMIN })).send().await;
    let ask = world.ask(Method::GET, SESSION).header("cookie", &cookie(&signed_in));
    assert_eq!(ask.bearer("wrong").send().await.status, 401);
}

#[tokio::test]
async fn the_cookie_is_secure_only_where_a_trusted_proxy_says_https() {
    for (trusted, secure) in [(true, true), (false, false)] {
        let world = World::with(|config| {
            config.behind_proxy = trusted;
            config.base = "/ops/".into();
        })
        .await;
        let answer = world
            .ask(Method::POST, "/ops/slipway/v1/session")
            .header("x-forwarded-proto", "https")
            .body(json!({ "token": ADMIN }).to_string())
            .send()
            .await;
        let cookie = answer.header("set-cookie");
        assert_eq!(cookie.contains("; Secure"), secure, "{cookie}");
        assert!(cookie.contains("Path=/ops/;"), "{cookie}");
    }
}
