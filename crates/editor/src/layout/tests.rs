//! What a picture promises, of any tree and after any edits.

use proptest::{prelude::*, sample::Index as Pick};
use serde_json::{Value, json};
use slipway_flow::document::Document;

use super::*;

fn node() -> impl Strategy<Value = Value> {
    let leaf = Just(json!({"kind": "JobRun", "spec": {"jobId": "a"}}));
    leaf.prop_recursive(5, 60, 6, |inner| {
        (any::<bool>(), proptest::collection::vec(inner, 0..6)).prop_map(|(parallel, steps)| {
            let kind = if parallel { "parallel" } else { "sequential" };
            json!({"kind": "Workflow", "spec": {"type": kind, "steps": steps}})
        })
    })
}

fn lay_out(spec: &Value) -> (Document, Layout) {
    let document = Document::parse(&json!({"spec": spec}).to_string()).unwrap();
    let layout = Layout::of(&document, document.root_node());
    (document, layout)
}

fn boxes(layout: &Layout) -> Vec<NodeBox> {
    layout.nodes().map(|key| layout.get(key).unwrap()).collect()
}

fn steps(layout: &Layout, node: &NodeBox) -> Vec<NodeBox> {
    (0..node.steps).map(|position| layout.step(node.key, position).unwrap()).collect()
}

/// All that a picture says, to compare it with another one.
fn whole(layout: &Layout) -> impl PartialEq + std::fmt::Debug + use<> {
    let size = layout.size();
    let all = Rect::at(Point::default(), size);
    (boxes(layout), layout.len(), size, layout.arrows(&all), layout.slots(&all))
}

