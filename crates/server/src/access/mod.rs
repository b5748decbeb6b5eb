//! Who is asking and what they may do: tokens, sign-in codes, sessions, roles, and the rules that
//! keep foreign pages out. Secrets are compared as hashes, in constant time, and never logged.
//!
//! May import: the database, the wire types. Must not know: what a route does.

mod guesses;
mod origin;
mod quota;
pub mod secret;

use std::{net::IpAddr, path::Path, time::Duration};

use axum::http::{HeaderMap, Method, header};
use slipway_api::session::Role;
use subtle::ConstantTimeEq;

pub use crate::db::access::Identity;
use crate::db::{
    Db, DbError,
    access::{self as store, SecretHash, Token},
    now,
};
pub use origin::Hosts;
pub use quota::Quota;

/// How long a sign-in code can be used.
const CODE_LIFE: Duration = Duration::from_secs(10 * 60);
/// How long a session lasts.
pub const SESSION_LIFE: Duration = Duration::from_secs(12 * 60 * 60);

/// Decides who a request comes from.
pub struct Access {
    db: Db,
    admin: SecretHash,
    cookie: String,
    guesses: guesses::Guesses,
    quotas: quota::Quotas,
}

/// How a request proves who sends it; kept by an open stream to ask again later.
#[derive(Clone)]
pub struct Credential {
    hash: SecretHash,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bearer,
    Session,
}

/// What stands against a request that has a credential, or should have one.
#[derive(Debug)]
pub enum Refusal {
    /// No credential, or none that we know: the two look alike from outside.
    Unknown,
    /// Made by a page of another origin.
    Foreign,
    /// The role that is needed, and the one that is there.
    Role(Role, Role),
    Db(DbError),
}

impl From<DbError> for Refusal {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

/// What somebody signs in with.
pub enum Proof {
    /// Of a sign-in link; works once.
    Code(String),
    Token(String),
}

/// How signing in ended.
pub enum SignIn {
    Welcome(Identity),
    Unknown,
    /// Too many wrong ones came from there; the seconds until the next try.
    Wait(u64),
}

impl Access {
    /// `data` only makes the cookie's name differ between servers on one machine: browsers don't
    /// tell ports apart.
    #[must_use]
    pub fn new(db: Db, admin_token: &str, data: &Path) -> Self {
        let place = secret::hash(&data.display().to_string());
        Self {
            db,
            admin: secret::hash(admin_token),
            cookie: format!("slipway-session-{}", secret::hex(&place[..4])),
            guesses: guesses::Guesses::default(),
            quotas: quota::Quotas::default(),
        }
    }

    /// The name of the session cookie.
    #[must_use]
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Counts a request of somebody, and says what is left of the hour.
    pub fn count(&self, who: &str) -> Quota {
        self.quotas.count(who)
    }

    /// Who sends this request, if they may do what `needed` may.
    ///
    /// # Errors
    /// Why not.
    pub async fn authorise(
        &self,
        method: &Method,
        headers: &HeaderMap,
        needed: Role,
    ) -> Result<(Identity, Credential), Refusal> {
        let credential = self.credential(headers).ok_or(Refusal::Unknown)?;
        let who = self.identify(&credential).await?.ok_or(Refusal::Unknown)?;
        if credential.kind == Kind::Session && !method.is_safe() && !origin::is_same(headers) {
            return Err(Refusal::Foreign);
        }
        if who.role < needed {
            return Err(Refusal::Role(needed, who.role));
        }
        Ok((who, credential))
    }

    /// Whether a request that carries no credential yet comes from a page of another origin.
    #[must_use]
    pub fn is_foreign(headers: &HeaderMap) -> bool {
        origin::is_foreign(headers)
    }

    /// Who a credential belongs to, as of now.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn identify(&self, credential: &Credential) -> Result<Option<Identity>, DbError> {
        match credential.kind {
            Kind::Bearer => self.token(credential.hash).await,
            Kind::Session => {
                let hash = credential.hash;
                let found = self.db.read(move |conn| store::session(conn, &hash)).await?;
                Ok(confirmed(&hash, found))
            }
        }
    }

