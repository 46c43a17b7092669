/** Names that are further apart than this share of their length are not taken for the same. */
const MOST_EDITS_PER_CHAR = 0.25;
const MOST_CHARS = 100;

/**
 * The known name that a misspelled one is most alike: the same but for case, dashes and a few letters.
 * @returns Undefined where none is near.
 */
export function nearest(found: string, known: Iterable<string>): string | undefined {
  const wanted = flat(found);
  if (wanted.length > MOST_CHARS) return undefined;
  let best: string | undefined;
  let fewest = Infinity;
  for (const name of known) {
    const candidate = flat(name);
    const most = Math.floor(Math.max(wanted.length, candidate.length) * MOST_EDITS_PER_CHAR);
    if (Math.abs(candidate.length - wanted.length) > most) continue;
    const edits = distance(wanted, candidate);
    if (edits > most || edits >= fewest) continue;
    best = name;
    fewest = edits;
  }
  return best;
}

function flat(text: string): string {
  return text.toLowerCase().replaceAll(/[-_]/g, "");
}

/** Letters that are added, left out, changed or swapped with their neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, before[j - 2]! + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
