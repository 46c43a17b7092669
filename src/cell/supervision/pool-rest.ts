import { readdirSync, readFileSync } from "node:fs";
import { parseStat, type Stat } from "../stat-fields.ts";

/** Pause between two looks, so that the loop serves what a thread may wait for. */
const LOOK_MS = 2;
/** Looks in a row that find all at rest: a thread that hands on to another may be missed by one. */
const LOOKS = 2;
/** How long threads are waited for. Long, as on a busy machine they wait for a core. */
const MOST_MS = 5_000;
/** V8's own threads, for which one that ends an isolate waits. */
const WORKER = "V8Worker";
/** What a thread is that waits to be woken, and so is in the midst of nothing; or that has ended. */
const AT_REST: ReadonlySet<string> = new Set(["S", "X", "Z"]);

let isLeftAlone = false;

/** What `untilPoolRests` needs of its surroundings. Tests may give their own. */
export interface PoolRestParts {
  /** The ids of all threads, but for the main one. */
  list(): readonly string[];
  /** What the system says of a thread, as in Linux's `/proc/PID/stat`. @throws if it has ended */
  stat(task: string): string;
  /** The main thread's name. */
  readonly name: string;
  nowMs(): number;
  pause(waitMs: number): Promise<void>;
  /** Pauses without a turn of the loop. */
  sleep(waitMs: number): void;
}

/**
 * Waits until no thread of isolated-vm's pool does anything. A call into an isolate settles a little before its thread
 * has let go of the isolate; one that is disposed in between is taken down by that thread, later, of which isolated-vm
 * tells nobody. A `process.exit()` meanwhile takes V8 down under it, and the process ends by SIGSEGV.
 *
 * @param parts undefined where the system does not say what threads do: nothing is waited for there
 * @returns whether all are at rest; false when 5 s were not enough, as where something cannot be stopped
 */
export async function untilPoolRests(parts: PoolRestParts | undefined = systemParts()): Promise<boolean> {
  if (parts === undefined) return true;
  for (const look = looks(parts); ;) {
    await parts.pause(LOOK_MS);
    const rests = look();
    if (rests !== undefined) return rests;
  }
}

/**
 * The same for a process that ends, whose loop turns no more: this thread sleeps. What a thread asks of it, it gets no
 * answer to: such a thread counts as at rest.
 */
export function sleepUntilPoolRests(parts: PoolRestParts | undefined = systemParts()): boolean {
  if (parts === undefined || isLeftAlone) return true;
  for (const look = looks(parts); ;) {
    const rests = look();
    if (rests !== undefined) return rests;
    parts.sleep(LOOK_MS);
  }
}

/** Has nobody wait for threads as the process ends: it is killed at once, whatever they do. */
export function leavePoolAlone(): void {
  isLeftAlone = true;
}

/** Gives what looks once: whether all are at rest, undefined while that is not sure. */
function looks(parts: PoolRestParts): () => boolean | undefined {
  const untilMs = parts.nowMs() + MOST_MS;
  let rests = 0;
  return () => {
    const now = parts.list().every((task) => isAtRest(parts, task));
    rests = now ? rests + 1 : 0;
    if (rests === LOOKS) return true;
    return !now && parts.nowMs() > untilMs ? false : undefined;
  };
}

/** Threads of other kinds, the embedder's too, may do as they please. */
function isAtRest(parts: PoolRestParts, task: string): boolean {
  let stat: Stat;
  try {
    stat = parseStat(parts.stat(task));
  } catch {
    return true;
  }
  const { name, fields } = stat;
  return (name !== parts.name && !name.includes(WORKER)) || AT_REST.has(fields[0] ?? "");
}

function systemParts(): PoolRestParts | undefined {
  const main = String(process.pid);
  const tasks = "/proc/self/task";
  try {
    return {
      list: () => readdirSync(tasks).filter((task) => task !== main),
      stat: (task) => readFileSync(`${tasks}/${task}/stat`, "latin1"),
      name: readFileSync(`${tasks}/${main}/comm`, "latin1").trimEnd(),
      nowMs: () => performance.now(),
      pause: (waitMs) => new Promise((resolve) => setTimeout(resolve, waitMs)),
      sleep: (waitMs) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, waitMs),
    };
  } catch {
    return undefined;
  }
}
