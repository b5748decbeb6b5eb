//! `slipway token`. Works on the data directory, whether or not a server runs on it.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use slipway_api::session::Role;

use super::block_on;
use crate::{
    access,
    db::{Db, DbError, access as store},
    time::rfc3339,
};

#[derive(Args)]
pub struct Token {
    /// The server's data directory.
    #[arg(long, default_value = "./slipway-data", value_name = "DIR", global = true)]
    data: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes a token and prints it, for the only time.
    Create {
        /// What it is called in lists and logs.
        #[arg(long)]
        name: String,
        /// viewer, releaser, editor or admin.
        #[arg(long, value_parser = role)]
        role: Role,
    },
    /// Lists the tokens, without their secrets.
    List,
    /// Takes a token away, with the sessions that began with it.
    Revoke {
        /// Its name or id.
        name: String,
    },
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text)
        .ok_or_else(|| "a role is one of viewer, releaser, editor and admin".to_owned())
}

impl Token {
    pub fn run(self) -> Result<(), String> {
        if !self.data.is_dir() {
            let data = self.data.display();
            return Err(format!("There is no data directory {data}. Say which with --data."));
        }
        let failed = |error: DbError| error.to_string();
        let db = Db::open(&self.data).map_err(failed)?;
        block_on(async {
            match self.command {
                Command::Create { name, role } => create(&db, &name, role).await,
                Command::List => list(&db).await.map_err(failed),
                Command::Revoke { name } => revoke(&db, name).await,
            }
        })
    }
}

async fn create(db: &Db, name: &str, role: Role) -> Result<(), String> {
    let length = name.chars().count();
    if name.trim() != name || !(1..=100).contains(&length) || name.chars().any(char::is_control) {
        return Err("A token's name has 1 to 100 characters, and no space around it.".to_owned());
    }
    let made = access::create_token(db, name, role).await.map_err(|error| error.to_string())?;
    let secret = made.ok_or_else(|| format!("There is a token named \"{name}\" already."))?;
    eprintln!("This is the only time that the token is shown:");
    println!("{secret}");
    Ok(())
}

async fn list(db: &Db) -> Result<(), DbError> {
    for token in db.read(store::tokens).await? {
        let (role, made) = (token.role.word(), rfc3339(token.created_at));
        println!("{}  {role:<8}  {made}  {}", token.id, token.name);
    }
    Ok(())
}

async fn revoke(db: &Db, name: String) -> Result<(), String> {
    let of = name.clone();
    let gone = db.write(move |tx| store::revoke_token(tx, &of)).await;
    if gone.map_err(|error| error.to_string())? {
        return Ok(());
    }
    Err(format!("There is no token \"{name}\"."))
}
