//! What a caller is told when something is wrong, word for word.

use hyper::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::world::{FLOW_PATH, World};

#[tokio::test]
async fn no_token_and_a_wrong_one_look_alike() {
    let world = World::new().await;
    let expected = json!({ "error": { "status": 401, "message": "Unauthorized" } });
    let none = world.ask(Method::GET, "/v1/projects");
    assert_eq!(none.json(401).await, expected);
    for header in ["Bearer nope", "Basic YTpi", "nonsense", "Bearer "] {
        let wrong = world.ask(Method::GET, "/v1/projects").header("authorization", header);
        assert_eq!(wrong.json(401).await, expected, "{header}");
    }
}

#[tokio::test]
async fn an_unknown_route_is_told_to_anybody() {
    let world = World::new().await;
    let expected = json!({ "error": {
        "status": 404, "message": "Not found. The requested route does not exist" } });
    for path in ["/v1/nope", "/v1", "/slipway/v1/nope", "/v1/projects/a/b/c/d", "/nope.js"] {
        let html = world.ask(Method::GET, path).header("accept", "text/html");
        assert_eq!(html.json(404).await, expected, "{path}");
    }
    assert_eq!(world.ask(Method::POST, "/anything").json(404).await, expected);
}

#[tokio::test]
async fn a_wrong_method_is_told_before_anyone_is_asked_who_they_are() {
    let world = World::new().await;
    let answer = world.ask(Method::DELETE, FLOW_PATH).send().await;
    assert_eq!(answer.header("allow"), "GET,HEAD,POST");
    assert_eq!(
        answer.json(),
        json!({ "error": { "status": 405,
            "message": "Method not allowed. This route takes GET, HEAD, POST." } })
    );
    // No other origin is ever let in: there is nothing to ask before a request.
    assert_eq!(world.ask(Method::OPTIONS, "/v1/projects").send().await.status, 405);
}

#[tokio::test]
async fn a_missing_thing_is_named() {
    let world = World::new().await;
    let flows = "/v1/projects/shop/pipelines/web/release-flows";
    for (path, message) in [
        ("/v1/projects/nope/pipelines", "There is no project \"nope\"."),
        ("/v1/projects/shop/pipelines/nope", "There is no pipeline \"nope\" in this project."),
        (
            "/v1/projects/shop/pipelines/web/release-flows/staging",
            "The stage Staging of the pipeline \"web\" has no release flow.",
        ),
        (
            "/v1/projects/shop/pipelines/nope/release-flows/staging",
            "There is no pipeline \"nope\" in this project.",
        ),
        (&format!("{flows}/development/runs/nope"), "This stage has no run \"nope\"."),
        (
            "/v1/projects/shop/pipelines/n%2Fo/release-flows/staging/runs",
            "There is no pipeline \"n/o\" in this project.",
        ),
    ] {
        let expected = json!({ "error": { "status": 404, "id": "nf-not-found",
            "message": format!("Not found. {message}") } });
        assert_eq!(world.get(path).json(404).await, expected);
    }
}

