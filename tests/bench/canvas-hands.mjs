// How to do the same things on both canvases. Each thing is looked at afterwards: a gesture that
// did nothing would be quick.

const changed = (what, before, after) => {
  if (before === after) throw new Error(`${what} changed nothing`);
};

class Hands {
  constructor(page, box) {
    this.page = page;
    this.box = box;
    this.middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  /** Points of the screen about the middle, the nearest first. */
  *around(step) {
    const { middle, box } = this;
    for (let ring = 0; ring * step < box.height / 2 - 40; ring++)
      for (let across = -ring; across <= ring; across++)
        for (let down = -ring; down <= ring; down++)
          if (Math.max(Math.abs(across), Math.abs(down)) === ring)
            yield { x: middle.x + across * step, y: middle.y + down * step };
  }

  /** Points in two nodes that are no workflows. */
  async leaves() {
    const found = [];
    const names = new Set();
    for (const at of this.around(17)) {
      const name = await this.nameAt(at);
      if (!name || names.has(name)) continue;
      names.add(name);
      found.push(at);
      if (found.length === 2) return found;
    }
    throw new Error("no two nodes were found");
  }

  /** What tells the node at a point of the screen from others; nothing for workflows. */
  nameAt(at) {
    return this.page.evaluate(
      ({ x, y, leaf }) => {
        const node = document.elementFromPoint(x, y)?.closest(leaf);
        return node?.dataset.id ?? node?.id;
      },
      { ...at, leaf: this.leaf },
    );
  }

  async press(keys) {
    await this.page.keyboard.press(keys);
  }

  /** Does something and makes sure that `of` tells something else afterwards. */
  async checked(what, of, act) {
    const before = await of();
    const done = await act();
    changed(what, before, await of());
    return done;
  }

  /** All that is measured in one view: drag, pan, zoom and the choice of a node. */
  async gestures(meter, say) {
    const { mouse } = this.page;
    const [node, other] = await this.leaves();
    const choose = ({ x, y }) => mouse.click(x, y);
    await choose(node);
    await this.checked("choosing another node", () => this.chosen(), () => choose(other));
    say("select", await meter.steps((index) => choose(index % 2 ? node : other)));
    say(
      "drag",
      await meter.steps((index) => mouse.move(node.x + 8 + index * 3, node.y + 8 + index * 2), {
        begin: async () => {
          await mouse.move(node.x, node.y);
          await mouse.down();
          await mouse.move(node.x + 4, node.y + 4);
          await mouse.move(node.x + 8, node.y + 8);
        },
        end: async () => {
          if (!(await this.drags(node))) throw new Error("nothing was dragged");
          await this.drop();
        },
      }),
    );
    say(
      "pan",
      await this.checked("panning", () => this.view(), () =>
        meter.steps((index) => this.pan(index), { begin: () => this.grab(), end: () => this.release() }),
      ),
    );
    await mouse.move(this.middle.x, this.middle.y);
    say(
      "zoom",
      await this.checked("zooming", () => this.view(), () =>
        meter.steps((index) => this.zoom((index + 5) % 12 < 6 ? 60 : -60), {
          begin: () => this.zoom(-60),
          end: () => this.zoomed?.(),
        }),
      ),
    );
  }

  /** Moves by key, inserts and takes back; all in the near view. */
  async edits(meter, say) {
    const edit = (what, keys, tells) => ({ what, act: () => this.press(keys()), tells });
    const [order, count] = [() => this.order(), () => this.count()];
    let back = true;
    await this.choose();
    const [move] = await meter.edits([edit("moving by key", () => this.moves[Number((back = !back))], order)]);
    await this.choose();
    const [insert, undo] = await meter.edits([
      edit("inserting", () => "Control+d", count),
      edit("undoing", () => "Control+z", count),
    ]);
    for (const [name, { shown, whole }] of Object.entries({ move, insert, undo })) {
      say(name, shown);
      say(`${name}-whole`, whole);
    }
  }

  async choose() {
    const [node] = await this.leaves();
    await this.page.mouse.click(node.x, node.y);
  }
}

export class Ours extends Hands {
  // In a column: a row of two knows no up and down.
  leaf = '.node:not(.is-workflow):not([aria-setsize="2"])';
  moves = ["Alt+ArrowDown", "Alt+ArrowUp"];