    /// A `Bearer` header decides alone; the cookie counts where there is none.
    fn credential(&self, headers: &HeaderMap) -> Option<Credential> {
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
            let hash = secret::hash(token.trim());
            return scheme
                .eq_ignore_ascii_case("bearer")
                .then_some(Credential { hash, kind: Kind::Bearer });
        }
        self.session_secret(headers)
            .map(|secret| Credential { hash: secret::hash(secret), kind: Kind::Session })
    }

    fn session_secret<'h>(&self, headers: &'h HeaderMap) -> Option<&'h str> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(name, value)| (name == self.cookie).then_some(value))
    }

    async fn token(&self, hash: SecretHash) -> Result<Option<Identity>, DbError> {
        if bool::from(hash.ct_eq(&self.admin)) {
            return Ok(Some(Identity { name: "admin".into(), role: Role::Admin, token: None }));
        }
        let found = self.db.read(move |conn| store::token(conn, &hash)).await?;
        Ok(confirmed(&hash, found))
    }

    /// Whom a code or token would sign in. Wrong ones are counted by where they come from.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn preview(&self, proof: &Proof, from: IpAddr) -> Result<SignIn, DbError> {
        if let Some(seconds) = self.guesses.wait(from) {
            return Ok(SignIn::Wait(seconds));
        }
        let found = match proof {
            Proof::Token(token) => self.token(secret::hash(token)).await?,
            Proof::Code(code) => {
                let hash = secret::hash(code);
                let found = self.db.read(move |conn| store::code(conn, &hash)).await?;
                confirmed(&hash, found)
            }
        };
        match found {
            Some(who) => Ok(SignIn::Welcome(who)),
            None => {
                self.guesses.failed(from);
                Ok(SignIn::Unknown)
            }
        }
    }

    /// Begins a session; uses a code up. The second member is the cookie's secret.
    ///
    /// # Errors
    /// When the database can't be written.
    pub async fn sign_in(
        &self,
        proof: &Proof,
        from: IpAddr,
    ) -> Result<(SignIn, Option<String>), DbError> {
        let who = match self.preview(proof, from).await? {
            SignIn::Welcome(who) => who,
            refused => return Ok((refused, None)),
        };
        let secret = secret::random();
        let (session, identity) = (secret::hash(&secret), who.clone());
        let code = match proof {
            Proof::Code(code) => Some(secret::hash(code)),
            Proof::Token(_) => None,
        };
        let begun = self.db.write(move |tx| {
            // Two requests with one code: the first one has it.
            if let Some(code) = code
                && !store::use_code(tx, &code)?
            {
                return Ok(false);
            }
            store::insert_session(tx, &session, &identity, now() + millis(SESSION_LIFE))?;
            Ok(true)
        });
        if begun.await? {
            return Ok((SignIn::Welcome(who), Some(secret)));
        }
        self.guesses.failed(from);
        Ok((SignIn::Unknown, None))
    }

    /// Ends the session of a request, if it has one.
    ///
    /// # Errors
    /// When the database can't be written.
    pub async fn sign_out(&self, headers: &HeaderMap) -> Result<(), DbError> {
        let Some(secret) = self.session_secret(headers) else { return Ok(()) };
        let hash = secret::hash(secret);
        self.db.write(move |tx| store::end_session(tx, &hash)).await
    }

    /// Makes a code for a sign-in link. It works once, for ten minutes.
    ///
    /// # Errors
    /// When the database can't be written.
    pub async fn new_code(&self, name: &str, role: Role) -> Result<String, DbError> {
        let code = secret::random();
        let (hash, name) = (secret::hash(&code), name.to_owned());
        let until = now() + millis(CODE_LIFE);
        self.db.write(move |tx| store::insert_code(tx, &hash, &name, role, until)).await?;
        Ok(code)
    }
}

/// Makes a token; the secret is only ever told here. None when the name is taken.
///
/// # Errors
/// When the database can't be written.
pub async fn create_token(db: &Db, name: &str, role: Role) -> Result<Option<String>, DbError> {
    let secret = format!("slipway_{}", secret::random());
    let hash = secret::hash(&secret);
    let token = Token {
        id: uuid::Uuid::new_v4().to_string(),
        name: name.to_owned(),
        role,
        created_at: now(),
    };
    let added = db.write(move |tx| store::insert_token(tx, &token, &hash)).await?;
    Ok(added.then_some(secret))
}

/// SQLite found the row by the hash; this compares it again without telling how far it matched.
fn confirmed(hash: &SecretHash, found: Option<(SecretHash, Identity)>) -> Option<Identity> {
    found.and_then(|(stored, who)| bool::from(stored.ct_eq(hash)).then_some(who))
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
