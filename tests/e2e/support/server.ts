// What every test starts from: `import { test, expect } from "../support/server"` gives each test a
// server of its own.

import axe from "axe-core";
import { test as base, expect, type Page } from "@playwright/test";
import { Proxy } from "./proxy";
import { Server, type ServerOptions } from "./process";

interface Fixtures {
  /** How the test's server is started; set it with `test.use({ serverOptions: { … } })`. */
  serverOptions: ServerOptions;
  /** A server of the test's own. */
  server: Server;
  /** A proxy in front of that server whose connections can be cut. */
  cable: Proxy;
  /** Fails the test when the page breaks the content policy or throws. On for every test. */
  strict: void;
}

/** Whether axe is at work: it puts styles of its own into the page. */
let auditing = false;

export const test = base.extend<Fixtures>({
  serverOptions: [{}, { option: true }],

  server: async ({ serverOptions }, use, testInfo) => {
    const server = await Server.start(serverOptions);
    await use(server);
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach("server output", { body: server.output, contentType: "text/plain" });
    }
    await server.stop();
  },

  cable: async ({ server }, use) => {
    const proxy = await Proxy.start(server.url);
    await use(proxy);
    await proxy.stop();
  },

  strict: [
    async ({ context }, use) => {
      const broken: string[] = [];
      context.on("weberror", (error) => broken.push(error.error().message));
      context.on("console", (message) => {
        // What the audit puts into the page is not the page's.
        if (auditing) return;
        if (/content security policy/i.test(message.text())) broken.push(message.text());
      });
      await use();
      expect(broken, "the page threw, or broke the content policy").toEqual([]);
    },
    { auto: true },
  ],
});

/** Signs a page in by the server's one-time link, as the person who started it would. */
export async function signIn(page: Page, server: Server): Promise<void> {
  await page.goto(server.signInUrl);
  await page.getByRole("button", { name: /^sign in/i }).click();
  await expect(page).not.toHaveURL(/sign-in/);
}

/** Signs a page in with a token. */
export async function signInWith(page: Page, server: Server, token: string): Promise<void> {
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: /^sign in/i }).click();
  await expect(page).not.toHaveURL(/sign-in/);
}

/** The accessibility faults that axe finds, each with the elements that have it. */
export async function accessFaults(page: Page): Promise<string[]> {
  auditing = true;
  try {
    // Once for each load of a page: the program is large. Its answer is large, too, and stays there.
    if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
    return await page.evaluate(async () => {
      const { axe } = window as unknown as { axe: typeof import("axe-core") };
      const { violations } = await axe.run(document, { resultTypes: ["violations"] });
      return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.target.join(" ")).join(", ")})`);
    });
  } finally {
    auditing = false;
  }
}

/** Looks for accessibility faults. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await accessFaults(page)).toEqual([]);
}

export { expect, Proxy, Server };
