//! The text editor of the code view: CodeMirror, put together for one release flow. The app loads
//! the bundle of it when the view is first opened, and finds `slipwayCode.open` then.
//!
//! It knows text and positions only. What can be written at a place, what is wrong, what was
//! changed elsewhere and what undo means, the app says (`App`); there is no history in here.
//!
//! - `assist`: completion, hints and problems. - `chosen`: the lines of the selected node.
//! - `look`: colours and sizes, out of the app's own tokens.

import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, previousDiagnostic } from "@codemirror/lint";
import { gotoLine, highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState, type ChangeSpec } from "@codemirror/state";
import {
  crosshairCursor,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { assistance, showProblems, type Assistant, type Problem } from "./assist";
import { chosenLines, chooseSpan } from "./chosen";
import { look } from "./look";

/** What the app does. Positions are UTF-16 units; a line break counts once. */
interface App extends Assistant {
  text: string;
  label: string;
  description: string;
  readOnly: boolean;
  wrap: boolean;
  /** Somebody exchanged a part of the text. */
  edited(from: number, to: number, text: string): void;
  /** The cursor is somewhere else. */
  moved(at: number): void;
  /** What the browser's own menu asks for: `historyUndo` or `historyRedo`. */
  step(what: string): void;
  left(): void;
}

/** Marks what came from the app, which knows it already. */
const fromApp = Annotation.define<boolean>();

/** Keys of the app that CodeMirror would take. */
const OTHERS = new Set(["Mod-Enter", "Mod-/", "Alt-A"]);

class Code {
  private readonly wrapping = new Compartment();
  private readonly view: EditorView;

  constructor(host: HTMLElement, private readonly app: App) {
    // In the document itself its style sheets would break the content policy; in here they are
    // constructed ones.
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open", delegatesFocus: false });
    // From outside the whole editor looks like one element that isn't typed in: what is typed here
    // is no shortcut there.
    root.addEventListener("keydown", (event) => {
      const { ctrlKey, metaKey } = event as KeyboardEvent;
      if (!ctrlKey && !metaKey) event.stopPropagation();
    });
    // What asked for a line is gone once it was answered: the keyboard goes on in the text.
    root.addEventListener("focusout", (event) => {
      if (!(event.target as Element).closest(".cm-panel")) return;
      requestAnimationFrame(() => {
        const lost = !root.activeElement && [host, document.body].includes(document.activeElement as HTMLElement);
        if (lost && this.view.dom.isConnected) this.view.focus();
      });
    });
    this.view = new EditorView({ parent: root, root, state: EditorState.create({ doc: app.text, extensions: this.extensions() }) });
  }

  private extensions() {
    const { app } = this;
    return [
      lineNumbers(),
      foldGutter({ openText: "▾", closedText: "▸" }),
      codeFolding(),
      lintGutter(),
      highlightSpecialChars(),
      drawSelection(),
      rectangularSelection(),
      crosshairCursor(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches(),
      bracketMatching(),
      indentOnInput(),
      indentUnit.of(/\n([ \t]+)\S/.exec(app.text.slice(0, 1_000))?.[1] ?? "  "),
      EditorState.allowMultipleSelections.of(true),
      EditorState.readOnly.of(app.readOnly),
      app.readOnly ? [] : closeBrackets(),
      json(),
      search({ top: true }),
      chosenLines(),
      assistance(app),
      look(),
      this.wrapping.of(app.wrap ? EditorView.lineWrapping : []),
      EditorView.contentAttributes.of({
        // What is scrolled can be reached by keyboard, also where it is only read.
        tabindex: "0",
        "aria-label": app.label,
        "aria-description": app.description,
        spellcheck: "false",
        autocapitalize: "off",
        autocorrect: "off",
      }),
      EditorState.phrases.of({
        "Find": "Find in the code",
        "Replace": "Replace by",
        "next": "Next",
        "previous": "Previous",
        "all": "All",
        "match case": "Match case",
        "regexp": "Regular expression",
        "by word": "Whole words",
        "replace": "Replace",
        "replace all": "Replace all",
        "close": "Close",
        "Go to line": "Go to line",
        "go": "Go",
        "Completions": "What can be written here",
      }),
      keymap.of([
        ...(app.readOnly ? [] : closeBracketsKeymap),
        ...defaultKeymap.filter(({ key }) => !key || !OTHERS.has(key)),
        ...searchKeymap,
        ...foldKeymap,
        ...completionKeymap,
        // The list of the problems is the app's.
        ...lintKeymap.filter(({ key }) => key === "F8"),
        { key: "Shift-F8", run: previousDiagnostic },
        ...(app.readOnly ? [] : [indentWithTab]),
      ]),
      EditorView.domEventHandlers({
        beforeinput: (event) => {
          if (!event.inputType.startsWith("history")) return false;
          event.preventDefault();
          app.step(event.inputType);
          return true;
        },
        blur: () => app.left(),
      }),
      EditorView.updateListener.of((update) => {
        const own = update.transactions.some((transaction) => transaction.annotation(fromApp));
        if (update.docChanged && !own) {
          // Several parts at once are one exchange, from the first to the last.
          let [from, to, fromNew, toNew] = [Infinity, 0, Infinity, 0];
          update.changes.iterChanges((fromA, toA, fromB, toB) => {
            [from, to] = [Math.min(from, fromA), Math.max(to, toA)];
            [fromNew, toNew] = [Math.min(fromNew, fromB), Math.max(toNew, toB)];
          });
          app.edited(from, to, update.state.sliceDoc(fromNew, toNew));
        }
        if (update.selectionSet && !own) app.moved(update.state.selection.main.head);
      }),
    ];
  }

  /** Makes changes that came about elsewhere; cursor and scroll position stay. */
  change(changes: string): void {
    for (const step of JSON.parse(changes) as ChangeSpec[]) {
      this.view.dispatch({ changes: step, annotations: fromApp.of(true) });
    }
  }

  problems(problems: string): void {
    showProblems(this.view, JSON.parse(problems) as Problem[], this.app);
  }

  /** Marks the lines of the selected node; none with an empty span. */
  choose(from: number, to: number, scroll: boolean): void {
    const within = (at: number) => Math.min(at, this.view.state.doc.length);
    const span = { from: within(from), to: within(to) };
    const effects = [chooseSpan.of(span)];
    const { head } = this.view.state.selection.main;
    const goes = scroll && (head < span.from || head > span.to);
    this.view.dispatch({
      effects: scroll ? [...effects, EditorView.scrollIntoView(span.from, { y: "center" })] : effects,
      selection: goes ? { anchor: span.from } : undefined,
      annotations: fromApp.of(true),
    });
  }

  /** Puts the cursor somewhere and the keyboard into the text. */
  jump(at: number): void {
    const anchor = Math.min(at, this.view.state.doc.length);
    this.view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
    this.view.focus();
  }

  cursor(): number {
    return this.view.state.selection.main.head;
  }

  wrap(on: boolean): void {
    this.view.dispatch({ effects: this.wrapping.reconfigure(on ? EditorView.lineWrapping : []) });
  }

  find(): void {
    openSearchPanel(this.view);
  }

  line(): void {
    gotoLine(this.view);
  }

  close(): void {
    this.view.destroy();
  }
}

Object.assign(globalThis, { slipwayCode: { open: (host: HTMLElement, app: App) => new Code(host, app) } });
