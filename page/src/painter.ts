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

/** Pictures that are kept, at most: all overlays of a report, in both colours and both ways, and as many again. */
const MOST_KEPT = 48;

/** Draws texts in DOT, each once. */
export class Painter {
  private readonly worker: Worker;
  private readonly drawn = new Map<string, Promise<string>>();
  private readonly waiting = new Map<number, { done: (svg: string) => void; failed: (trouble: Error) => void }>();
  private count = 0;

  /** `address` is where the script of a report is: as a worker it is Graphviz. */
  constructor(address: string) {
    this.worker = new Worker(address);
    this.worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const order = this.waiting.get(data.at);
      this.waiting.delete(data.at);
      if (data.svg === undefined) order?.failed(new Error(data.trouble));
      else order?.done(data.svg);
    };
    this.worker.onerror = (event) => this.fail(event.message);
  }

  async paint(dot: string): Promise<SVGSVGElement> {
    const svg = this.drawn.get(dot) ?? this.order(dot);
    // What was wanted last is kept longest.
    this.drawn.delete(dot);
    this.drawn.set(dot, svg);
    for (const oldest of [...this.drawn.keys()].slice(0, -MOST_KEPT)) this.drawn.delete(oldest);
    return parsed(await svg);
  }

  /** Ends the worker, whatever it is at. */
  end(why: string): void {
    this.worker.terminate();
    this.fail(why);
  }

  private fail(why: string): void {
    for (const { failed } of this.waiting.values()) failed(new Error(why));
    this.waiting.clear();
  }

  private order(dot: string): Promise<string> {
    return new Promise((done, failed) => {
      const at = this.count++;
      this.waiting.set(at, { done, failed });
      this.worker.postMessage({ at, dot } satisfies Order);
    });
  }
}

function parsed(svg: string): SVGSVGElement {
  const document = new DOMParser().parseFromString(svg, "image/svg+xml");
  return document.documentElement as unknown as SVGSVGElement;
}
