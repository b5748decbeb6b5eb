// The same flow in React Flow, with nodes that show what ours show. `?nodes=N&culled=1`; with `wait=1`
// nothing is shown until `mount()`. Ctrl+D puts a copy behind the chosen step, Ctrl+Z takes it back.

import { createElement as h, memo, useEffect } from "react";
import { createRoot } from "react-dom/client";
import {
  Handle,
  MarkerType,
  Position,
  ReactFlow,
  useEdgesState,
  useNodesState,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import "./style.css";
import { insertAfter, makeFlow, place } from "../canvas-flow.mjs";

const query = new URLSearchParams(location.search);
let flow = makeFlow(Number(query.get("nodes")));

const icon = h("svg", { viewBox: "0 0 16 16", width: 16, height: 16 }, h("path", { d: "M9 1.5L3.5 9H8l-1 5.5L12.5 7H8z" }));
const Step = memo(({ data }) =>
  h(
    "div",
    { className: "step" },
    h(Handle, { type: "target", position: Position.Top }),
    icon,
    h("span", { className: "title" }, data.title),
    h("span", { className: "subject" }, data.subject),
    h("span", { className: "details" }, data.details),
    h(Handle, { type: "source", position: Position.Bottom }),
  ),
);
const Group = memo(({ data }) =>
  h(
    "div",
    { className: "group" },
    h(Handle, { type: "target", position: Position.Top }),
    h("span", { className: "title" }, data.title),
    h(Handle, { type: "source", position: Position.Bottom }),
  ),
);
const nodeTypes = { step: Step, group: Group };

const shown = ({ id, x, y, width, height, node, container }) => ({
  id,
  position: { x, y },
  width,
  height,
  type: container ? "group" : "step",
  // A press between nodes is for the pane, as in every diagram with groups behind its nodes.
  ...(container ? { zIndex: -1, draggable: false, selectable: false, className: "behind" } : {}),
  data: container
    ? { title: `${node.spec.type} workflow` }
    : {
        title: node.kind === "JobRun" ? "Run job" : "Back up addon",
        subject: node.spec.jobId ?? node.spec.addonId,
        details: "Waits until it succeeded",
      },
});
const arrow = (edge) => ({ ...edge, type: "straight", markerEnd: { type: MarkerType.Arrow } });

/** What stays as it was stays the same object: nothing of it is drawn again. */
function renewed(before, now, is) {
  const known = new Map(before.map((one) => [one.id, one]));
  return now.map((one) => {
    const old = known.get(one.id);
    if (!old) return one;
    return is(old, one) ? old : { ...old, ...one };
  });
}
const sameNode = (one, other) =>
  one.position.x === other.position.x &&
  one.position.y === other.position.y &&
  one.width === other.width &&
  one.height === other.height;

const placed = place(flow);
const [firstNodes, firstEdges] = [placed.nodes.map(shown), placed.edges.map(arrow)];

function App() {
  const [nodes, setNodes, onNodesChange] = useNodesState(firstNodes);
  const [edges, setEdges, onEdgesChange] = useEdgesState(firstEdges);
  // A step is inserted and taken back as in an editor: the flow changes, and is laid out again.
  useEffect(() => {
    const history = [];
    const show = (next) => {
      flow = next;
      const { nodes, edges } = place(next);
      setNodes((before) => renewed(before, nodes.map(shown), sameNode));
      setEdges((before) => renewed(before, edges.map(arrow), () => true));
    };
    const press = (event) => {
      const chosen = document.querySelector(".react-flow__node.selected")?.dataset.id;
      if (event.ctrlKey && event.key === "d" && chosen) {
        history.push(flow);
        show(insertAfter(flow, chosen));
        event.preventDefault();
      } else if (event.ctrlKey && event.key === "z" && history.length) {
        show(history.pop());
        event.preventDefault();
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  return h(ReactFlow, {
    nodes,
    edges,
    onNodesChange,
    onEdgesChange,
    nodeTypes,
    fitView: true,
    minZoom: 0.01,
    onlyRenderVisibleElements: query.has("culled"),
    onInit: (flow) => (window.flow = flow),
  });
}

const mount = () => createRoot(document.getElementById("app")).render(h(App));
if (query.has("wait")) window.mount = mount;
else mount();
