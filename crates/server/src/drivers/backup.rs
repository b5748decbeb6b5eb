//! `AddonBackup`: run the addon's backup command and keep the file that it writes.

use std::{io, path::Path};

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tokio::{fs, io::AsyncReadExt};

use super::{
    work::{Done, Failed, Work},
    world::fresh,
};
use crate::{
    db::{backups::Backup, now},
    time::rfc3339,
};

pub async fn execute(work: &mut Work<'_>) -> Result<Done, Failed> {
    let addon = work.resource("/addonId")?;
    let project = work.project;
    let command = project
        .addon(&addon)
        .ok_or_else(|| Failed::unusable(format!("There is no addon \"{addon}\".")))?
        .backup
        .as_ref()
        .ok_or_else(|| {
            let why = "the project file has no \"backup\" for it";
            Failed::unusable(format!("The addon \"{addon}\" can't be backed up: {why}."))
        })?;
    let id = format!("{addon}-{}", fresh());
    let kind = work.text("/backupType").unwrap_or_else(|| "snapshot".to_owned());
    let compression = work.text("/compressionType").unwrap_or_else(|| "none".to_owned());
    let folder = work.world.backup_folder(&id);
    fs::create_dir_all(&folder).await?;
    let file = folder.join("backup");
    let created_at = now();
    let mut data = json!({
        "id": id, "name": id, "addonId": addon, "backupType": kind,
        "status": "in-progress", "createdAt": rfc3339(created_at),
    });
    (work.accepted)(data.clone());
    let handed = work.handed(&[
        ("BACKUP_ID", id.as_str()),
        ("BACKUP_FILE", &file.display().to_string()),
        ("BACKUP_TYPE", &kind),
        ("COMPRESSION", &compression),
    ]);
    let made = work.command(command, &handed, &Map::new(), &command.folder, None).await;
    let kept = match made {
        Ok(()) => checksum(&file).await.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Failed::command(
                "The backup command succeeded, but there is no file at BACKUP_FILE.".to_owned(),
            ),
            _ => error.into(),
        }),
        Err(failed) => Err(failed),
    };
    let limit = command.size_limit;
    let kept = kept.and_then(|(checksum, bytes)| {
        if bytes <= limit {
            return Ok((checksum, bytes));
        }
        let sentence =
            format!("The backup has {bytes} bytes, and the project file allows {limit}.");
        Err(Failed::unusable(sentence))
    });
    let (checksum, bytes) = match kept {
        Ok(kept) => kept,
        Err(failed) => {
            // Half a backup helps nobody; what can't be removed only takes space.
            let _ = fs::remove_dir_all(&folder).await;
            return Err(failed);
        }
    };
    work.note(&format!("Backup {id}: {bytes} bytes, SHA-256 {checksum}.")).await?;
    data["status"] = Value::from("completed");
    data["completedAt"] = Value::from(rfc3339(now()));
    data["checksum"] = Value::from(checksum.as_str());
    data["bytes"] = Value::from(bytes);
    let backup = Backup {
        id,
        project: project.id.clone(),
        addon,
        path: file.display().to_string(),
        checksum,
        created_at,
    };
    Ok(Done { data, backup: Some(backup) })
}

/// SHA-256 in hexadecimal digits, and the size in bytes.
async fn checksum(path: &Path) -> io::Result<(String, u64)> {
    let mut file = fs::File::open(path).await?;
    let (mut hash, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 65_536]);
    loop {
        let length = file.read(&mut buffer).await?;
        if length == 0 {
            break;
        }
        hash.update(&buffer[..length]);
        size += length as u64;
    }
    Ok((hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect(), size))
}
