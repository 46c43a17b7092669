import { spawnSync } from "node:child_process";
import { PEERS_FOLDER } from "../subjects/peer-package.ts";

/**
 * Installs the peers, as `npm ci --prefix bench/peers` does: some hundreds of megabytes.
 * @throws RangeError where npm fails; it has said why.
 */
export function installPeers(): void {
  const { status, error } = spawnSync("npm", ["ci", "--prefix", PEERS_FOLDER, "--no-audit", "--no-fund"], {
    stdio: "inherit",
    // npm of a script that is running may be told another folder by it.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_config_/i.test(name))),
  });
  if (status !== 0)
    throw new RangeError(
      `--install-peers: npm ended with ${status ?? error?.message}; without it the run goes on with what is there`,
    );
}
