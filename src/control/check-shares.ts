import { ControlConflict } from "../storage/control-conflict.ts";
import type { VersionShare } from "../storage/control-store.ts";

/** Versions that share a worker's traffic. Each is started, and kept warm. */
const MAX_SHARES = 10;

/**
 * Checks how versions are to share a worker's traffic.
 * @throws ControlConflict `BAD_DEPLOYMENT`
 */
export function checkShares(shares: readonly VersionShare[]): void {
  const ids = new Set(shares.map(({ versionId }) => versionId));
  const sum = shares.reduce((all, { percent }) => all + percent, 0);
  const isRight =
    shares.length <= MAX_SHARES &&
    ids.size === shares.length &&
    shares.every(({ percent }) => typeof percent === "number" && percent > 0) &&
    Math.abs(sum - 100) <= 1e-6;
  if (isRight) return;
  throw new ControlConflict(
    "BAD_DEPLOYMENT",
    `a deployment names 1 to ${MAX_SHARES} versions, each once with a share above 0, 100 in all; got ${JSON.stringify(shares).slice(0, 500)}`,
  );
}
