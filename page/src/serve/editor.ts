// The editor: CodeMirror, with the answers of the server.
import { acceptCompletion, autocompletion, snippet, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { indentWithTab, invertedEffects } from "@codemirror/commands";
import { indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { Compartment, EditorSelection, StateEffect, StateField, Transaction } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap, type Tooltip } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import { ask, type Design, type Finding } from "./api";
import { arch } from "./language";
import { phone } from "./layout";
import { Places } from "./places";
import { explained, plain, sentence } from "./words";

const SEVERITY = { error: "error", warning: "warning", advice: "info" } as const;

const called = StateEffect.define<string>();
/** What the design is called. It goes with the text: who undoes the opening of another has the name back as well. */
const name = StateField.define<string>({
  create: () => "",
  update: (name, { effects }) => effects.find((it) => it.is(called))?.value ?? name,
});
const nameGoesBack = invertedEffects.of(({ startState, effects }) => (effects.some((it) => it.is(called)) ? [called.of(startState.field(name))] : []));

/** On a phone long lines are broken; else they are scrolled to, as what is written in columns stays so. */
const breaking = new Compartment();
const broken = () => (phone.matches ? EditorView.lineWrapping : []);

export class Editor {
  private readonly view: EditorView;

  constructor(frame: HTMLElement, changed: () => void, private readonly say: (words: string) => void) {
    this.view = new EditorView({
      parent: frame,
      extensions: [
        EditorView.cspNonce.of(document.querySelector<HTMLMetaElement>("meta[name=nonce]")!.content),
        EditorView.contentAttributes.of({ "aria-label": "The text of the design", spellcheck: "false", tabindex: "0" }),
        keymap.of([
          { key: "Tab", run: acceptCompletion },
          { key: "Shift-Alt-f", run: () => (void this.format(), true) },
          indentWithTab,
        ]),
        basicSetup,
        name,
        nameGoesBack,
        indentUnit.of("  "),
        arch,
        syntaxHighlighting(classHighlighter),
        lintGutter(),
        breaking.of(broken()),
        autocompletion({ override: [(context) => this.complete(context)] }),
        hoverTooltip((_, at) => this.hover(at)),
        EditorView.updateListener.of(({ docChanged, startState, state }) => {
          if (docChanged || startState.field(name) !== state.field(name)) changed();
        }),
      ],
    });
    phone.addEventListener("change", () => this.view.dispatch({ effects: breaking.reconfigure(broken()) }));
  }

  get name(): string {
    return this.view.state.field(name);
  }

  get design(): Design {
    return { name: this.name, text: this.view.state.doc.toString() };
  }

  /** The design that the page begins with: before it there is nothing that undoing could bring back. */
  begin(design: Design): void {
    this.put(design, false);
  }

  /** Another design in place of this one, which undoing brings back. */
  open(design: Design): void {
    this.put(design, true);
  }

  /** Another text of this design, which undoing takes back. */
  replace(text: string): void {
    this.put({ name: this.name, text }, true);
  }

  private put({ name, text }: Design, isUndoable: boolean): void {
    const { from, to, insert } = difference(this.design.text, text.replace(/\r\n?/g, "\n"));
    this.view.dispatch({
      changes: { from, to, insert },
      effects: name === this.name ? [] : called.of(name),
      userEvent: "input",
      annotations: Transaction.addToHistory.of(isUndoable),
    });
  }

  /** Goes to a stretch of the text. */
  goTo(start: number, end: number): void {
    const places = new Places(this.design.text);
    const [from, to] = [places.unit(start), places.unit(end)];
    // Where a place has several lines its first is meant.
    const first = Math.min(to, this.view.state.doc.lineAt(from).to);
    this.view.dispatch({
      selection: EditorSelection.single(first, from),
      effects: EditorView.scrollIntoView(from, { y: "center" }),
    });
    this.view.focus();
  }

  focus(): void {
    this.view.focus();
  }

  /** Marks the findings of the text as it was checked; none of them where it is another by now. */
  mark(design: Design, findings: Finding[]): void {
    if (design.text !== this.design.text) return;
    const places = new Places(design.text);
    const own = findings.filter((it) => it.file === design.name);
    const marks = own.map((it) => this.marked(it, places)).sort((a, b) => a.from - b.from);
    this.view.dispatch(setDiagnostics(this.view.state, marks));
  }

  private marked(finding: Finding, places: Places): Diagnostic {
    const { code, name, level, message, fix } = finding;
    const from = places.unit(finding.span.start);
    const end = this.view.state.doc.lineAt(from).to;
    return {
      from,
      to: Math.max(from, Math.min(places.unit(finding.span.end), end)),
      severity: SEVERITY[level],
      message: sentence(message),
      renderMessage: () => explained(finding),
      source: `${code} ${name}`,
      actions: fix && this.isTakable(finding) ? [{ name: plain(fix.title), apply: () => this.take(finding) }] : [],
    };
  }

  /** Whether a fix changes this text alone. */
  isTakable(finding: Finding): boolean {
    return finding.fix?.edits.every((it) => (it.file ?? finding.file) === this.name) ?? false;
  }

  /** Takes the fix of a finding of the text as it is. */
  take({ fix, span }: Finding): void {
    const places = new Places(this.design.text);
    const changes = fix!.edits.map(({ span, text }) => ({ from: places.unit(span.start), to: places.unit(span.end), insert: text }));
    const change = this.view.state.changes(changes);
    this.view.dispatch({ changes: change, userEvent: "input.fix", effects: EditorView.scrollIntoView(change.mapPos(places.unit(span.start))) });
    this.say(`Done: ${plain(fix!.title)}`);
  }

  async format(): Promise<void> {
    const { design } = this;
    const { text } = await ask("format", design);
    if (text === null) this.say("A text with errors of the language has no form: mend those first");
    else if (design.text === this.design.text) this.replace(text);
  }

  private async complete(context: CompletionContext): Promise<CompletionResult | null> {
    const before = context.state.sliceDoc(Math.max(0, context.pos - 1), context.pos);
    if (!context.explicit && !/[\p{L}\p{N}_#-]/u.test(before)) return null;
    const { design } = this;
    const places = new Places(design.text);
    const found = await ask("complete", { ...design, at: places.byte(context.pos) }).catch(() => null);
    if (!found || found.items.length === 0) return null;
    const options = found.items.map((it) => ({
      label: it.label,
      detail: it.detail,
      boost: Math.max(-99, -it.rank),
      ...(it.told ? { info: () => paragraphs(it.told) } : {}),
      apply: it.snippet ? snippet(stops(it.snippet)) : (it.text ?? it.label),
    }));
    return { from: places.unit(found.from), options, validFor: /^[\p{L}\p{N}_-]*$/u };
  }

  private async hover(at: number): Promise<Tooltip | null> {
    const { design } = this;
    const places = new Places(design.text);
    const found = await ask("hover", { ...design, at: places.byte(at) }).catch(() => null);
    if (!found || design.text !== this.design.text) return null;
    const create = () => ({ dom: paragraphs(found.text) });
    return { pos: places.unit(found.from), end: places.unit(found.to), above: true, create };
  }
}

/** A snippet's stops as CodeMirror writes them. */
function stops(snippet: string): string {
  return snippet.replace(/\$(\d)/g, "${$1}").replace(/\$\{0\}/g, "${}");
}

function paragraphs(text: string): HTMLElement {
  const told = document.createElement("div");
  told.className = "told";
  told.textContent = text.trim();
  return told;
}

/** What makes one text the other, and no more: the cursor and the marks around it stay. */
function difference(one: string, other: string): { from: number; to: number; insert: string } {
  const least = Math.min(one.length, other.length);
  let from = 0;
  while (from < least && one[from] === other[from]) from += 1;
  let end = 0;
  while (end < least - from && one[one.length - 1 - end] === other[other.length - 1 - end]) end += 1;
  return { from, to: one.length - end, insert: other.slice(from, other.length - end) };
}
