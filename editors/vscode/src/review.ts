// The findings of a design and its figures, as Markdown.
import type { Level } from "./graph";

/** A finding, as far as it is shown, in the words of `loadpath check --format json`. */
interface Told {
  code: string;
  name: string;
  level: Level;
  message: string;
  notes: string[];
  help?: string;
  span: { line: number };
}

const ICONS: Record<Level, string> = { error: "✖", warning: "▲", advice: "◆" };

/** The review of a design: what is found, and what it rests on. */
export function review(check: string, figures: string): string {
  const { findings } = JSON.parse(check) as { findings: Told[] };
  const shown = findings.map((it) => {
    const title = `**${ICONS[it.level]} ${it.code}** ${it.name.replaceAll("-", " ")} · line ${it.span.line}`;
    const lines = [it.message, ...it.notes, ...(it.help ? [`**→** ${it.help}`] : [])];
    return [title, ...lines.map(escaped)].join("  \n");
  });
  const found = shown.length > 0 ? shown.join("\n\n") : "Nothing is found.";
  return `## Findings\n\n${found}\n\n## Figures\n\n${unbroken(figures)}\n`;
}

/** What is code stays code; nothing else is taken for a mark. */
function escaped(text: string): string {
  const parts = text.split(/(`[^`]*`|\*\*→\*\*)/);
  return parts.map((it, at) => (at % 2 === 1 ? it : it.replace(/[\\*_<>[\]#~|&]/g, "\\$&"))).join("");
}

/** Lines that are not broken: what is too wide is scrolled. */
function unbroken(text: string): string {
  const html = text.trimEnd().replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/\n(?=\n)/g, "\n&#8203;");
  return `<pre style="white-space: pre; overflow-x: auto"><code style="white-space: pre">${html}</code></pre>`;
}
