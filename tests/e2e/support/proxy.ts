// A TCP proxy between a browser and a server whose cable can be pulled.

import { createServer, connect, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

export class Proxy {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  readonly #server: Server;
  readonly #open: Set<Socket>;
  readonly #wire: { whole: boolean };

  private constructor(url: string, server: Server, open: Set<Socket>, wire: { whole: boolean }) {
    this.url = url;
    this.#server = server;
    this.#open = open;
    this.#wire = wire;
  }

  /** Starts a proxy on a free port in front of `http://HOST:PORT`. */
  static async start(upstream: string): Promise<Proxy> {
    const { hostname, port } = new URL(upstream);
    const open = new Set<Socket>();
    const wire = { whole: true };
    const server = createServer((near) => {
      if (!wire.whole) {
        near.destroy();
        return;
      }
      const far = connect(Number(port), hostname);
      for (const [from, to] of [[near, far], [far, near]] as const) {
        open.add(from);
        from.on("error", () => to.destroy());
        from.on("close", () => {
          open.delete(from);
          to.destroy();
        });
        from.pipe(to);
      }
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const address = server.address() as AddressInfo;
    return new Proxy(`http://127.0.0.1:${address.port}`, server, open, wire);
  }

  /** Breaks every open connection and refuses new ones until `restore()`. */
  cut(): void {
    this.#wire.whole = false;
    for (const socket of this.#open) socket.destroy();
  }

  /** Lets connections through again. */
  restore(): void {
    this.#wire.whole = true;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((closed) => this.#server.close(closed));
  }
}
