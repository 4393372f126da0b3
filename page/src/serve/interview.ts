// A mock interview: a task from the list, the interviewer, and the clock.
import { byId } from "../data";
import { ask, type Design, type Prompt } from "./api";
import { button, made, sentence, worded } from "./words";

export class Interview {
  private readonly answers = byId("answers");

  constructor(
    private readonly design: () => Design,
    private readonly write: (text: string) => void,
  ) {
    const question = byId<HTMLInputElement>("question");
    byId("asking").addEventListener("submit", (submit) => {
      submit.preventDefault();
      void this.ask(question.value);
      question.value = "";
    });
  }

  /** The tasks, each with its scales; the one that is chosen is begun. */
  async tasks(begun: (design: Design, task: string) => void): Promise<HTMLElement[]> {
    const { prompts } = await ask("prompts");
    return prompts.map((prompt) => {
      const scales = prompt.tiers.map((tier) => {
        const start = button(tier.name, () => void this.start(prompt, tier.name, begun));
        return made("li", "", start, ` ${tier.about}`);
      });
      return made("li", "", made("h3", "", prompt.title), made("p", "", prompt.ask), made("ul", "", ...scales));
    });
  }

  private async start(prompt: Prompt, tier: string, begun: (design: Design, task: string) => void): Promise<void> {
    const { text } = await ask("interview/start", { prompt: prompt.name, tier });
    this.answers.replaceChildren();
    begun({ name: `${prompt.name}.arch`, text }, prompt.ask);
  }

  private async ask(words: string): Promise<void> {
    const design = this.design();
    const said = await ask("interview/ask", { ...design, ask: words }).catch((error: Error) => ({ refusal: error.message }));
    const answer = made("dd", "", ...worded("refusal" in said ? sentence(said.refusal) : said.answer));
    this.answers.prepend(made("dt", "", words), answer);
    // What was typed meanwhile is not written over.
    if ("text" in said && this.design().text === design.text) this.write(said.text);
  }
}
