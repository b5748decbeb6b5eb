// Our editor beside React Flow: the same flow in the same browser, in CPU time of the main thread,
// which a busy neighbour hardly moves. A line for each figure, `NAME NODES MEDIAN P95`.
//
// node canvas.mjs SERVER APP-FOLDER BROWSER SCRATCH SIZE,SIZE… [CANVAS,CANVAS…]
//
// Names: `ours|theirs|theirs-culled` - `open|longest|memory` of a page from nothing, `mount` of the
// canvas in a page that is there, or `all|near` - `select|drag|pan|zoom`,
// or `near` - `move|insert|undo`, with `-whole` for all that comes of an edit. Times are
// milliseconds; memory is megabytes, script and WebAssembly.

import { spawn } from "node:child_process";
import { createReadStream, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join, extname } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { makeFlow } from "./canvas-flow.mjs";
import { Ours, Theirs } from "./canvas-hands.mjs";
import { Meter, Sample } from "./canvas-meter.mjs";

const [server, app, browserPath, scratch, list, which] = process.argv.slice(2);
const wanted = (which ?? "ours,theirs-culled,theirs").split(",");
const sizes = list.split(",").map(Number);
const SCREEN = { width: 1440, height: 900 };
/** How often a page is opened, and how long that may take in all, in milliseconds. */
const OPENINGS = 3;
const PATIENCE = 30_000;
/** How long a page may take to answer: a large one of React Flow takes half a minute when others work. */
const ANSWER = 300_000;
const here = new URL(".", import.meta.url).pathname;

/** Tells a figure to whoever asked, and to whoever waits. */
function say(name, nodes, { median, p95 }) {
  const line = `${name} ${nodes} ${median.toFixed(3)} ${p95.toFixed(3)}`;
  console.log(line);
  console.error(`      ${line}`);
}

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

/** Runs in every page: the longest task so far, and the memory of a WebAssembly module. */
function watch() {
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.longest = Math.max(window.longest, entry.duration);
  }).observe({ type: "longtask", buffered: true });
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const make = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await make.apply(WebAssembly, given);
      window.wasm = (made.instance ?? made).exports.memory;
      return made;
    };
  }
}

/** Opens a page as if for the first time, again and again; the last one stays. */
async function open(name, nodes, url, shown, storageState) {
  const [times, longest, memory] = [[], [], []];
  const started = Date.now();
  for (;;) {
    const context = await browser.newContext({ viewport: SCREEN, storageState });
    context.setDefaultTimeout(ANSWER);
    await context.addInitScript(watch);
    const page = await context.newPage();
    page.on("pageerror", (error) => console.error(`${name}: ${error}`));
    const meter = await Meter.on(page);
    await page.goto(url);
    await shown(page);
    times.push(await meter.settled());
    longest.push(await page.evaluate(() => window.longest));
    await meter.session.send("HeapProfiler.collectGarbage");
    const bytes = () => performance.memory.usedJSHeapSize + (window.wasm?.buffer.byteLength ?? 0);
    memory.push((await page.evaluate(bytes)) / 2 ** 20);
    if (times.length === OPENINGS || Date.now() - started > PATIENCE) {
      say(`${name}-open`, nodes, new Sample(times));
      say(`${name}-longest`, nodes, new Sample(longest));
      say(`${name}-memory`, nodes, new Sample(memory));
      return { page, meter };
    }
    await context.close();
  }
}

/** Shows the canvas in a page that has everything but it. */
async function mount(name, nodes, { url, ready, show, shown, storageState }) {
  const times = [];
  for (let round = 0; round < OPENINGS; round++) {
    const context = await browser.newContext({ viewport: SCREEN, storageState });
    context.setDefaultTimeout(ANSWER);
    const page = await context.newPage();
    const meter = await Meter.on(page);
    await page.goto(url);
    await ready(page);
    const before = await meter.settled();
    await show(page);
    await shown(page);
    times.push((await meter.settled()) - before);
    await context.close();
  }
  say(`${name}-mount`, nodes, new Sample(times));
}

async function measure(name, nodes, { page, meter }, Hands) {
  const hands = await Hands.on(page);
  const into = (view) => (what, sample) => say(`${name}-${view}-${what}`, nodes, sample);
  await hands.showAll();
  await meter.settled();
  await hands.gestures(meter, into("all"));
  await hands.showNear();
  await meter.settled();
  await hands.gestures(meter, into("near"));
  await hands.showNear();
  await hands.edits(meter, into("near"));
  await page.context().close();
}

async function measureOurs(nodes, storageState) {
  const saved = await fetch(`${ours}/v1/projects/shop/pipelines/shop/release-flows/staging`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(makeFlow(nodes)),
  });
  if (!saved.ok) throw new Error(`the flow was not stored: ${await saved.text()}`);
  // By the same sort of locator as the peer: one by role costs more than some of the figures.
  const shown = (page) => page.locator("[role=treeitem]").first().waitFor();
  const url = `${ours}/projects/shop/pipelines/shop/staging/edit`;
  const choice = (page) => page.locator(".view-choice").first();
  await mount("ours", nodes, {
    url: `${url}?view=settings`,
    ready: (page) => choice(page).waitFor(),
    show: (page) => choice(page).click(),
    shown,
    storageState,
  });
  await measure("ours", nodes, await open("ours", nodes, url, shown, storageState), Ours);
}

async function measureTheirs(name, nodes, culled) {
  const shown = (page) => page.locator(".react-flow__node").first().waitFor();
  const url = `${theirs}?nodes=${nodes}${culled ? "&culled=1" : ""}`;
  await mount(name, nodes, {
    url: `${url}&wait=1`,
    ready: (page) => page.waitForFunction(() => window.mount),
    show: (page) => page.evaluate(() => window.mount()),
    shown,
  });
  await measure(name, nodes, await open(name, nodes, url, shown), Theirs);
}

try {
  const context = await browser.newContext();
  const first = await context.newPage();
  await first.goto(link);
  await first.getByRole("button", { name: /^sign in/i }).click();
  await first.waitForURL((url) => !/sign-in/.test(url.pathname));
  const signedIn = await context.storageState();
  await context.close();
  for (const nodes of sizes) {
    for (const name of wanted) {
      if (name === "ours") await measureOurs(nodes, signedIn);
      else await measureTheirs(name, nodes, name === "theirs-culled");
    }
  }
} finally {
  await browser.close();
  child.kill();
  files.close();
  rmSync(data, { recursive: true, force: true });
}
