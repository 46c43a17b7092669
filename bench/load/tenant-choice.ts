import { seededRandom } from "../statistics/random.ts";
import type { LoadJob } from "./load-job.ts";

/** Gives the tenant to ask next, time after time. */
export function tenantChoice({
  tenants: { first, count },
  choice,
  seed,
}: Pick<LoadJob, "tenants" | "choice" | "seed">): () => number {
  if (choice === "in-turn") {
    let next = 0;
    return () => first + (next++ % count);
  }
  const sums = new Float64Array(count);
  for (let rank = 0, sum = 0; rank < count; rank++) sums[rank] = sum += 1 / (rank + 1);
  const random = seededRandom(seed);
  return () => first + rankOf(sums, random() * sums[count - 1]!);
}

/** The first rank whose sum is above the value. */
function rankOf(sums: Float64Array, value: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