#[tokio::test]
async fn an_invalid_body_names_its_fields() {
    let world = World::new().await;
    let runs = &format!("{FLOW_PATH}/runs");
    let object = "must be of type object";
    for (path, body, details) in [
        (runs, "[]", json!({ "object": ["the body must be a JSON object"] })),
        (runs, "{\"name\": 3}", json!({ "name": ["\"name\" must be a string"] })),
        (
            runs,
            "{\"arguments\": [], \"overrides\": {\"a\": 1}}",
            json!({ "arguments": [format!("\"arguments\" {object}")],
                "overrides.a": [format!("\"overrides.a\" {object}")] }),
        ),
        (
            &FLOW_PATH.to_owned(),
            "{}",
            json!({ "apiVersion": ["\"apiVersion\" is required"], "spec": ["\"spec\" is required"] }),
        ),
        (
            &FLOW_PATH.to_owned(),
            "{\"apiVersion\": \"v9\", \"spec\": []}",
            json!({ "apiVersion": ["\"apiVersion\" must be one of [v1.2, v1]"],
                "spec": [format!("\"spec\" {object}")] }),
        ),
    ] {
        let expected = json!({ "error": { "status": 400, "id": "nf-invalid-request-body",
            "message": "Request failed payload validation - see details.", "details": details } });
        assert_eq!(world.post(path, body).json(400).await, expected, "{body}");
    }
    for (body, field) in
        [("{\"name\": \"ab\"}", "name"), ("{\"description\": \"\"}", "description")]
    {
        let error = world.post(runs, body).json(400).await;
        assert!(error["error"]["details"][field][0].is_string(), "{error}");
    }
    for (path, body) in [(runs.as_str(), "{nope"), (FLOW_PATH, "{\"a\":1,}"), (FLOW_PATH, "")] {
        let error = world.post(path, body).json(400).await;
        assert!(error["error"]["details"]["object"][0].is_string(), "{error}");
    }
    let deep = format!("{{\"apiVersion\":\"v1.2\",\"spec\":{}", "[".repeat(5000));
    assert_eq!(world.post(FLOW_PATH, deep).send().await.status, 400);
    assert_eq!(world.post(FLOW_PATH, [b'{', 0xff, b'}']).send().await.status, 400);
    let stage = world.get("/v1/projects/shop/pipelines/web/release-flows/test").json(400).await;
    assert!(stage["error"]["details"]["stage"].is_array());
}

#[tokio::test]
async fn a_body_that_is_too_large_is_not_read() {
    let world = World::new().await;
    let fits = vec![b' '; 4 << 20];
    assert_eq!(world.post(FLOW_PATH, fits).send().await.status, 400);
    let large = vec![b' '; (4 << 20) + 1];
    let answer = world.post(FLOW_PATH, large).send().await;
    assert_eq!(
        (answer.status, answer.json()["error"]["id"].as_str()),
        (413, Some("slipway-body-too-large"))
    );
    let runs = format!("{FLOW_PATH}/runs");
    assert_eq!(world.post(&runs, vec![b' '; (1 << 20) + 1]).send().await.status, 413);
}

#[tokio::test]
async fn only_our_host_names_are_answered() {
    let world = World::with(|config| config.hosts = vec!["slipway.example".into()]).await;
    for host in ["localhost:1", "127.0.0.1", "slipway.example", "SLIPWAY.example:8443"] {
        assert_eq!(world.get("/v1/login").header("host", host).send().await.status, 200, "{host}");
    }
    for host in ["evil.example", "evil.example:8787", "localhost.evil.example"] {
        let refused = world.get("/slipway/v1/info").header("host", host).json(421).await;
        assert_eq!(refused["error"]["id"], "slipway-host");
    }
    for head in [
        "GET /v1/login HTTP/1.1\r\n",
        "GET http://evil.example/v1/login HTTP/1.1\r\n\
        Host: localhost\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n",
    ] {
        let mut stream = tokio::net::TcpStream::connect(world.address).await.unwrap();
        stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let status = &answer[9..12];
        assert!(matches!(status, "400" | "421"), "{head}: {answer}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_same_headers() {
    let world = World::new().await;
    for ask in [
        world.get("/v1/projects"),
        world.ask(Method::GET, "/v1/projects"),
        world.ask(Method::GET, "/slipway/v1/info"),
        world.ask(Method::GET, "/").header("accept", "text/html"),
        world.ask(Method::PUT, "/v1/projects"),
        world.get("/v1/projects").header("host", "evil.example"),
    ] {
        let answer = ask.send().await;
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("access-control-allow-origin"), "");
        for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
            answer.header(name).parse::<u64>().expect(name);
        }
    }
    let left = async || {
        let answer = world.get("/v1/login").send().await;
        answer.header("x-ratelimit-remaining").parse::<u64>().unwrap()
    };
    let first = left().await;
    assert_eq!(left().await, first - 1);
}