/// Something that a person, the code view or an undo does to a document.
fn act(document: &mut Document, (what, a, b): (u8, &Pick, &Pick)) {
    let nodes = document.nodes();
    if nodes.is_empty() {
        return;
    }
    let (node, other) = (nodes[a.index(nodes.len())], nodes[b.index(nodes.len())]);
    let steps = document.node(other).steps_array();
    let text = document.text_of(node);
    let undone = document.revision();
    let mut edit = document.edit();
    match (what % 9, steps) {
        (0, _) if nodes[0] != node => edit.remove(node),
        (1, Some(steps)) => {
            let new = json!({"kind": "Workflow", "spec": {"steps": [{"kind": "Build"}]}});
            edit.insert(steps, what.into(), &new);
        }
        (2, Some(steps)) => edit.move_to(node, steps, what.into()),
        (3, _) => {
            let spec = edit.document().node(other).spec();
            spec.map(|spec| edit.set(spec, "type", &json!("parallel")));
        }
        (4, _) => {
            edit.set(node, "kind", &json!("JobRun"));
        }
        (5, _) => {
            let wrapped = format!(r#"{{"kind": "Workflow", "spec": {{"steps": [{text}]}}}}"#);
            edit.replace_text(node, &wrapped).unwrap();
        }
        (6, Some(steps)) => edit.replace(steps, &json!([7, {"kind": "Build"}])),
        (7, _) if nodes[0] != node => {
            edit.set(node, "spec", &json!({"steps": []}));
        }
        _ => {
            // Out and in again, with something done to it between.
            edit.remove(node);
            edit.set(node, "kind", &json!("Workflow"));
            if let Some(steps) = steps.filter(|steps| edit.document().contains(*steps)) {
                edit.move_to(node, steps, 0);
            }
        }
    }
    let changes = edit.finish();
    if what > 200 && document.revision() > undone {
        document.apply(&changes.inverse()).unwrap();
    }
}

proptest! {
    #[test]
    fn nothing_overlaps_and_everything_is_inside_its_workflow(spec in node()) {
        let (document, layout) = lay_out(&spec);
        prop_assert_eq!(layout.nodes().collect::<Vec<_>>(), document.nodes());
        for node in boxes(&layout) {
            let steps = steps(&layout, &node);
            for (position, step) in steps.iter().enumerate() {
                prop_assert_eq!((step.parent, step.position), (Some(node.key), position));
                prop_assert_eq!((step.level, step.siblings), (node.level + 1, steps.len()));
                prop_assert!(inside(&node.rect).encloses(&step.rect));
                let others = steps.iter().filter(|other| other.key != step.key);
                prop_assert!(others.into_iter().all(|other| !other.rect.overlaps(&step.rect)));
            }
        }
    }

    #[test]
    fn after_any_edits_the_picture_is_as_if_laid_out_anew(
        spec in node(), acts in proptest::collection::vec((any::<u8>(), any::<Pick>(), any::<Pick>()), 1..20),
        hidden in any::<Pick>(),
    ) {
        let (mut document, mut layout) = lay_out(&spec);
        let nodes = document.nodes();
        let hidden = nodes[hidden.index(nodes.len())];
        layout.collapse(&document, hidden, true);
        for (index, (what, a, b)) in acts.iter().enumerate() {
            act(&mut document, (*what, a, b));
            // Sometimes two edits are seen at once.
            if index % 3 == 1 {
                continue;
            }
            layout.update(&document, document.root_node());
            let anew = Layout::collapsed(&document, document.root_node(), HashSet::from([hidden]));
            prop_assert_eq!(whole(&layout), whole(&anew));
        }
        layout.collapse(&document, hidden, false);
        layout.update(&document, document.root_node());
        prop_assert_eq!(whole(&layout), whole(&Layout::of(&document, document.root_node())));
    }

    #[test]
    fn arrows_run_down_between_neighbours(spec in node(), x in 0.0..900.0f64, y in 0.0..900.0f64) {
        let (_, layout) = lay_out(&spec);
        let all = layout.arrows(&Rect::at(Point::default(), layout.size()));
        for arrow in &all {
            let (from, to) = (layout.get(arrow.from).unwrap(), layout.get(arrow.to).unwrap());
            prop_assert_eq!(from.parent, to.parent);
            prop_assert_eq!(from.position + 1, to.position);
            prop_assert!((arrow.start.x - arrow.end.x).abs() < 0.01 && arrow.start.y < arrow.end.y);
        }
        let steps = boxes(&layout).into_iter()
            .filter(|node| node.arrangement == Some(WorkflowType::Sequential))
            .map(|node| node.steps.saturating_sub(1));
        prop_assert_eq!(all.len(), steps.sum::<usize>());
        // A part of the picture has the arrows that it shows.
        let view = Rect::new(x, y, 300.0, 200.0);
        let shown = all.into_iter().filter(|arrow| {
            let (start, end) = (arrow.start, arrow.end);
            Rect::new(start.x - 4.0, start.y, 8.0, end.y - start.y).overlaps(&view)
        });
        prop_assert_eq!(layout.arrows(&view), shown.collect::<Vec<_>>());
    }

    #[test]
    fn the_middle_of_a_marker_and_of_a_slot_is_its_place(spec in node(), x in 0.0..900.0f64, y in 0.0..900.0f64) {
        let (_, layout) = lay_out(&spec);
        let mut all = Vec::new();
        for node in boxes(&layout).into_iter().filter(|node| node.arrangement.is_some()) {
            for index in 0..=node.steps {
                let place = Place { workflow: node.key, index };
                let (marker, slot) = (layout.marker(place).unwrap(), layout.slot(place).unwrap());
                prop_assert!(node.rect.encloses(&marker) && node.rect.encloses(&slot.rect));
                prop_assert_eq!(layout.place_at(marker.center(), &[]), Some(place));
                prop_assert_eq!(slot.rect.center(), marker.center());
                prop_assert!(steps(&layout, &node).iter().all(|step| !step.rect.overlaps(&slot.rect)));
                all.push(slot);
            }
        }
        let view = Rect::new(x, y, 300.0, 200.0);
        all.retain(|slot| slot.rect.overlaps(&view));
        prop_assert_eq!(layout.slots(&view), all);
    }

    #[test]
    fn what_is_in_view_is_drawn_and_what_surrounds_the_focus(
        spec in node(), x in 0.0..900.0f64, y in 0.0..900.0f64, focus in any::<Pick>(),
    ) {
        let (_, layout) = lay_out(&spec);
        let view = Rect::new(x, y, 300.0, 200.0);
        let all = boxes(&layout);
        let in_view = |node: &NodeBox| node.rect.overlaps(&view);
        let keys = |shown: &dyn Fn(&NodeBox) -> bool| -> Vec<Key> {
            all.iter().filter(|node| shown(node)).map(|node| node.key).collect()
        };
        prop_assert_eq!(layout.visible(&view, None), keys(&in_view));
        let focus = all[focus.index(all.len())];
        let expected = keys(&|node| {
            let beside = node.parent == focus.parent && node.position.abs_diff(focus.position) < 2;
            let first_inside = node.parent == Some(focus.key) && node.position == 0;
            let around = std::iter::successors(Some(focus), |at| layout.get(at.parent?));
            in_view(node) || beside || first_inside || around.into_iter().any(|at| at.key == node.key)
        });
        prop_assert_eq!(layout.visible(&view, Some(focus.key)), expected);
    }

    #[test]
    fn a_look_passes_what_is_in_view_and_leaves_out_what_it_is_told_to(
        spec in node(), x in 0.0..900.0f64, y in 0.0..900.0f64,
    ) {
        let (_, layout) = lay_out(&spec);
        let view = Rect::new(x, y, 300.0, 200.0);
        let mut seen = Vec::new();
        layout.look(&view, |node| {
            seen.push((node.key, node.rect, node.level, node.arrangement));
            true
        });
        let in_view = boxes(&layout).into_iter().filter(|node| node.rect.overlaps(&view));
        let expected: Vec<_> = in_view.map(|node| (node.key, node.rect, node.level, node.arrangement)).collect();
        prop_assert_eq!(seen, expected);
        let mut outermost = 0;
        layout.look(&Rect::at(Point::default(), layout.size()), |_| {
            outermost += 1;
            false
        });
        prop_assert_eq!(outermost, 1);
    }

    #[test]
    fn a_stamp_changes_with_what_its_node_says(spec in node(), at in any::<Pick>()) {
        let (mut document, mut layout) = lay_out(&spec);
        let stamps = |layout: &Layout| {
            let mut stamps = std::collections::HashMap::new();
            layout.look(&Rect::at(Point::default(), layout.size()), |node| {
                stamps.insert(node.key, node.stamp);
                true
            });
            stamps
        };
        let before = stamps(&layout);
        let nodes = document.nodes();
        let touched = nodes[at.index(nodes.len())];
        let mut edit = document.edit();
        edit.set(touched, "ref", &json!("renamed"));
        let _ = edit.finish();
        layout.update(&document, document.root_node());
        let after = stamps(&layout);
        prop_assert!(after[&touched] > before[&touched]);
        // A small flow may be laid out anew as a whole.
        if nodes.len() > 4 {
            let others = nodes.iter().filter(|node| **node != touched);
            prop_assert!(others.into_iter().all(|node| after[node] == before[node]));
        }
    }

    #[test]
    fn the_smallest_node_at_a_point_is_hit(spec in node(), x in 0.0..900.0f64, y in 0.0..900.0f64) {
        let (_, layout) = lay_out(&spec);
        let point = Point::new(x, y);
        let expected = boxes(&layout).into_iter().rev().find(|node| node.rect.contains(point));
        prop_assert_eq!(layout.hit(point), expected);
    }

    #[test]
    fn reading_order_leads_there_and_back(spec in node()) {
        let (_, layout) = lay_out(&spec);
        let keys: Vec<Key> = layout.nodes().collect();
        for pair in keys.windows(2) {
            prop_assert_eq!(layout.after(pair[0]), Some(pair[1]));
            prop_assert_eq!(layout.before(pair[1]), Some(pair[0]));
        }
        prop_assert_eq!((layout.root(), layout.last()), (keys.first().copied(), keys.last().copied()));
        prop_assert_eq!(layout.before(keys[0]), None);
        prop_assert_eq!(layout.after(keys[keys.len() - 1]), None);
        prop_assert!(keys.iter().all(|key| layout.key_of(key.number()) == Some(*key)));
    }
}

#[test]
fn a_dragged_workflow_is_no_place_for_itself() {
    let inner = json!({"kind": "Workflow", "spec": {"type": "parallel", "steps": []}});
    let (document, layout) =
        lay_out(&json!({"kind": "Workflow", "spec": {"type": "sequential", "steps": [inner]}}));
    let nodes = document.nodes();
    let middle = layout.get(nodes[1]).unwrap().rect.center();
    assert_eq!(layout.place_at(middle, &[]).unwrap().workflow, nodes[1]);
    assert_eq!(layout.place_at(middle, &[nodes[1]]).unwrap().workflow, nodes[0]);
}

#[test]
fn the_places_around_a_node_are_beside_it_and_inside() {
    let inner = json!({"kind": "Workflow", "spec": {"type": "parallel", "steps": []}});
    let job = json!({"kind": "JobRun", "spec": {}});
    let (document, mut layout) =
        lay_out(&json!({"kind": "Workflow", "spec": {"steps": [job, inner, job]}}));
    let nodes = document.nodes();
    let place = |workflow: usize, index| Place { workflow: nodes[workflow], index };
    assert_eq!(layout.places_around(nodes[0]), [place(0, 0), place(0, 3)]);
    assert_eq!(layout.places_around(nodes[1]), [place(0, 0), place(0, 1)]);
    assert_eq!(layout.places_around(nodes[2]), [place(0, 1), place(2, 0), place(0, 2)]);
    layout.collapse(&document, nodes[2], true);
    assert_eq!(layout.places_around(nodes[2]), [place(0, 1), place(0, 2)]);
    assert!(layout.get(nodes[2]).unwrap().collapsed);
}

#[test]
fn uses_of_refs_are_edges_from_the_one_that_has_it() {
    let (document, layout) = lay_out(&json!({"kind": "Workflow", "spec": {"steps": [
        {"kind": "Build", "ref": "web", "spec": {}},
        {"kind": "Workflow", "spec": {"type": "parallel", "steps": [
            {"kind": "JobRun", "spec": {"jobId": "${refs.web.a}-${refs.web.b}", "x": ["${refs.gone.a}"]}},
            {"kind": "JobRun", "ref": "job", "spec": {"deep": [{"er": "${refs.job.x}${refs.web.b}"}]}}]}},
        {"kind": "JobRun", "spec": {"jobId": "${refs.job.x}"}}]}}));
    let nodes = document.nodes();
    let pairs = |of: &[Key]| -> Vec<_> {
        let uses = layout.uses(&document, of).into_iter();
        uses.map(|edge| (edge.from, edge.to)).collect()
    };
    let (web, first, job, last) = (nodes[1], nodes[3], nodes[4], nodes[5]);
    assert_eq!(pairs(&nodes), [(web, first), (web, job), (job, last)]);
    assert_eq!(pairs(&[job]), [(web, job), (job, last)]);
    assert_eq!(pairs(&[last]), [(job, last)]);
    assert_eq!(pairs(&[nodes[2]]), []);
    for edge in layout.uses(&document, &nodes) {
        let (from, to) = (layout.get(edge.from).unwrap().rect, layout.get(edge.to).unwrap().rect);
        let (start, end) = (edge.route[0], edge.route[edge.route.len() - 1]);
        assert!(from.contains(start) && to.contains(end));
        for way in edge.route.windows(2) {
            assert!((way[0].x == way[1].x) != (way[0].y == way[1].y), "{way:?}");
            // No node lies under it.
            let line = Rect::spanning(way[0], way[1]).grown(1.0);
            layout.look(&line, |seen| {
                let ends = [edge.from, edge.to].contains(&seen.key);
                assert!(ends || seen.arrangement.is_some(), "{way:?} {:?}", seen.rect);
                true
            });
        }
    }
    // What stands beside others is reached from above, what has room beside it from there.
    let ends: Vec<_> =
        layout.uses(&document, &[job]).into_iter().map(|edge| edge.route.len()).collect();
    assert_eq!(ends, [5, 4]);
}
