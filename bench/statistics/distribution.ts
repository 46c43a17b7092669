/** Samples as a file holds them: as they came, or each value with how often it came. */
export type Samples = readonly number[] | CountedSamples;

/** Values in rising order, and how many samples have each. */
export interface CountedSamples {
  readonly values: readonly number[];
  readonly counts: readonly number[];
}

/** The samples of one round in rising order. Equal ones take one place, so that millions have room. */
export class Distribution {
  readonly values: Float64Array;
  readonly counts: Float64Array;
  /** How many samples there are. */
  readonly count: number;

  private constructor(values: Float64Array, counts: Float64Array) {
    this.values = values;
    this.counts = counts;
    this.count = counts.reduce((sum, count) => sum + count, 0);
  }

  static of(samples: Samples): Distribution {
    const counts = new Map<number, number>();
    if ("counts" in samples)
      samples.values.forEach((value, at) =>
        counts.set(value, (counts.get(value) ?? 0) + samples.counts[at]!),
      );
    else for (const value of samples) counts.set(value, (counts.get(value) ?? 0) + 1);
    const values = Float64Array.from(counts.keys()).sort();
    return new Distribution(
      values,
      values.map((value) => counts.get(value)!),
    );
  }

  get least(): number {
    return this.values[0]!;
  }

  get most(): number {
    return this.values.at(-1)!;
  }
}

/** How many samples there are in a file's form of them. */
export function countOf(samples: Samples): number {
  return "counts" in samples ? samples.counts.reduce((sum, count) => sum + count, 0) : samples.length;
}

/**
 * Samples in the form of which a file stays small: as they came where there are few, else rounded to three digits and counted.
 * None is left out, the largest least of all.
 *
 * @param most How many are kept as they came.
 */
export function compact(samples: readonly number[], most: number): Samples {
  if (samples.length <= most) return samples;
  const counts = new Map<number, number>();
  for (const sample of samples) {
    const value = Number(sample.toPrecision(3));
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const values = [...counts.keys()].sort((a, b) => a - b);
  return { values, counts: values.map((value) => counts.get(value)!) };
}
