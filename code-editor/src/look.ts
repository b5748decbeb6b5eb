// Colours and sizes, all out of the app's tokens, which reach into the shadow tree and follow the
// theme. Where CodeMirror's own would show, it is said anew here.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const wave = (colour: string) => ({
  backgroundImage: "none",
  textDecoration: `underline wavy ${colour}`,
  textDecorationSkipInk: "none",
  textUnderlineOffset: "3px",
  paddingBottom: "0",
});

const sign = (colour: string, text: string) => ({
  content: `"${text}"`,
  color: colour,
  fontWeight: "700",
  textAlign: "center",
  lineHeight: "1.2em",
  cursor: "help",
});

const panel = {
  backgroundColor: "var(--surface)",
  color: "var(--text)",
  borderColor: "var(--line)",
  fontFamily: "var(--font)",
  fontSize: "var(--size-small)",
};

const control = {
  font: "inherit",
  color: "var(--text)",
  background: "var(--surface)",
  border: "1px solid var(--line-strong)",
  borderRadius: "var(--radius-small)",
  padding: "0.25rem 0.5rem",
  minHeight: "1.75rem",
};

const focused = { outline: "2px solid var(--focus)", outlineOffset: "1px" };

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--surface)", fontSize: "var(--size-small)" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.55" },
  ".cm-content": { padding: "var(--space) 0", caretColor: "var(--text)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--text)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection":
    { backgroundColor: "color-mix(in srgb, var(--accent) 28%, transparent)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--text) 4%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--surface-hover)", color: "var(--text)" },
  ".cm-chosen": { boxShadow: "inset 3px 0 0 var(--accent)", backgroundColor: "color-mix(in srgb, var(--accent) 7%, transparent)" },
  ".cm-gutters": { backgroundColor: "var(--ground)", color: "var(--text-quiet)", border: "none", borderRight: "1px solid var(--line)" },
  ".cm-foldGutter .cm-gutterElement": { padding: "0 4px", cursor: "pointer" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--surface-hover)", border: "1px solid var(--line)", color: "var(--text-quiet)", padding: "0 0.5em" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--accent)" },
  // Text that can't be read is marked where it ends; before it is read to its end nothing is known.
  ".cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", color: "inherit" },
  ".cm-searchMatch": { backgroundColor: "var(--careful-soft)", outline: "1px solid var(--careful)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--accent-soft)", outline: "2px solid var(--accent)" },
  ".cm-selectionMatch": { backgroundColor: "var(--accent-soft)" },

  ".cm-panels": panel,
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-search, .cm-panel.cm-dialog": { padding: "var(--space)", paddingRight: "2.5rem", fontFamily: "var(--font)" },
  ".cm-panel.cm-search label": { fontSize: "inherit", display: "inline-flex", alignItems: "center", gap: "0.25rem", margin: "0 var(--space) 0 0" },
  ".cm-panel .cm-textfield": { ...control, fontFamily: "var(--font-mono)", fontSize: "inherit", margin: "0 var(--space) 4px 0" },
  ".cm-panel .cm-button": { ...control, backgroundImage: "none", fontSize: "inherit", cursor: "pointer", margin: "0 var(--space-half) 4px 0" },
  ".cm-panel .cm-button:hover": { backgroundColor: "var(--surface-hover)" },
  ".cm-panel .cm-button:focus-visible, .cm-panel .cm-textfield:focus-visible, .cm-panel button:focus-visible, .cm-panel input:focus-visible": focused,
  ".cm-panel.cm-search [name=close], .cm-dialog-close, .cm-panel-lint [name=close]": {
    color: "var(--text)", fontSize: "1.25rem", minWidth: "1.75rem", minHeight: "1.75rem", cursor: "pointer", top: "var(--space-half)", right: "var(--space-half)",
  },

  ".cm-tooltip": {
    ...panel,
    backgroundColor: "var(--surface-raised)",
    border: "1px solid var(--line)",
    borderRadius: "var(--radius)",
    boxShadow: "var(--shadow-far)",
    maxWidth: "min(32rem, 90vw)",
  },
  ".cm-hint": { padding: "var(--space)" },
  ".cm-hint p, p.cm-help": { margin: "0" },
  ".cm-hint-title": { fontWeight: "600" },
  ".cm-hint-detail, .cm-completionDetail": { color: "var(--text-quiet)", fontWeight: "400", fontStyle: "normal" },
  ".cm-hint p + p": { marginTop: "var(--space-half)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-mono)", maxHeight: "18rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.2rem 0.5rem", lineHeight: "1.5" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-tooltip.cm-completionInfo": { padding: "var(--space)", fontFamily: "var(--font)", maxWidth: "20rem" },

  ".cm-diagnostic": { padding: "var(--space)", borderLeft: "3px solid var(--line-strong)", whiteSpace: "normal" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--careful)" },
  ".cm-diagnosticAction": {
    ...control, display: "inline-block", marginTop: "var(--space-half)", color: "var(--accent)", backgroundColor: "var(--surface)", cursor: "pointer",
  },
  ".cm-diagnosticAction:hover": { backgroundColor: "var(--surface-hover)" },
  ".cm-lintRange-error": wave("var(--bad)"),
  ".cm-lintRange-warning": wave("var(--careful)"),
  ".cm-lintRange-info, .cm-lintRange-hint": wave("var(--text-quiet)"),
  ".cm-lintPoint:after": { borderBottomColor: "var(--bad)" },
  ".cm-lint-marker-error": sign("var(--bad)", "✕"),
  ".cm-lint-marker-warning": sign("var(--careful)", "!"),
  ".cm-lint-marker-info": sign("var(--text-quiet)", "i"),
  ".cm-panel.cm-panel-lint ul": { maxHeight: "9rem" },
  ".cm-panel.cm-panel-lint ul [aria-selected]": { backgroundColor: "var(--accent-soft)" },
});

// Contrast of the tokens on their grounds is 4.5 and more; the selected lines keep it.
const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--accent)" },
  { tag: tags.string, color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--careful)" },
  { tag: [tags.separator, tags.squareBracket, tags.brace], color: "var(--text-quiet)" },
  { tag: tags.invalid, color: "var(--bad)" },
]);

export const look = (): Extension => [theme, syntaxHighlighting(colours)];
