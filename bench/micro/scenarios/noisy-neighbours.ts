import { measureNoise } from "../../noisy/measure-noise.ts";
import type { Scenario } from "../scenario.ts";

/** A victim at a fixed rate, alone and beside ten kinds of noise of another account. */
export const noisyNeighbours: Scenario = async (cell, { timeMs }) => {
  const rows = await measureNoise(cell, timeMs);
  return rows.map(({ noise, summary, errors }) => ({
    scenario: "victim, 100 requests a second",
    what: `${noise?.name ?? "alone"}${errors.length > 0 ? `, ${errors.length} errors` : ""}`,
    unit: "ms",
    summary,
  }));
};
