// A mock interview: a task from the list, the interviewer, and the clock. Whether there is one, the text itself says.
import { byId } from "../data";
import { ask, type Design, type Prompt, type Task } from "./api";
import type { Clock } from "./clock";
import { see } from "./layout";
import type { Tabs } from "./tabs";
import { button, made, sentence, worded } from "./words";

/** What was asked, and what the interviewer said. */
type Said = [question: string, answer: string];

export class Interview {
  private name: string | undefined;

  constructor(
    private readonly design: () => Design,
    private readonly write: (text: string) => void,
    private readonly clock: Clock,
    private readonly tabs: Tabs,
    private readonly say: (words: string) => void,
  ) {
    const question = byId<HTMLInputElement>("question");
    byId("asking").addEventListener("submit", (submit) => {
      submit.preventDefault();
      void this.ask(question.value);
      question.value = "";
    });
  }

  /** The tasks, each with its scales; the one that is chosen is begun. */
  async tasks(opened: (design: Design) => void): Promise<HTMLElement[]> {
    const { prompts } = await ask("prompts");
    return prompts.map((prompt) => {
      const scales = prompt.tiers.map((tier) => {
        const start = button(tier.name, () => void this.start(prompt, tier.name, opened));
        start.setAttribute("aria-label", `${prompt.title}, ${tier.name}`);
        return made("li", "", start, ` ${tier.about}`);
      });
      return made("li", "", made("h3", "", prompt.title), made("p", "", prompt.ask), made("ul", "", ...scales));
    });
  }

  /** The text is of this interview now, or of none. */
  follow(interview: Task | null): void {
    if (interview?.name === this.name) return;
    this.clock.leave();
    if (!interview) this.leave();
    else {
      this.show(interview);
      if (!this.clock.goOn(interview.name)) this.say("An interview is open: Start sets its clock going");
    }
  }

  private async start(prompt: Prompt, tier: string, opened: (design: Design) => void): Promise<void> {
    const { text, interview } = await ask("interview/start", { prompt: prompt.name, tier });
    opened({ name: `${prompt.name}.arch`, text });
    this.clock.leave();
    sessionStorage.removeItem(keyOf(interview.name));
    this.show(interview);
    this.clock.start(interview.name);
    see("panel");
    byId("question").focus();
  }

  private show({ name, task }: Task): void {
    this.name = name;
    byId("task").textContent = task;
    byId("answers").replaceChildren(...saidIn(name).flatMap(entry));
    byId("tab-interview").hidden = false;
    this.tabs.choose("interview");
  }

  private leave(): void {
    this.name = undefined;
    byId("tab-interview").hidden = true;
    if (this.tabs.shown === "interview") this.tabs.choose("findings");
    this.say("The text is of no interview any more: its clock is paused");
  }

  private async ask(words: string): Promise<void> {
    const design = this.design();
    const name = this.name!;
    const answered = await ask("interview/ask", { ...design, ask: words }).catch((error: Error) => ({ refusal: error.message }));
    const said: Said = [words, "refusal" in answered ? sentence(answered.refusal) : answered.answer];
    sessionStorage.setItem(keyOf(name), JSON.stringify([said, ...saidIn(name)]));
    // Another interview may have been opened meanwhile.
    if (name === this.name) byId("answers").prepend(...entry(said));
    // What was typed meanwhile is not written over.
    if ("text" in answered && this.design().text === design.text) this.write(answered.text);
  }
}

/** What was said so far in an interview, the last first. */
function saidIn(interview: string): Said[] {
  return JSON.parse(sessionStorage.getItem(keyOf(interview)) ?? "[]") as Said[];
}

function keyOf(interview: string): string {
  return `said in ${interview}`;
}

function entry([question, answer]: Said): HTMLElement[] {
  return [made("dt", "", question), made("dd", "", ...worded(answer))];
}
