// The flow that both canvases show, about as wide as it is high, and where its nodes stand.

const NODE = { width: 288, height: 72 };
const [HEADER, PADDING, COLUMN_GAP, ROW_GAP] = [40, 16, 32, 24];

/** A flow of about `nodes` nodes: columns side by side, each of builds, jobs and releases. */
export function makeFlow(nodes) {
  let left = nodes - 1;
  let count = 0;
  const take = () => (left--, ++count);
  const workflow = (type, steps) => ({ kind: "Workflow", spec: { type, steps } });
  const job = () => ({
    kind: "JobRun",
    condition: "success",
    spec: { jobId: `migrate-${take()}`, runtimeEnvironment: { STEP: String(count) } },
  });
  const release = () => ({
    kind: "Release",
    spec: {
      type: "build",
      origin: { build: "latest" },
      target: { id: `web-${take()}`, type: "service" },
    },
  });
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
        steps.push(workflow("parallel", [release(), release()]));
      } else {
        steps.push(steps.length % 2 ? release() : job());
      }
    }
    all.push(workflow("sequential", steps));
  }
  return { apiVersion: "v1.2", spec: workflow("parallel", all) };
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
    const id = `n${nodes.length}`;
    const { node, steps, row, width, height } = box;
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
