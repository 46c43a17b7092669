/** At most so many samples, evenly taken from all in their order. */
export function thin(samples: readonly number[], most: number): number[] {
  const step = Math.max(1, samples.length / most);
  return Array.from({ length: Math.floor(samples.length / step) }, (_, n) => samples[Math.floor(n * step)]!);
}
