// Places in a text: the server counts bytes, the editor the units of UTF-16.

export class Places {
  /** The byte that each unit begins at; none where all are one byte. */
  private readonly bytes: Uint32Array | undefined;

  constructor(private readonly text: string) {
    if (!/[^\0-\x7f]/.test(text)) return;
    const bytes = new Uint32Array(text.length + 1);
    for (let at = 0; at < text.length; at += 1) bytes[at + 1] = bytes[at]! + size(text, at);
    this.bytes = bytes;
  }

  byte(unit: number): number {
    return this.bytes ? this.bytes[unit]! : unit;
  }

  /** The unit at a byte, and never past the end. */
  unit(byte: number): number {
    if (!this.bytes) return Math.min(byte, this.text.length);
    let [from, to] = [0, this.text.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.bytes[middle]! < byte) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/** So many bytes of UTF-8 a unit adds; a pair of them has four, of which the first has all. */
function size(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  const isTail = unit >= 0xdc00 && unit < 0xe000 && at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff;
  if (isTail) return 0;
  return (text.codePointAt(at) ?? 0) > 0xffff ? 4 : 3;
}
