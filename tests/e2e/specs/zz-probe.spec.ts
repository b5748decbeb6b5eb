import { createServer } from "node:http";
import { readFileSync, existsSync } from "node:fs";
import { expect, test } from "../support/server";
test("probe", async ({ page }) => {
  const site = "/tmp/tooling/site";
  const types: Record<string,string> = { js: "text/javascript", css: "text/css", wasm: "application/wasm", svg: "image/svg+xml", html: "text/html" };
  const server = createServer((req, res) => {
    let name = (req.url ?? "/").replace("/deep/base/", "/");
    if (name.includes("/slipway/v1") || name.startsWith("/v1")) { res.statusCode = 502; res.end("{}"); return; }
    if (!existsSync(site + name) || name === "/") name = "/index.html";
    let body: any = readFileSync(site + name);
    if (name === "/index.html") body = body.toString().replace('<base href="/">', '<base href="/deep/base/">');
    res.setHeader("content-type", types[name.split(".").pop()!]!);
    res.setHeader("content-security-policy", "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; frame-ancestors 'none'");
    res.end(body);
  });
  await new Promise<void>(r => server.listen(0, "127.0.0.1", r));
  await page.goto(`http://127.0.0.1:${(server.address() as any).port}/deep/base/`);
  await page.waitForTimeout(1500);
  console.log(await page.evaluate(() => document.body.innerText));
  await page.screenshot({ path: "/tmp/tooling/probe.png" });
  server.close();
});
