// Measures our WebAssembly and other layout libraries in Node.js, in CPU time: a line for each,
// `NAME NODES MILLISECONDS`.
//
// node measure.mjs wasm FILE SIZE,SIZE NAME,NAME…   our operations, in the order of their table
// node measure.mjs dagre|elk FLOW.json NODES        one library on one flow

import { readFileSync } from "node:fs";

const milliseconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

// A call more than once when it is short: CPU time counts in whole microseconds.
function median(work, least = 5, enough = 300) {
  const times = [];
  let all = 0;
  while (times.length < least || (all < enough && times.length < 200)) {
    const before = milliseconds();
    work();
    const took = milliseconds() - before;
    times.push(took);
    all += took;
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)];
}

const say = (name, nodes, time) => console.log(`${name} ${nodes} ${time.toFixed(4)}`);

async function wasm(file, sizes, names) {
  const { instance } = await WebAssembly.instantiate(readFileSync(file), {});
  const { prepare, run } = instance.exports;
  for (const nodes of sizes) {
    names.forEach((name, index) => {
      prepare(index, nodes);
      // The engine compiles in two stages; the second should be done.
      run();
      run();
      say(name, nodes, median(() => run()));
    });
  }
}

// The tree of a flow as these libraries want it. Nodes have our sizes.
const LEAF = { width: 288, height: 72 };
const stepsOf = (node) => node?.spec?.steps ?? null;

// Flat, as dagre lays clusters out only without edges to them: a workflow is a node of its own
// where it begins, and another where it ends.
async function dagre(flow, nodes) {
  const { default: dagre } = await import("@dagrejs/dagre");
  const { Graph } = dagre.graphlib;
  const make = () => {
    const graph = new Graph();
    graph.setGraph({});
    graph.setDefaultEdgeLabel(() => ({}));
    let count = 0;
    const add = () => {
      const name = `n${count++}`;
      graph.setNode(name, { ...LEAF });
      return name;
    };
    const walk = (node) => {
      const first = add();
      const steps = stepsOf(node);
      if (!steps?.length) return [first, first];
      if (node.spec.type === "parallel") {
        const last = add();
        for (const step of steps) {
          const [begin, end] = walk(step);
          graph.setEdge(first, begin);
          graph.setEdge(end, last);
        }
        return [first, last];
      }
      let before = first;
      for (const step of steps) {
        const [begin, end] = walk(step);
        graph.setEdge(before, begin);
        before = end;
      }
      return [first, before];
    };
    walk(flow.spec);
    return graph;
  };
  const graphs = [make(), make(), make()];
  const least = nodes < 5000 ? 3 : 1;
  say("dagre", nodes, median(() => dagre.layout(graphs.pop() ?? make()), least, 0));
}

// Nested, as ELK lays out what is inside a node before the node.
async function elk(flow, nodes) {
  const { default: ELK } = await import("elkjs/lib/elk.bundled.js");
  let count = 0;
  const walk = (node) => {
    const id = `n${count++}`;
    const steps = stepsOf(node);
    if (!steps) return { id, ...LEAF };
    const children = steps.map(walk);
    const edges = [];
    if (node.spec.type !== "parallel") {
      for (let at = 1; at < children.length; at++) {
        const [source, target] = [children[at - 1].id, children[at].id];
        edges.push({ id: `e${target}`, sources: [source], targets: [target] });
      }
    }
    return { id, children, edges, ...(children.length ? {} : LEAF) };
  };
  const layoutOptions = { "elk.algorithm": "layered", "elk.direction": "DOWN" };
  const graph = { id: "root", layoutOptions, children: [walk(flow.spec)], edges: [] };
  const engine = new ELK();
  const before = milliseconds();
  await engine.layout(graph);
  say("elk", nodes, milliseconds() - before);
}

const [what, file, ...rest] = process.argv.slice(2);
if (what === "wasm") {
  await wasm(file, rest[0].split(",").map(Number), rest[1].split(","));
} else {
  const flow = JSON.parse(readFileSync(file, "utf8"));
  await (what === "dagre" ? dagre : elk)(flow, Number(rest[0]));
}
