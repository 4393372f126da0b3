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

/** What is kept of an interview: how long it has run, in milliseconds, and since when it does again. */
interface Kept {
  ran: number;
  since: number | null;
  /** The phase that it was led to. What an earlier one has left over is this one's. */
  led: number;
  /** Whether it was ended, and judged. */
  isEnded: boolean;
}

const BEGINNING: Kept = { ran: 0, since: null, led: 0, isEnded: false };

export class Clock {
  private key = "";
  private kept: Kept | undefined;
  private phase = -1;

  /** `say` tells who does not look at it; `ended` is asked for when the interview is over. */
  constructor(private readonly say: (words: string) => void, ended: () => void) {
    byId("pause").addEventListener("click", () => (this.kept?.since === null ? this.run() : this.pause()));
    byId("next").addEventListener("click", () => this.lead());
    byId("end").addEventListener("click", () => {
      this.pause(true);
      ended();
    });
    byId("phases").append(...PHASES.map(([name, minutes]) => made("li", "", `${name} ${minutes}`)));
    setInterval(() => this.show(), 500);
    this.show();
  }

  /** An interview begins. */
  start(interview: string): void {
    this.take(interview, BEGINNING);
    this.run();
  }

  /** Goes on as an interview was left, or waits at its beginning; says whether it was known. */
  goOn(interview: string): boolean {
    const kept = sessionStorage.getItem(keyOf(interview));
    this.take(interview, kept ? (JSON.parse(kept) as Kept) : BEGINNING);
    return kept !== null;
  }

  /** There is no interview any more: its clock waits until it is back. */
  leave(): void {
    if (!this.kept) return;
    this.pause(this.kept.isEnded);
    this.kept = undefined;
    this.show();
  }

  private take(interview: string, kept: Kept): void {
    this.key = keyOf(interview);
    this.phase = -1;
    this.keep(kept);
  }

  private run(): void {
    this.keep({ ...this.kept!, since: Date.now(), isEnded: false });
  }

  private pause(isEnded = false): void {
    this.keep({ ...this.kept!, ran: this.ran(), since: null, isEnded });
  }

  /** To the next phase: the time is what it is. */
  private lead(): void {
    this.keep({ ...this.kept!, led: this.phase + 1 });
    if (byId("next").hidden) byId("end").focus();
  }

  private keep(kept: Kept): void {
    this.kept = kept;
    sessionStorage.setItem(this.key, JSON.stringify(kept));
    this.show();
  }

  private ran(): number {
    const { ran, since } = this.kept!;
    return Math.min(WHOLE, ran + (since === null ? 0 : Date.now() - since));
  }

  private show(): void {
    byId("clock").hidden = !this.kept;
    if (!this.kept) return;
    const { since, led, isEnded } = this.kept;
    const ran = this.ran();
    const phase = Math.max(led, phaseAt(ran));
    const isOver = ran >= WHOLE;
    const isPaused = since === null && !isOver && !isEnded;
    const left = isOver ? "Time is up" : `${PHASES[phase]![0]}: ${minutes(endOf(phase) - ran)} left`;
    byId("time").textContent = `${isEnded ? "Ended" : left} · ${minutes(ran)} of 45:00${isPaused ? " · paused" : ""}`;
    byId("pause").textContent = since !== null ? "Pause" : ran === 0 ? "Start" : "Go on";
    byId("pause").hidden = isOver;
    byId("next").hidden = isOver || isEnded || phase === PHASES.length - 1;
    byId("end").hidden = isEnded;
    const now = isOver ? PHASES.length : phase;
    [...byId("phases").children].forEach((it, at) => {
      if (at === now) it.setAttribute("aria-current", "step");
      else it.removeAttribute("aria-current");
      it.classList.toggle("over", at < now);
    });
    if (now !== this.phase && this.phase >= 0) this.say(isOver ? "Time is up" : `${PHASES[phase]![0]} begins: ${minutes(endOf(phase) - ran)} left`);
    this.phase = now;
  }
}

function keyOf(interview: string): string {
  return `clock of ${interview}`;
}

/** When a phase ends, in milliseconds from the start. */
function endOf(phase: number): number {
  return PHASES.slice(0, phase + 1).reduce((sum, [, minutes]) => sum + minutes, 0) * MINUTE;
}

/** The phase after so many milliseconds, if nobody led to a later one: in the end the last. */
function phaseAt(ran: number): number {
  const at = PHASES.findIndex((_, phase) => ran < endOf(phase));
  return at < 0 ? PHASES.length - 1 : at;
}

function minutes(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
