// The flow that both canvases show, about as wide as it is high, and where its nodes stand.

const NODE = { width: 288, height: 72 };
const [HEADER, PADDING, COLUMN_GAP, ROW_GAP] = [40, 16, 32, 24];

/**
 * A flow of about `nodes` nodes: columns side by side, each of jobs and backups. They act on what
 * the demo project's staging holds, so that the checks find nothing, as in most flows.
 */
export function makeFlow(nodes) {
  let left = nodes - 1;
  let count = 0;
  const take = () => (left--, ++count);
  const workflow = (type, steps) => ({ kind: "Workflow", spec: { type, steps } });
  const job = () => ({
    kind: "JobRun",
    condition: "success",
    spec: { jobId: "shop-migrate-staging", runtimeEnvironment: { STEP: String(take()) } },
  });
  const backup = () => {
    take();
    const spec = { addonId: "shop-db-staging", backupType: "dump" };
    return { kind: "AddonBackup", condition: "success", spec };
  };
  // As many columns as make the picture half as wide again as it is high.
  const columns = Math.max(1, Math.round(Math.sqrt(nodes / 5)));
  const share = Math.ceil((nodes - 1 - columns) / columns);
  const all = [];
  while (left > 1) {
    take();
    const steps = [];
    for (const until = left - Math.min(share, left); left > until; ) {
      if (left - until > 3 && steps.length % 5 === 4) {
        take();
        steps.push(workflow("parallel", [backup(), backup()]));
      } else {
        steps.push(steps.length % 2 ? backup() : job());
      }
    }
    all.push(workflow("sequential", steps));
  }
  return { apiVersion: "v1.2", spec: workflow("parallel", all) };
}

/** What a node is called for as long as it is there, wherever that is. */
const names = new WeakMap();
let named = 0;
function nameOf(node) {
  if (!names.has(node)) names.set(node, `n${named++}`);
  return names.get(node);
}

/** Where every node stands, by the same rules as ours: nodes, and arrows between steps. */
export function place(flow) {
  const nodes = [];
  const edges = [];
  const measure = (node) => {
    const steps = node.spec.steps?.map(measure);
    if (!steps) return { node, ...NODE };
    const row = node.spec.type === "parallel";
    const sum = (of) => steps.reduce((all, step) => all + step[of], 0);
    const most = (of) => Math.max(...steps.map((step) => step[of]));
    const gaps = (steps.length - 1) * (row ? ROW_GAP : COLUMN_GAP);
    const width = row ? sum("width") + gaps : most("width");
    const height = row ? most("height") : sum("height") + gaps;
    return { node, steps, row, width: width + 2 * PADDING, height: height + HEADER + 2 * PADDING };
  };
  const put = (box, x, y) => {
    const { node, steps, row, width, height } = box;
    const id = nameOf(node);
    nodes.push({ id, x, y, width, height, node, container: Boolean(steps) });
    if (!steps) return id;
    let [left, top] = [x + PADDING, y + HEADER + PADDING];
    let before = null;
    for (const step of steps) {
      const aside = row ? 0 : (width - 2 * PADDING - step.width) / 2;
      const to = put(step, left + aside, top);
      if (!row && before) edges.push({ id: `${before}-${to}`, source: before, target: to });
      before = to;
      if (row) left += step.width + ROW_GAP;
      else top += step.height + COLUMN_GAP;
    }
    return id;
  };
  put(measure(flow.spec), 0, 0);
  return { nodes, edges };
}

/** The same flow with a copy of a step behind it. */
export function insertAfter(flow, id) {
  const within = (node) => {
    const steps = node.spec.steps;
    if (!steps) return node;
    const at = steps.findIndex((step) => nameOf(step) === id);
    const now = at < 0 ? steps.map(within) : steps.toSpliced(at + 1, 0, structuredClone(steps[at]));
    if (now.every((step, index) => step === steps[index])) return node;
    const changed = { ...node, spec: { ...node.spec, steps: now } };
    names.set(changed, nameOf(node));
    return changed;
  };
  return { ...flow, spec: within(flow.spec) };
}
