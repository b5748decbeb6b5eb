// What the app knows about a place of the text: what can be written, what stands there, what is
// wrong and how it is put right.

import { autocompletion, startCompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { setDiagnostics, type Diagnostic } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import { EditorView, hoverTooltip } from "@codemirror/view";

export interface Assistant {
  /** `Proposal[]` as JSON: what can be written at a position. */
  complete(at: number): string;
  /** A `Hint` as JSON; empty where there is nothing to say. */
  hint(at: number): string;
  /** Carries out a correction: the index of a problem and that of its correction. */
  fix(problem: number, fix: number): void;
}

interface Proposal {
  label: string;
  detail: string;
  help: string;
  from: number;
  to: number;
  insert: string;
}

interface Hint {
  from: number;
  to: number;
  title: string;
  detail: string;
  help: string;
}

export interface Problem {
  from: number;
  to: number;
  severity: "error" | "warning" | "info";
  message: string;
  fixes: string[];
}

export function assistance(app: Assistant): Extension {
  return [
    autocompletion({
      override: [(context) => complete(app, context)],
      icons: false,
      // Inside quotes a line break means nothing: Enter takes what is offered from the first moment.
      interactionDelay: 0,
      closeOnBlur: true,
      maxRenderedOptions: 60,
    }),
    hoverTooltip((_, at) => {
      const said = app.hint(at);
      if (!said) return null;
      const { from, to, title, detail, help } = JSON.parse(said) as Hint;
      return { pos: from, end: to, above: true, create: () => ({ dom: card(title, detail, help) }) };
    }),
  ];
}

function complete(app: Assistant, context: CompletionContext): CompletionResult | null {
  const { pos, state, explicit } = context;
  const before = state.sliceDoc(Math.max(0, pos - 1), pos);
  // Behind a bracket, a comma or a line break only who asks is answered.
  if (!explicit && !/[\w".{$-]/.test(before)) return null;
  const proposals = JSON.parse(app.complete(pos)) as Proposal[];
  const first = proposals[0];
  if (!first) return null;
  const quoted = state.sliceDoc(first.from, first.from + 1) === '"';
  const from = Math.min(pos, first.from + (quoted ? 1 : 0));
  const options = proposals.map((proposal, index): Completion => ({
    label: proposal.label,
    detail: proposal.detail,
    info: proposal.help ? () => ({ dom: text("p", "cm-help", proposal.help) }) : undefined,
    // In the order of the tables.
    boost: -Math.min(99, index),
    apply: (view) => insert(view, proposal, pos),
  }));
  return { from, options, validFor: /^[\w.-]*$/ };
}

/** Puts a proposal in, which was made for the position `asked`, and the cursor where one goes on. */
function insert(view: EditorView, proposal: Proposal, asked: number): void {
  // What has been typed since goes with the rest.
  const to = proposal.to + view.state.selection.main.head - asked;
  const gap = /""|\{\}|\[\]/.exec(proposal.insert);
  const cursor = proposal.from + (gap ? gap.index + 1 : proposal.insert.length);
  view.dispatch({
    changes: { from: proposal.from, to, insert: proposal.insert },
    selection: { anchor: cursor },
    scrollIntoView: true,
    userEvent: "input.complete",
  });
  if (gap?.[0] === '""') startCompletion(view);
}

export function showProblems(view: EditorView, problems: Problem[], app: Assistant): void {
  const end = view.state.doc.length;
  const diagnostics = problems.map((problem, index): Diagnostic => ({
    from: Math.min(problem.from, end),
    to: Math.min(Math.max(problem.to, problem.from), end),
    severity: problem.severity,
    message: problem.message,
    actions: problem.fixes.map((name, fix) => ({ name, apply: () => app.fix(index, fix) })),
  }));
  view.dispatch(setDiagnostics(view.state, diagnostics));
}

function card(title: string, detail: string, help: string): HTMLElement {
  const dom = document.createElement("div");
  dom.className = "cm-hint";
  const head = text("p", "cm-hint-title", title);
  if (detail) head.append(" ", text("span", "cm-hint-detail", detail));
  dom.append(head);
  if (help) dom.append(text("p", "cm-help", help));
  return dom;
}

function text(tag: string, className: string, content: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = content;
  return element;
}
