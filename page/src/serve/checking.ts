// Checks as one types: one question at a time, each of the text as it is by then.

/** How long a text rests before it is asked about, in milliseconds. */
const REST = 200;

export class Checking {
  private isAsking = false;
  private isWanted = false;
  private resting: ReturnType<typeof setTimeout> | undefined;

  /** `check` asks once; whoever wants another meanwhile has it afterwards. */
  constructor(private readonly check: () => Promise<void>) {}

  /** Something was typed. */
  later(): void {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.now(), REST);
  }

  now(): void {
    clearTimeout(this.resting);
    this.isWanted = true;
    if (!this.isAsking) void this.run();
  }

  private async run(): Promise<void> {
    this.isAsking = true;
    while (this.isWanted) {
      this.isWanted = false;
      await this.check();
    }
    this.isAsking = false;
  }
}
