import type { LoadJob } from "../../load/load-job.ts";
import { loadJob, runLoad } from "../../load/run-load.ts";
import { CLIENT_LATE, type Measured, WHOLE } from "../experiment.ts";

const CONNECTIONS = 64;

/** Asks at a fixed rate, answered or not; what is late is the server's time but for the client's own delay. */
export async function askAtRate(
  of: Partial<LoadJob> & Pick<LoadJob, "port" | "ratePerSecond" | "warmUpMs" | "timeMs">,
): Promise<Measured> {
  const { wholeUs, clientLateUs, clientBusy } = await runLoad(
    loadJob({ connections: CONNECTIONS, ...of, mode: "rate" }),
  );
  return { samples: { [WHOLE.name]: wholeUs, [CLIENT_LATE.name]: clientLateUs }, clientBusy };
}
