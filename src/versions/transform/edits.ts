/** Replaces `source[start, end)` by `text`; no edit adds or removes a line terminator. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Where lines end for V8, whose positions are mapped: Unicode's separators count too. */
const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;

/** Collects changes to one module's source and applies them all at once, keeping its lines. */
export class Edits {
  readonly #source: string;
  readonly #edits: Edit[] = [];
  #chars: number;

  constructor(source: string) {
    this.#source = source;
    this.#chars = source.length;
  }

  /** Length of the text that {@link apply} will make, or a little more. */
  get chars(): number {
    return this.#chars;
  }

  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
    this.#chars += Math.max(0, text.length - (end - start));
  }

  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  /**
   * Puts blanks in place of a range, line by line, so that nothing moves.
   *
   * @param first what stands at the start instead of a blank
   */
  blank(start: number, end: number, first = ""): void {
    const rest = this.#source.slice(start + first.length, end).replace(/[^\n\r\u2028\u2029]/g, " ");
    this.#edits.push({ start, end, text: first + rest });
  }

  /**
   * Applies the edits; one that begins within another is dropped.
   *
   * @returns the text, the number of its lines, and `shifts` as {@link ModulePositions} wants them
   */
  apply(): { text: string; lines: number; shifts: number[] } {
    const edits = this.#edits.sort((a, b) => a.start - b.start || a.end - b.end);
    const parts: string[] = [];
    const shifts: number[] = [];
    let done = 0;
    let line = 1;
    let lineStart = 0;
    LINE_END.lastIndex = 0;
    let lineEnd = LINE_END.exec(this.#source);
    const advance = (to: number): void => {
      for (
        ;
        lineEnd !== null && lineEnd.index + lineEnd[0].length <= to;
        lineEnd = LINE_END.exec(this.#source)
      ) {
        line += 1;
        lineStart = lineEnd.index + lineEnd[0].length;
      }
    };
    for (const { start, end, text } of edits) {
      // A comment that is blanked with its statement needs no edit of its own.
      if (start < done) continue;
      parts.push(this.#source.slice(done, start), text);
      done = end;
      advance(start);
      if (text.length !== end - start) shifts.push(line, start - lineStart, end - start, text.length);
    }
    advance(this.#source.length);
    parts.push(this.#source.slice(done));
    return { text: parts.join(""), lines: line, shifts };
  }
}
