// The same flow in React Flow, with nodes that show what ours show. `?nodes=N&culled=1`.

import { createElement as h, memo } from "react";
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
import { makeFlow, place } from "../canvas-flow.mjs";

const query = new URLSearchParams(location.search);
const placed = place(makeFlow(Number(query.get("nodes"))));

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

const nodes = placed.nodes.map(({ id, x, y, width, height, node, container }) => ({
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
        title: node.kind === "JobRun" ? "Run job" : "Deploy build",
        subject: node.spec.jobId ?? node.spec.target.id,
        details: "Waits until it succeeded",
      },
}));
const edges = placed.edges.map((edge) => ({ ...edge, type: "straight", markerEnd: { type: MarkerType.Arrow } }));

function App() {
  const [now, , onNodesChange] = useNodesState(nodes);
  const [lines, , onEdgesChange] = useEdgesState(edges);
  return h(ReactFlow, {
    nodes: now,
    edges: lines,
    onNodesChange,
    onEdgesChange,
    nodeTypes,
    fitView: true,
    minZoom: 0.01,
    onlyRenderVisibleElements: query.has("culled"),
    onInit: (flow) => (window.flow = flow),
  });
}

createRoot(document.getElementById("app")).render(h(App));
