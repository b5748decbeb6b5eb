use std::sync::Arc;

use slipway_api::{EventBody, run::RunRequest, stage::Stage};
use slipway_engine::event::{RunOrigin, RunStatus};

use super::{
    Db, DbError, NewEvent, events,
    flows::{self, Pipeline, Place},
    revisions,
    runs::{self, RunRecord},
};

fn saved(by: &str) -> NewEvent {
    let body = EventBody::FlowSaved { etag: "\"1\"".into(), by: by.into() };
    NewEvent { pipeline: None, stage: None, run: None, body }
}

fn of_run(run: &str, body: EventBody) -> NewEvent {
    NewEvent { pipeline: None, stage: None, run: Some(run.into()), body }
}

fn record(id: &str) -> RunRecord {
    RunRecord {
        id: id.into(),
        project: "shop".into(),
        pipeline: "web".into(),
        stage: "Development".into(),
        document: "{ \"apiVersion\" :1.0}".into(),
        request: RunRequest { name: Some("First run".into()), ..RunRequest::default() },
        origin: RunOrigin::Rollback { of: "r0".into(), reason: None },
        by: "ada".into(),
    }
}

#[tokio::test]
async fn concurrent_appends_are_numbered_without_a_gap_and_told_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(dir.path()).unwrap();
    let mut told = db.subscribe("shop");
    let mut frames = db.subscribe_frames("shop");
    let mut tasks = Vec::new();
    for task in 0..20 {
        let db = db.clone();
        tasks.push(tokio::spawn(async move {
            for _ in 0..25 {
                db.append("shop", vec![saved(&task.to_string()), saved("x")]).await.unwrap();
                db.append("other", vec![saved("y")]).await.unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let log = db.read(|conn| events::after(conn, "shop", 0, 5000)).await.unwrap();
    let expected: Vec<u64> = (1..=1000).collect();
    assert_eq!(log.iter().map(|event| event.seq).collect::<Vec<_>>(), expected);
    for event in &log {
        assert_eq!(**told.try_recv().as_ref().unwrap(), *event);
        let frame = frames.try_recv().unwrap();
        assert_eq!(frame.json, serde_json::to_vec(event).unwrap());
    }
    assert!(told.try_recv().is_err());
    assert_eq!(db.read(|conn| events::newest(conn, "other")).await.unwrap(), 500);
    assert_eq!(db.read(|conn| events::newest(conn, "none")).await.unwrap(), 0);
}

#[tokio::test]
async fn a_failed_write_undoes_itself_and_takes_no_number() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(dir.path()).unwrap();
    let mut told = db.subscribe("shop");
    let failing = db.write(|tx| {
        tx.append("shop", saved("lost"))?;
        Err::<(), _>(DbError::Value("no".into()))
    });
    let panicking = db.write(|tx| {
        tx.append("shop", saved("lost"))?;
        if tx.is_autocommit() {
            return Ok(());
        }
        panic!("a bug")
    });
    let fine = db.append("shop", vec![saved("kept")]);
    let (failed, panicked, kept) = tokio::join!(failing, panicking, fine);
    assert!(matches!(failed, Err(DbError::Value(_))));
    assert!(matches!(panicked, Err(DbError::Panicked)));
    assert_eq!(kept.unwrap()[0].seq, 1);
    assert_eq!(told.try_recv().unwrap().seq, 1);
    assert!(told.try_recv().is_err());
}

#[tokio::test]
async fn a_run_and_its_projection_survive_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(dir.path()).unwrap();
    let events = [
        EventBody::RunCreated {
            name: Some("First run".into()),
            description: None,
            origin: RunOrigin::Release,
            by: "ada".into(),
        },
        EventBody::RunQueued,
        EventBody::RunStarted,
    ];
    db.write(move |tx| {
        runs::insert(tx, &record("r1"))?;
        for body in events {
            tx.append("shop", of_run("r1", body))?;
        }
        Ok(())
    })
    .await
    .unwrap();
    drop(db);
    let db = Db::open(dir.path()).unwrap();
    let (found, elsewhere, active) = db
        .read(|conn| {
            Ok((
                runs::get(conn, "shop", "web", "Development", "r1")?,
                runs::get(conn, "shop", "web", "Staging", "r1")?,
                runs::active(conn, "shop", "web", "Development")?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(found, Some(record("r1")));
    assert_eq!(elsewhere, None);
    assert_eq!(active, vec![("r1".to_owned(), RunStatus::Running)]);
    let row = db.read(|conn| runs::row_of(conn, "r1")).await.unwrap().unwrap();
    assert_eq!(row.status, RunStatus::Running);
    assert!(row.started_at.is_some() && !row.concluded);
    db.write(|tx| {
        runs::insert(tx, &record("r2"))?;
        runs::insert(tx, &RunRecord { stage: "Staging".into(), ..record("r3") })
    })
    .await
    .unwrap();
    for (id, waits) in [("r1", false), ("r2", true), ("r3", false)] {
        let found = db.read(|conn| runs::waits_for_another(conn, id)).await.unwrap();
        assert_eq!(found, Some(waits), "{id}");
    }
    let end = EventBody::RunConcluded { status: RunStatus::Failure, reason: Some("No.".into()) };
    db.append("shop", vec![of_run("r1", end)]).await.unwrap();
    let row = db.read(|conn| runs::row_of(conn, "r1")).await.unwrap().unwrap();
    assert_eq!((row.status, row.concluded), (RunStatus::Failure, true));
    assert!(row.concluded_at.is_some());
    let waits = db.read(|conn| {
        Ok((runs::waits_for_another(conn, "r1")?, runs::waits_for_another(conn, "r2")?))
    });
    assert_eq!(waits.await.unwrap(), (None, Some(false)));
    let unfinished = db.read(runs::unfinished).await.unwrap();
    let ids: Vec<&str> = unfinished.iter().map(|run| run.id.as_str()).collect();
    assert_eq!(ids, ["r2", "r3"]);
    let log = db.read(|conn| runs::events(conn, "r1")).await.unwrap();
    assert_eq!(log.last().unwrap().seq, 4);
}

#[tokio::test]
async fn a_flow_keeps_its_bytes_and_its_revisions() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(dir.path()).unwrap();
    let place = Place { project: "shop".into(), pipeline: "web".into(), stage: Stage::Staging };
    let text = "{\r\n\t\"spec\" : {} , \"n\":1.50e+3 }\n";
    let at = place.clone();
    db.write(move |tx| {
        let pipeline = Pipeline {
            id: "web".into(),
            name: "Web".into(),
            description: None,
            created_at: 1,
            updated_at: 1,
        };
        flows::insert_pipeline(tx, "shop", &pipeline)?;
        flows::save_flow(tx, &at, "{}", true, "ada")?;
        flows::save_flow(tx, &at, text, false, "ben")
    })
    .await
    .unwrap();
    let (flow, kept) = db
        .read(move |conn| {
            Ok((flows::flow(conn, &place)?, revisions::rows(conn, &place, i64::MAX, 0, 9)?))
        })
        .await
        .unwrap();
    let flow = flow.unwrap();
    assert_eq!((flow.text.as_str(), flow.etag, flow.paused), (text, flows::etag(text), false));
    let kept: Vec<_> = kept.iter().map(|row| (row.number, row.by.as_str())).collect();
    assert_eq!(kept, [(2, "ben"), (1, "ada")]);
}

#[tokio::test]
async fn a_read_sees_one_moment() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(dir.path()).unwrap();
    db.append("shop", vec![saved("a")]).await.unwrap();
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let (began, begun) = tokio::sync::oneshot::channel();
    let reading = tokio::spawn({
        let db = Arc::new(db.clone());
        async move {
            db.read(move |conn| {
                let before = events::newest(conn, "shop")?;
                let _ = began.send(());
                let _ = wait.recv();
                Ok((before, events::newest(conn, "shop")?))
            })
            .await
        }
    });
    begun.await.unwrap();
    db.append("shop", vec![saved("b")]).await.unwrap();
    go.send(()).unwrap();
    assert_eq!(reading.await.unwrap().unwrap(), (1, 1));
}
