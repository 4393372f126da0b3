// Graphviz at work beside the page, which stays at hand while a large picture is laid out.
import { instance } from "@viz-js/viz";

/** What is asked of the worker, and what it answers. */
interface Order {
  at: number;
  dot: string;
}
interface Answer {
  at: number;
  svg?: string;
  trouble?: string;
}

/** Serves as the worker: answers orders in turn. */
export function serve(): void {
  const viz = instance();
  const scope = self as unknown as { onmessage: (event: MessageEvent<Order>) => void; postMessage(it: Answer): void };
  scope.onmessage = async ({ data: { at, dot } }) => {
    try {
      scope.postMessage({ at, svg: (await viz).renderString(dot, { format: "svg" }) });
    } catch (error) {
      scope.postMessage({ at, trouble: error instanceof Error ? error.message : String(error) });
    }
  };
}

/** Draws texts in DOT, each once. */
export class Painter {
  private readonly worker: Worker;
  private readonly drawn = new Map<string, Promise<string>>();
  private readonly waiting: { done: (svg: string) => void; failed: (trouble: Error) => void }[] = [];

  /** `script` is the text of this very script: the worker runs it as well. */
  constructor(script: string) {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    this.worker = new Worker(address);
    this.worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const { done, failed } = this.waiting[data.at]!;
      if (data.svg === undefined) failed(new Error(data.trouble));
      else done(data.svg);
    };
    this.worker.onerror = (event) => this.waiting.forEach(({ failed }) => failed(new Error(event.message)));
  }

  async paint(dot: string): Promise<SVGSVGElement> {
    const svg = this.drawn.get(dot) ?? this.order(dot);
    this.drawn.set(dot, svg);
    return parsed(await svg);
  }

  private order(dot: string): Promise<string> {
    return new Promise((done, failed) => {
      this.waiting.push({ done, failed });
      this.worker.postMessage({ at: this.waiting.length - 1, dot } satisfies Order);
    });
  }
}

function parsed(svg: string): SVGSVGElement {
  const document = new DOMParser().parseFromString(svg, "image/svg+xml");
  return document.documentElement as unknown as SVGSVGElement;
}
