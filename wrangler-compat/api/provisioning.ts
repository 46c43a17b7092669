import type { Control } from "../../src/index.ts";

/** From a deploy's first request to its last. */
const LIFE_MS = 2 * 60 * 1_000;
const MOST_DEPLOYS = 1_000;
const MOST_NAMESPACES = 100;

interface Deploy {
  readonly token: string;
  readonly account: string;
  readonly worker: string;
  readonly untilMs: number;
  readonly namespaces: Set<string>;
}

/**
 * wrangler makes the namespaces of bindings without ids before it uploads the worker. Where the upload is refused they are
 * taken away again, as nothing of a refused deploy is kept: those that were made since its first request, are named after
 * the worker, hold nothing, and are bound by no worker.
 */
export class Provisioning {
  readonly #control: Control;
  readonly #nowMs: () => number;
  readonly #deploys = new Map<string, Deploy>();

  constructor(control: Control, nowMs: () => number = () => performance.now()) {
    this.#control = control;
    this.#nowMs = nowMs;
  }

  /** A client asks whether a worker is there: so do deploys begin. */
  began(token: string, account: string, worker: string): void {
    const key = keyOf(token, account, worker);
    this.#deploys.delete(key);
    const untilMs = this.#nowMs() + LIFE_MS;
    this.#deploys.set(key, { token, account, worker, untilMs, namespaces: new Set() });
    const [oldest] = this.#deploys.keys();
    if (this.#deploys.size > MOST_DEPLOYS && oldest !== undefined) this.#deploys.delete(oldest);
  }

  /** A client made a namespace: for the deploy of the worker whose name its title begins with. */
  made(token: string, account: string, id: string, title: string): void {
    const [deploy] = this.#of(token, account)
      .filter(({ worker }) => title.startsWith(`${worker}-`))
      .toSorted((a, b) => b.worker.length - a.worker.length);
    if (deploy === undefined || deploy.namespaces.size >= MOST_NAMESPACES) return;
    deploy.namespaces.add(id);
  }

  /** The deploy went through. */
  accepted(token: string, account: string, worker: string): void {
    this.#deploys.delete(keyOf(token, account, worker));
  }

  /**
   * A deploy was refused, and is over: what comes later is not its own.
   * @param worker left out: it was refused something else than its upload. Whose that was is known only where a single
   * deploy is under way; nothing is taken away otherwise.
   */
  async refused(token: string, account: string, worker?: string): Promise<void> {
    const all = this.#of(token, account).filter((one) => worker === undefined || one.worker === worker);
    const [deploy] = all;
    if (deploy === undefined || all.length !== 1) return;
    this.#deploys.delete(keyOf(token, account, deploy.worker));
    const { kv, tokens } = this.#control;
    for (const id of deploy.namespaces) {
      if (kv.namespace(account, id) === undefined) continue;
      const { keys } = await kv.keys(account, id, { limit: 1 });
      // Only now, as a version may have bound it meanwhile.
      if (keys.length > 0 || this.#isUsed(account, id)) continue;
      await kv.remove(account, id);
      tokens.note({ token, account, action: "kv-delete", target: id });
    }
  }

  #isUsed(account: string, id: string): boolean {
    return this.#control
      .workers(account)
      .flatMap(({ name }) => this.#control.versions(name, account))
      .some(({ kvNamespaces }) => kvNamespaces.some((bound) => bound.id === id));
  }

  #of(token: string, account: string): Deploy[] {
    return [...this.#deploys.values()].filter(
      (deploy) => deploy.token === token && deploy.account === account && deploy.untilMs > this.#nowMs(),
    );
  }
}

function keyOf(token: string, account: string, worker: string): string {
  return `${token}\n${account}\n${worker}`;
}
