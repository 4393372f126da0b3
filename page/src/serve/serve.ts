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

/** The text as it was left, and what the page began with then. */
interface Draft extends Design {
  opening: string;
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
});
const interview = new Interview(() => editor.design, (text) => editor.replace(text));
let opening = "";

void start();

async function start(): Promise<void> {
  offerLayout();
  offerThemes(() => checking.now());
  offerFiles(() => editor.design, open, say);
  offerDialog("examples", "show-examples", (close) => examples(({ name, text }) => {
    close();
    open({ name: `${name}.arch`, text });
  }), say);
  offerDialog("prompts", "practise", (close) => interview.tasks((design, task) => {
    close();
    open(design);
    begin(task);
  }), say);
  byId("format").addEventListener("click", () => void editor.format());
  for (const id of ["advice", "overlay"]) byId(id).addEventListener("change", () => checking.now());
  byId("level").addEventListener("change", () => void review());
  document.addEventListener("click", leadToRule);
  try {
    const begun = await ask("opening");
    opening = begun.text;
    const kept = sessionStorage.getItem(DRAFT);
    const draft = kept ? (JSON.parse(kept) as Draft) : undefined;
    open(draft?.opening === opening ? draft : begun);
    const task = sessionStorage.getItem("task");
    if (task && clock.isRunning) offer(task);
  } catch (error) {
    say((error as Error).message);
  }
}

/** Another design in place of this one. */
function open({ name, text }: Design): void {
  editor.name = name;
  byId("name").textContent = name;
  document.title = `${name} · Loadpath`;
  diagram.forget();
  editor.replace(text);
  see("writing");
  checking.now();
}

function begin(task: string): void {
  sessionStorage.setItem("task", task);
  offer(task);
  clock.start();
  byId("question").focus();
}

function offer(task: string): void {
  byId("task").textContent = task;
  byId("tab-interview").hidden = false;
  tabs.choose("interview");
}

function changed(): void {
  sessionStorage.setItem(DRAFT, JSON.stringify({ opening, ...editor.design } satisfies Draft));
  checking.later();
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