  static async on(page) {
    return new Ours(page, await page.locator(".canvas").boundingBox());
  }

  /** Where nodes are painted, choosing them tells what they are. */
  async nameAt(at) {
    const far = await this.page.evaluate(() => document.querySelector(".canvas").classList.contains("is-far"));
    if (!far) return super.nameAt(at);
    await this.page.mouse.click(at.x, at.y);
    await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    return this.chosen();
  }

  /** The id of the chosen node; nothing for workflows. */
  chosen() {
    return this.page.evaluate(() => {
      const node = document.querySelector('[role=treeitem][aria-selected="true"]');
      return node && !node.classList.contains("is-workflow") ? node.id : "";
    });
  }

  drags() {
    return this.page.evaluate(() => Boolean(document.querySelector(".drag-ghost")));
  }

  async drop() {
    await this.press("Escape");
    await this.page.mouse.up();
  }

  view() {
    return this.page.evaluate(() => document.querySelector(".canvas-layer").style.transform);
  }

  /** Over a node: buttons that come up between nodes keep their presses. */
  async grab() {
    [this.from] = await this.leaves();
    await this.page.mouse.move(this.from.x, this.from.y);
    await this.page.mouse.down({ button: "middle" });
  }

  pan(index) {
    return this.page.mouse.move(this.from.x + index * 4, this.from.y + index * 3);
  }

  release() {
    return this.page.mouse.up({ button: "middle" });
  }

  async zoom(delta) {
    await this.page.keyboard.down("Control");
    await this.page.mouse.wheel(0, delta);
  }

  zoomed() {
    return this.page.keyboard.up("Control");
  }

  async showAll() {
    await this.page.getByRole("button", { name: "Fit to view" }).click();
  }

  async showNear() {
    await this.showAll();
    await this.leaves();
    await this.press("0");
  }

  order() {
    return this.page.evaluate(() => {
      const node = document.querySelector('[role=treeitem][aria-selected="true"]');
      return `${node?.id} ${node?.style.top}`;
    });
  }

  count() {
    return this.page.evaluate(
      () => document.querySelector('[role=treeitem][aria-selected="true"]')?.getAttribute("aria-setsize"),
    );
  }
}

export class Theirs extends Hands {
  leaf = ".react-flow__node-step";
  moves = ["ArrowRight", "ArrowLeft"];

  static async on(page) {
    const { width, height } = page.viewportSize();
    return new Theirs(page, { x: 0, y: 0, width, height });
  }

  chosen() {
    return this.page.evaluate(() => document.querySelector(".react-flow__node.selected")?.dataset.id ?? "");
  }

  drags() {
    return this.page.evaluate(() => Boolean(document.querySelector(".react-flow__node.dragging")));
  }

  drop() {
    return this.page.mouse.up();
  }

  view() {
    return this.page.evaluate(() => document.querySelector(".react-flow__viewport").style.transform);
  }

  async grab() {
    for (const at of this.around(7)) {
      this.from = at;
      const pane = ({ x, y }) => document.elementFromPoint(x, y)?.classList.contains("react-flow__pane");
      if (await this.page.evaluate(pane, at)) break;
    }
    await this.page.mouse.move(this.from.x, this.from.y);
    await this.page.mouse.down();
    await this.page.mouse.move(this.from.x + 4, this.from.y + 4);
  }

  pan(index) {
    return this.page.mouse.move(this.from.x + 4 + index * 4, this.from.y + 4 + index * 3);
  }

  release() {
    return this.page.mouse.up();
  }

  zoom(delta) {
    return this.page.mouse.wheel(0, delta);
  }

  async showAll() {
    await this.page.evaluate(() => window.flow.fitView());
  }

  async showNear() {
    await this.page.evaluate(() => {
      const { innerWidth, innerHeight, flow } = window;
      const { x, y, zoom } = flow.getViewport();
      flow.setViewport({
        x: innerWidth / 2 - (innerWidth / 2 - x) / zoom,
        y: innerHeight / 2 - (innerHeight / 2 - y) / zoom,
        zoom: 1,
      });
    });
  }

  order() {
    return this.page.evaluate(() => document.querySelector(".react-flow__node.selected")?.style.transform);
  }

  count() {
    return this.page.evaluate(() => window.flow.getNodes().length);
  }
}
