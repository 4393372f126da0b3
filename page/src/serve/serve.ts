// The script of the page that `loadpath serve` shows: an editor, and around it what the server says of the design.
import { byId } from "../data";
import { offerThemes, theme } from "../theme";
import { ask, type Checked, type Design } from "./api";
import { Checking } from "./checking";
import { Clock } from "./clock";
import { Diagram } from "./diagram";
import { examples, offerDialog } from "./dialogs";
import { Editor } from "./editor";
import { offerFiles } from "./files";
import { Findings } from "./findings";
import { Interview } from "./interview";
import { offerLayout, see } from "./layout";
import { Tabs } from "./tabs";

const DRAFT = "draft";

/** The text as it was left, what the page began with then, and what of it lies in a file. */
interface Draft extends Design {
  opening: string;
  saved: string;
}

const say = (words: string) => (byId("counts").textContent = words);
const checking = new Checking(check);
const editor = new Editor(byId("editor"), changed, say);
const diagram = new Diagram(({ start, end }) => {
  see("writing");
  editor.goTo(start, end);
});
const findings = new Findings(editor, diagram);
const tabs = new Tabs(document.querySelector("[role=tablist]")!, (panel) => panel === "review" && void review());
const clock = new Clock(say, () => {
  see("panel");
  tabs.choose("review");
  byId("tab-review").focus();
  say("The interview is ended: this is what it comes to");
});
const interview = new Interview(() => editor.design, (text) => editor.replace(text), clock, tabs, say);
let opening = "";
/** The text that is not lost with the page: as it was opened, or saved as a file. */
let saved = "";

void start();

async function start(): Promise<void> {
  offerLayout();
  offerThemes(() => checking.now());
  offerFiles(() => editor.design, open, keepSaved, say);
  offerDialog("examples", "show-examples", (close) => examples(({ name, text }) => {
    close();
    open({ name: `${name}.arch`, text });
  }), say);
  offerDialog("prompts", "practise", (close) => interview.tasks((design) => {
    close();
    open(design);
  }), say);
  byId("format").addEventListener("click", () => void editor.format());
  for (const id of ["advice", "overlay"]) byId(id).addEventListener("change", () => checking.now());
  byId("level").addEventListener("change", () => void review());
  document.addEventListener("click", leadToRule);
  addEventListener("beforeunload", warnOfLoss);
  try {
    const begun = await ask("opening");
    opening = begun.text;
    const kept = sessionStorage.getItem(DRAFT);
    const draft = kept ? (JSON.parse(kept) as Draft) : undefined;
    const isKept = draft?.opening === opening;
    editor.begin(isKept ? draft : begun);
    keepSaved(isKept ? draft.saved : editor.design.text);
    checking.now();
  } catch (error) {
    say((error as Error).message);
  }
}

/** Another design in place of this one. */
function open(design: Design): void {
  editor.open(design);
  keepSaved(editor.design.text);
  see("writing");
  checking.now();
}

function changed(): void {
  const { name } = editor;
  if (byId("name").textContent !== name) {
    byId("name").textContent = name;
    document.title = `${name} · Loadpath`;
    diagram.forget();
  }
  keepDraft();
  checking.later();
}

function keepSaved(text: string): void {
  saved = text;
  keepDraft();
}

function keepDraft(): void {
  sessionStorage.setItem(DRAFT, JSON.stringify({ opening, saved, ...editor.design } satisfies Draft));
}

/** A browser tells nobody whether the page is reloaded, which keeps the text, or closed. */
function warnOfLoss(leaving: BeforeUnloadEvent): void {
  const { text } = editor.design;
  if (text.trim() !== "" && text !== saved) leaving.preventDefault();
}

async function check(): Promise<void> {
  const { design } = editor;
  try {
    const question = {
      advice: byId<HTMLInputElement>("advice").checked,
      overlay: byId<HTMLSelectElement>("overlay").value,
      dark: theme() === "dark",
    };
    const checked = await ask("check", { ...design, ...question });
    editor.mark(design, checked.report.findings);
    findings.show(checked);
    byId("figures").innerHTML = checked.figures;
    byId("estimates").innerHTML = checked.estimate || "<p>There is nothing to estimate yet.</p>";
    say(counted(checked));
    // A text that is another by now is asked about once more.
    if (design.text === editor.design.text) interview.follow(checked.interview);
    if (tabs.shown === "review") await review();
    void diagram.show(checked);
  } catch (error) {
    say((error as Error).message);
  }
}

async function review(): Promise<void> {
  const level = byId<HTMLSelectElement>("level").value;
  try {
    const { html } = await ask("review", { ...editor.design, level });
    byId("reviewed").innerHTML = html;
  } catch (error) {
    say((error as Error).message);
  }
}

function counted({ report: { summary } }: Checked): string {
  const { errors, warnings, advice } = summary;
  const count = (count: number, one: string, many: string) => (count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]);
  const found = [...count(errors, "error", "errors"), ...count(warnings, "warning", "warnings"), ...count(advice, "piece of advice", "pieces of advice")];
  return found.join(", ") || "Nothing is found";
}

/** A link to a rule opens it. */
function leadToRule(click: MouseEvent): void {
  const link = click.target instanceof Element ? click.target.closest<HTMLAnchorElement>('a[href^="#rule-"]') : null;
  const rule = link && document.getElementById(link.hash.slice(1));
  if (!(rule instanceof HTMLDetailsElement)) return;
  click.preventDefault();
  rule.open = true;
  rule.querySelector("summary")!.focus();
}
