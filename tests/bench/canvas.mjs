// Our editor beside React Flow: the same flow in the same browser, in CPU time of the main thread,
// which a busy neighbour hardly moves. A line for each figure, `NAME NODES NUMBER`.
//
// node canvas.mjs SERVER APP-FOLDER BROWSER SCRATCH SIZE,SIZE…
//
// Names: `ours|theirs|theirs-culled` - `open|longest|memory` or `all|near` - `drag|pan|zoom`. Times
// are milliseconds, a step's its median gesture's; memory is megabytes, script and WebAssembly.

import { spawn } from "node:child_process";
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join, extname } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { makeFlow } from "./canvas-flow.mjs";

const [server, app, browserPath, scratch, list] = process.argv.slice(2);
const sizes = list.split(",").map(Number);
const STEPS = 24;
const ROUNDS = 3;
const SCREEN = { width: 1440, height: 900 };
const here = new URL(".", import.meta.url).pathname;

const say = (name, nodes, number) => console.log(`${name} ${nodes} ${number.toFixed(3)}`);
const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

// The peer's page, as one would ship it.
const site = join(scratch, "react-flow");
mkdirSync(site, { recursive: true });
await build({
  entryPoints: [join(here, "peer/react-flow.mjs")],
  outfile: join(site, "app.js"),
  bundle: true,
  minify: true,
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "error",
});
writeFileSync(
  join(site, "index.html"),
  '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="app.css"><div id="app"></div><script src="app.js"></script>',
);
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const files = createServer((request, response) => {
  const name = new URL(request.url, "http://x").pathname.slice(1) || "index.html";
  const file = join(site, name);
  if (!existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": types[extname(name)] ?? "text/plain" });
  createReadStream(file).pipe(response);
});
await new Promise((ready) => files.listen(0, "127.0.0.1", ready));
const theirs = `http://127.0.0.1:${files.address().port}/`;

// Our server, with a project of its own.
const data = mkdtempSync(join(scratch, "data-"));
const token = "bench-token-bench-token-bench-token";
const child = spawn(server, ["serve", "--listen", "127.0.0.1:0", "--data", data, "--demo", "--app", app], {
  env: { ...process.env, SLIPWAY_ADMIN_TOKEN: token },
  stdio: ["ignore", "pipe", "pipe"],
});
const link = await new Promise((ready, failed) => {
  let text = "";
  const read = (chunk) => {
    text += chunk;
    const found = /sign in at (http\S+)/.exec(text);
    if (found) ready(found[1]);
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  child.on("exit", () => failed(new Error(`the server ended: ${text}`)));
});
const ours = new URL(link).origin;

const browser = await chromium.launch({
  executablePath: browserPath,
  args: "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --enable-precise-memory-info".split(" "),
});
const context = await browser.newContext({ viewport: SCREEN });
await context.addInitScript(() => {
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.longest = Math.max(window.longest, entry.duration);
  }).observe({ type: "longtask", buffered: true });
  // To ask how large the memory of a WebAssembly module is.
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const make = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await make.apply(WebAssembly, given);
      window.wasm = (made.instance ?? made).exports.memory;
      return made;
    };
  }
});

const frame = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done())));

/** CPU time of the page's main thread so far, in milliseconds. */
async function spent(session) {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
}

/** Waits until the main thread has had nothing to do for a while. */
async function settled(page, session) {
  for (let calm = 0, last = -1; calm < 3; ) {
    await page.waitForTimeout(300);
    const now = await spent(session);
    calm = now - last < 25 ? calm + 1 : 0;
    last = now;
  }
}

async function open(name, nodes, url, shown) {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.goto(url);
  await shown(page);
  await settled(page, session);
  say(`${name}-open`, nodes, await spent(session));
  say(`${name}-longest`, nodes, await page.evaluate(() => window.longest));
  await session.send("HeapProfiler.collectGarbage");
  const bytes = await page.evaluate(() => performance.memory.usedJSHeapSize + (window.wasm?.buffer.byteLength ?? 0));
  say(`${name}-memory`, nodes, bytes / 2 ** 20);
  return { page, session };
}

/** What asking and waiting for a frame costs by itself. */
async function idle({ page, session }) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = await spent(session);
    for (let step = 0; step < STEPS; step++) await frame(page);
    times.push((await spent(session)) - before);
  }
  return median(times) / STEPS;
}

async function gesture(at, begin, step, end) {
  const { page, session } = at;
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    await begin?.();
    await frame(page);
    const before = await spent(session);
    for (let index = 1; index <= STEPS; index++) {
      await step(index);
      await frame(page);
    }
    times.push((await spent(session)) - before);
    await end?.();
    await settled(page, session);
  }
  return Math.max(0, median(times) / STEPS - (await idle(at)));
}

