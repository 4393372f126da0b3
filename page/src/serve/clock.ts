// The clock of an interview: 45 minutes in five phases. It is kept over a reload, and says in words what its colours say.
import { byId } from "../data";
import { made } from "./words";

const MINUTE = 60_000;
/** The phases, each with its minutes. */
const PHASES = [
  ["Clarify", 5],
  ["Estimate", 5],
  ["Design", 20],
  ["Bottleneck", 10],
  ["Scale", 5],
] as const;
const WHOLE = PHASES.reduce((sum, [, minutes]) => sum + minutes, 0) * MINUTE;
const KEY = "clock";

/** What is kept: how long it has run, in milliseconds, and since when it does again. */
interface Kept {
  ran: number;
  since: number | null;
}

export class Clock {
  private kept: Kept | undefined;
  private phase = -1;

  /** `say` tells who does not look at it; `ended` is asked for when the interview is over. */
  constructor(private readonly say: (words: string) => void, ended: () => void) {
    byId("pause").addEventListener("click", () => this.pause());
    byId("next").addEventListener("click", () => this.run(this.end(this.phase)));
    byId("end").addEventListener("click", () => {
      this.stop();
      ended();
    });
    byId("phases").append(...PHASES.map(([name, minutes]) => made("li", "", `${name} ${minutes}`)));
    const kept = sessionStorage.getItem(KEY);
    if (kept) this.kept = JSON.parse(kept) as Kept;
    setInterval(() => this.show(), 500);
    this.show();
  }

  get isRunning(): boolean {
    return this.kept !== undefined;
  }

  start(): void {
    this.phase = -1;
    this.run(0);
  }

  private stop(): void {
    this.kept = undefined;
    sessionStorage.removeItem(KEY);
    this.show();
  }

  private pause(): void {
    if (this.kept?.since === null) this.run(this.kept.ran);
    else this.keep({ ran: this.ran(), since: null });
  }

  /** Runs on from so many milliseconds. */
  private run(ran: number): void {
    this.keep({ ran, since: Date.now() });
  }

  private keep(kept: Kept): void {
    this.kept = kept;
    sessionStorage.setItem(KEY, JSON.stringify(kept));
    this.show();
  }

  private ran(): number {
    const { ran, since } = this.kept!;
    return Math.min(WHOLE, ran + (since === null ? 0 : Date.now() - since));
  }

  /** When a phase ends, in milliseconds from the start. */
  private end(phase: number): number {
    return PHASES.slice(0, phase + 1).reduce((sum, [, minutes]) => sum + minutes, 0) * MINUTE;
  }

  private show(): void {
    byId("clock").hidden = !this.kept;
    if (!this.kept) return;
    const ran = this.ran();
    const isPaused = this.kept.since === null;
    const at = PHASES.findIndex((_, phase) => ran < this.end(phase));
    const phase = at < 0 ? PHASES.length : at;
    const name = PHASES[phase]?.[0];
    const left = name ? `${name}: ${minutes(this.end(phase) - ran)} left` : "Time is up";
    byId("time").textContent = `${left} · ${minutes(ran)} of 45:00${isPaused ? " · paused" : ""}`;
    byId("pause").textContent = isPaused ? "Go on" : "Pause";
    byId<HTMLButtonElement>("pause").disabled = byId<HTMLButtonElement>("next").disabled = !name;
    [...byId("phases").children].forEach((it, at) => {
      if (at === phase) it.setAttribute("aria-current", "step");
      else it.removeAttribute("aria-current");
      it.classList.toggle("over", at < phase);
    });
    if (phase !== this.phase && this.phase >= 0) this.say(name ? `${name} begins: ${PHASES[phase]![1]} minutes` : "Time is up");
    this.phase = phase;
  }
}

function minutes(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
