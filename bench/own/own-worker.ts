import type { Host, WorkerUpload } from "../../src/index.ts";
import { SMALLEST } from "../report/anatomy.ts";
import { HELLO, worker } from "../workers.ts";

/** A file that went into a script, with how many of the script's bytes are of it. */
export interface ScriptPart {
  readonly name: string;
  readonly bytes: number;
}

/** A worker that somebody wants to know about. */
export interface OwnWorker {
  readonly upload: WorkerUpload;
  /** What its script was made of. */
  readonly parts: readonly ScriptPart[];
  /** Deploys what it needs before itself, such as its assets. */
  readonly deployFirst?: (host: Host) => Promise<void>;
}

/** The least that can be a worker: what it takes is the host's own part of any worker. */
export const SMALLEST_WORKER: OwnWorker = {
  upload: worker(SMALLEST, HELLO),
  parts: [],
};
