// The lines of the selected node, marked as far as they are in view: a node may have any number.

import { RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, type DecorationSet, type ViewUpdate } from "@codemirror/view";

interface Span {
  from: number;
  to: number;
}

export const chooseSpan = StateEffect.define<Span>();

const chosen = StateField.define<Span>({
  create: () => ({ from: 0, to: 0 }),
  update(span, transaction) {
    const map = (at: number, side: number) => transaction.changes.mapPos(at, side);
    let now = transaction.docChanged ? { from: map(span.from, -1), to: map(span.to, 1) } : span;
    for (const effect of transaction.effects) if (effect.is(chooseSpan)) now = effect.value;
    return now;
  },
});

const line = Decoration.line({ class: "cm-chosen" });

function marks(view: EditorView): DecorationSet {
  const { from, to } = view.state.field(chosen);
  const builder = new RangeSetBuilder<Decoration>();
  if (from < to) {
    let last = -1;
    for (const visible of view.visibleRanges) {
      let at = Math.max(from, visible.from);
      while (at <= Math.min(to, visible.to)) {
        const { from: start, to: end } = view.state.doc.lineAt(at);
        if (start > last) builder.add(start, start, line);
        [last, at] = [start, end + 1];
      }
    }
  }
  return builder.finish();
}

const painted = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = marks(view);
    }

    update(update: ViewUpdate): void {
      const moved = update.startState.field(chosen) !== update.state.field(chosen);
      if (update.docChanged || update.viewportChanged || moved) this.decorations = marks(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

export const chosenLines = () => [chosen, painted];
