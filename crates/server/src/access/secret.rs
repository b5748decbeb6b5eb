//! Random secrets, and the hashes that are kept of them.

use std::{fs, io, io::Write, path::Path};

use sha2::{Digest, Sha256};

use crate::db::access::SecretHash;

/// 256 random bits as 64 hexadecimal digits.
///
/// # Panics
/// When the operating system has no randomness to give: nothing safe can be done then.
#[must_use]
pub fn random() -> String {
    let mut bytes = [0_u8; 32];
    #[expect(clippy::expect_used, reason = "without randomness no secret may be made at all")]
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    hex(&bytes)
}

/// SHA-256. Enough for secrets of 256 random bits: nobody tries them all.
#[must_use]
pub fn hash(secret: &str) -> SecretHash {
    Sha256::digest(secret.as_bytes()).into()
}

/// Lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The admin token: what the environment says, else what `file` says, else a new one that is
/// written there for its owner alone.
///
/// # Errors
/// When the file can't be read or written.
pub fn admin_token(from_environment: Option<String>, file: &Path) -> io::Result<String> {
    if let Some(token) = from_environment {
        return Ok(token);
    }
    match fs::read_to_string(file) {
        Ok(text) if !text.trim().is_empty() => return Ok(text.trim().to_owned()),
        Ok(_) => fs::remove_file(file)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let token = random();
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    writeln!(options.open(file)?, "{token}")?;
    Ok(token)
}
