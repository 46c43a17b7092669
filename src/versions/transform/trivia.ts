const SPACE = /[\s\ufeff]/;
const LINE_END = /[\n\r\u2028\u2029]/g;

/** The offset of the next token at or after `at`, past white space and comments. */
export function skipTrivia(source: string, at: number): number {
  for (;;) {
    if (source.startsWith("//", at)) {
      LINE_END.lastIndex = at;
      at = LINE_END.exec(source)?.index ?? source.length;
    } else if (source.startsWith("/*", at)) at = source.indexOf("*/", at + 2) + 2;
    else if (at < source.length && SPACE.test(source.charAt(at))) at += 1;
    else return at;
  }
}
