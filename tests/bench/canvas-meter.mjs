// CPU time of a page's main thread, step by step. A busy neighbour hardly moves it.

/** How often a step is taken at most and at least; a slow one ends when its time is up. */
const MOST = 48;
const LEAST = 9;
const PATIENCE = 12_000;
/** Edits are followed until nothing comes of them any more, which takes longer. */
const EDITS = 9;
/** How long a page has to be quiet until what was done is over, and what is quiet: milliseconds. */
const QUIET = 500;
const CALM = 12;

/** Numbers, shown as their median and the one that 95 of 100 don't exceed. */
export class Sample {
  constructor(numbers, base = 0) {
    this.numbers = numbers.map((number) => Math.max(0, number - base)).sort((a, b) => a - b);
  }
  at(part) {
    const { numbers } = this;
    return numbers[Math.min(numbers.length - 1, Math.floor(numbers.length * part))];
  }
  get median() {
    return this.at(0.5);
  }
  get p95() {
    return this.at(0.95);
  }
}

export class Meter {
  constructor(page, session) {
    this.page = page;
    this.session = session;
  }

  static async on(page) {
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    return new Meter(page, session);
  }

  /** CPU time of the main thread so far. */
  async spent() {
    const { metrics } = await this.session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
  }

  /** Two frames: what a step asks for in the first is on the screen in the second. */
  frames() {
    return this.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
    );
  }

  /** Waits until the page does nothing any more, and tells the time spent until then. */
  async settled() {
    let last = await this.spent();
    for (;;) {
      await this.page.waitForTimeout(QUIET);
      const now = await this.spent();
      if (now - last < CALM) return now;
      last = now;
    }
  }

  /** What asking for the time and waiting for frames costs by itself. */
  async idle() {
    const times = [];
    for (let index = 0; index < MOST; index++) {
      const before = await this.spent();
      await this.frames();
      times.push((await this.spent()) - before);
    }
    return new Sample(times).median;
  }

  /** Takes a step again and again, each until it is shown. `index` begins at 1. */
  async steps(step, { begin, end } = {}) {
    await this.settled();
    const base = await this.idle();
    await begin?.();
    await this.frames();
    const times = [];
    const started = Date.now();
    for (let index = 1; index <= MOST; index++) {
      const before = await this.spent();
      await step(index);
      await this.frames();
      times.push((await this.spent()) - before);
      if (index >= LEAST && Date.now() - started > PATIENCE) break;
    }
    await end?.();
    return new Sample(times, base);
  }

  /**
   * Takes several edits in turn, again and again: of each what it costs until it is shown, and what
   * it costs in all, with everything that comes of it later. What an edit `tells` has to change.
   */
  async edits(edits) {
    const times = edits.map(() => ({ shown: [], whole: [] }));
    await this.settled();
    const base = await this.idle();
    const started = Date.now();
    for (let index = 0; index < EDITS; index++) {
      for (const [at, edit] of edits.entries()) {
        const told = await edit.tells();
        const before = await this.spent();
        await edit.act();
        await this.frames();
        times[at].shown.push((await this.spent()) - before);
        times[at].whole.push((await this.settled()) - before);
        if ((await edit.tells()) === told) throw new Error(`${edit.what} changed nothing`);
      }
      if (index >= 3 && Date.now() - started > 3 * PATIENCE) break;
    }
    return times.map(({ shown, whole }) => ({ shown: new Sample(shown, base), whole: new Sample(whole, base) }));
  }
}
