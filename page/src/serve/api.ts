// What the page asks of the server, and how it is answered. Places are bytes of the text.
import { sentence } from "./words";

/** A design as it is sent. */
export interface Design {
  name: string;
  text: string;
}

export interface Span {
  start: number;
  end: number;
  line: number;
}

export interface Finding {
  code: string;
  name: string;
  level: "error" | "warning" | "advice";
  message: string;
  help: string | null;
  notes: string[];
  file: string;
  element: string;
  flows: string[];
  span: Span;
  fix?: { title: string; safe: boolean; edits: { file?: string; span: Span; text: string }[] };
}

/** Where what is drawn is declared. */
export interface Shape {
  id: string;
  element: string;
  start: number;
  end: number;
}

export interface Checked {
  report: {
    findings: Finding[];
    summary: { errors: number; warnings: number; advice: number; omitted: number; components: number; links: number };
  };
  /** None where it is too large to draw. */
  dot: string | null;
  shapes: Shape[];
  figures: string;
  estimate: string;
  rules: string;
  interview: Task | null;
}

/** The interview that a text is of. */
export interface Task {
  name: string;
  task: string;
}

export interface Example {
  name: string;
  about: string;
  text: string;
}

export interface Completion {
  from: number;
  items: { label: string; detail: string; told: string; text: string | null; snippet: string | null; rank: number }[];
}

export interface Hovered {
  from: number;
  to: number;
  text: string;
}

export interface Prompt {
  name: string;
  title: string;
  ask: string;
  tiers: { name: string; about: string }[];
}

/** What the interviewer says, and the text with it; or why there is no answer. */
export type Answer = { answer: string; text: string } | { refusal: string };

export interface Answers {
  opening: Design;
  examples: Example[];
  check: Checked;
  review: { html: string };
  complete: Completion | null;
  hover: Hovered | null;
  format: { text: string | null };
  prompts: { prompts: Prompt[] };
  "interview/start": { text: string; interview: Task };
  "interview/ask": Answer;
}

/** Asks the server. */
export async function ask<What extends keyof Answers>(what: What, question: object = {}): Promise<Answers[What]> {
  const response = await fetch(`/api/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(question),
  }).catch(() => {
    throw new Error("The server is gone: run `loadpath serve` again");
  });
  if (response.ok) return response.json() as Promise<Answers[What]>;
  // Of what there is not the server says what it is.
  if (response.status === 404) throw new Error(sentence(await response.text()));
  throw new Error(REASONS[response.status] ?? `The server answered ${response.status} ${response.statusText}`);
}

const REASONS: Record<number, string> = {
  413: "The design has over 2 MiB, which is more than the page takes: `loadpath check` takes it",
  500: "A fault of Loadpath's own kept this from being answered",
  503: "The server is busy with other designs",
};