/** Drags a node, pans and zooms. `hands` knows how that is done on this canvas. */
async function measure(name, nodes, at, hands) {
  const { page } = at;
  const { mouse } = page;
  const middle = hands.middle;
  const node = await hands.node();
  const drag = await gesture(
    at,
    async () => {
      await mouse.move(node.x, node.y);
      await mouse.down();
      await mouse.move(node.x + 8, node.y + 8);
    },
    (index) => mouse.move(node.x + 8 + index * 3, node.y + 8 + index * 2),
    hands.dropped,
  );
  say(`${name}-drag`, nodes, drag);
  const pan = await gesture(
    at,
    () => hands.grab(),
    (index) => hands.pan(index),
    () => hands.release(),
  );
  say(`${name}-pan`, nodes, pan);
  await mouse.move(middle.x, middle.y);
  const zoom = await gesture(at, null, (index) => hands.zoom(index % 12 < 6 ? -60 : 60), null);
  say(`${name}-zoom`, nodes, zoom);
}

async function measureOurs(nodes) {
  const saved = await fetch(`${ours}/v1/projects/shop/pipelines/shop/release-flows/staging`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(makeFlow(nodes)),
  });
  if (!saved.ok) throw new Error(`the flow was not stored: ${await saved.text()}`);
  const at = await open("ours", nodes, `${ours}/projects/shop/pipelines/shop/staging/edit`, (page) =>
    page.getByRole("treeitem").first().waitFor(),
  );
  const { page } = at;
  const box = await page.locator(".canvas").boundingBox();
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const { mouse } = page;
  const hands = {
    middle,
    // Somewhere in the picture: wherever it is, the canvas takes it for a node or a workflow.
    node: async () => middle,
    dropped: async () => {
      await page.keyboard.press("Escape");
      await mouse.up();
    },
    grab: async () => {
      await mouse.move(middle.x, middle.y);
      await mouse.down({ button: "middle" });
    },
    pan: (index) => mouse.move(middle.x + index * 4, middle.y + index * 3),
    release: () => mouse.up({ button: "middle" }),
    zoom: async (delta) => {
      await page.keyboard.down("Control");
      await mouse.wheel(0, delta);
    },
  };
  await page.getByRole("treeitem").first().focus();
  await page.keyboard.press("f");
  await measure("ours-all", nodes, at, hands);
  await page.keyboard.up("Control");
  await page.getByRole("treeitem").first().focus();
  await page.keyboard.press("f");
  await page.keyboard.press("0");
  await settled(page, at.session);
  await measure("ours-near", nodes, at, hands);
  await page.keyboard.up("Control");
  await page.close();
}

async function measureTheirs(name, nodes, culled) {
  const at = await open(name, nodes, `${theirs}?nodes=${nodes}${culled ? "&culled=1" : ""}`, (page) =>
    page.locator(".react-flow__node").first().waitFor(),
  );
  const { page } = at;
  const { mouse } = page;
  const middle = { x: SCREEN.width / 2, y: SCREEN.height / 2 };
  const empty = () =>
    page.evaluate(({ width, height }) => {
      for (let y = height / 2; y < height; y += 3)
        for (let x = width / 2; x < width; x += 3)
          if (document.elementFromPoint(x, y)?.classList.contains("react-flow__pane")) return { x, y };
      return { x: 3, y: 3 };
    }, SCREEN);
  let from = null;
  const hands = {
    middle,
    node: () =>
      page.evaluate(({ width, height }) => {
        for (let y = height / 2; y < height; y += 3)
          for (let x = width / 2; x < width; x += 3)
            if (document.elementFromPoint(x, y)?.closest(".react-flow__node-step")) return { x, y };
        throw new Error("no node was found");
      }, SCREEN),
    dropped: () => mouse.up(),
    grab: async () => {
      from = await empty();
      await mouse.move(from.x, from.y);
      await mouse.down();
      await mouse.move(from.x + 4, from.y + 4);
    },
    pan: (index) => mouse.move(from.x + 4 + index * 4, from.y + 4 + index * 3),
    release: () => mouse.up(),
    zoom: (delta) => mouse.wheel(0, delta),
  };
  await measure(`${name}-all`, nodes, at, hands);
  await page.evaluate(() => {
    const { innerWidth, innerHeight, flow } = window;
    const { x, y, zoom } = flow.getViewport();
    flow.setViewport({
      x: innerWidth / 2 - (innerWidth / 2 - x) / zoom,
      y: innerHeight / 2 - (innerHeight / 2 - y) / zoom,
      zoom: 1,
    });
  });
  await settled(page, at.session);
  await measure(`${name}-near`, nodes, at, hands);
  await page.close();
}

try {
  const first = await context.newPage();
  await first.goto(link);
  await first.getByRole("button", { name: /^sign in/i }).click();
  await first.waitForURL((url) => !/sign-in/.test(url.pathname));
  await first.close();
  for (const nodes of sizes) {
    await measureOurs(nodes);
    await measureTheirs("theirs-culled", nodes, true);
    await measureTheirs("theirs", nodes, false);
  }
} finally {
  await browser.close();
  child.kill();
  files.close();
  rmSync(data, { recursive: true, force: true });
}
