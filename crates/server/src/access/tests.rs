use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue, Method};
use slipway_api::session::Role;

use super::{Access, Proof, Refusal, SignIn, create_token, secret};
use crate::db::{Db, access::revoke_token};

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn access() -> (tempfile::TempDir, Db, Access) {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(dir.path()).unwrap();
    let access = Access::new(db.clone(), "the-admin-token", dir.path());
    (dir, db, access)
}

fn header(name: &'static str, value: &str) -> HeaderMap {
    HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_str(value).unwrap())])
}

#[tokio::test]
async fn a_code_signs_in_once_however_many_try() {
    let (_dir, _db, access) = access();
    let code = access.new_code("admin", Role::Admin).await.unwrap();
    for _ in 0..3 {
        let preview = access.preview(&Proof::Code(code.clone()), HERE).await.unwrap();
        assert!(matches!(preview, SignIn::Welcome(who) if who.role == Role::Admin));
    }
    let proof = Proof::Code(code);
    let (first, second) = tokio::join!(access.sign_in(&proof, HERE), access.sign_in(&proof, HERE));
    let secrets: Vec<_> = [first, second].into_iter().filter_map(|end| end.unwrap().1).collect();
    assert_eq!(secrets.len(), 1);
    assert!(matches!(access.preview(&proof, HERE).await.unwrap(), SignIn::Unknown));
    let cookie = header("cookie", &format!("a=b; {}={}", access.cookie(), secrets[0]));
    let (who, _) = access.authorise(&Method::GET, &cookie, Role::Admin).await.unwrap();
    assert_eq!(who.name, "admin");
    access.sign_out(&cookie).await.unwrap();
    let after = access.authorise(&Method::GET, &cookie, Role::Viewer).await;
    assert!(matches!(after, Err(Refusal::Unknown)));
}

#[tokio::test]
async fn guessing_is_slowed_down_by_address() {
    let (_dir, _db, access) = access();
    for _ in 0..10 {
        let guess = access.preview(&Proof::Token("no".into()), HERE).await.unwrap();
        assert!(matches!(guess, SignIn::Unknown));
    }
    let right = Proof::Token("the-admin-token".into());
    assert!(matches!(access.preview(&right, HERE).await.unwrap(), SignIn::Wait(1..=60)));
    let elsewhere = "10.0.0.1".parse().unwrap();
    assert!(matches!(access.preview(&right, elsewhere).await.unwrap(), SignIn::Welcome(_)));
}

#[tokio::test]
async fn revoking_a_token_ends_its_sessions() {
    let (_dir, db, access) = access();
    let token = create_token(&db, "ci", Role::Releaser).await.unwrap().unwrap();
    assert_eq!(create_token(&db, "ci", Role::Viewer).await.unwrap(), None);
    let (_, secret) = access.sign_in(&Proof::Token(token.clone()), HERE).await.unwrap();
    let cookie = header("cookie", &format!("{}={}", access.cookie(), secret.unwrap()));
    let bearer = header("authorization", &format!("bearer {token}"));
    for headers in [&cookie, &bearer] {
        let refused = access.authorise(&Method::GET, headers, Role::Editor).await;
        assert!(matches!(refused, Err(Refusal::Role(Role::Editor, Role::Releaser))));
        access.authorise(&Method::GET, headers, Role::Releaser).await.unwrap();
    }
    // Only the cookie is something that a foreign page could make use of.
    access.authorise(&Method::POST, &bearer, Role::Releaser).await.unwrap();
    let forged = access.authorise(&Method::POST, &cookie, Role::Releaser).await;
    assert!(matches!(forged, Err(Refusal::Foreign)));
    assert!(db.write(|tx| revoke_token(tx, "ci")).await.unwrap());
    for headers in [&cookie, &bearer] {
        let refused = access.authorise(&Method::GET, headers, Role::Viewer).await;
        assert!(matches!(refused, Err(Refusal::Unknown)));
    }
}

#[test]
fn the_admin_token_is_made_once_for_its_owner_alone() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("admin-token");
    let from_environment = secret::admin_token(Some("given".into()), &file).unwrap();
    assert_eq!((from_environment.as_str(), file.exists()), ("given", false));
    let made = secret::admin_token(None, &file).unwrap();
    assert_eq!(made.len(), 64);
    assert_eq!(secret::admin_token(None, &file).unwrap(), made);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}
