import type { Control } from "../../src/index.ts";

/** From a deploy's first request to its last. */
const LIFE_MS = 10 * 60 * 1_000;
const MOST_DEPLOYS = 1_000;
const MOST_NAMESPACES = 100;

interface Deploy {
  readonly token: string;
  readonly account: string;
  readonly worker: string;
  readonly untilMs: number;
  readonly namespaces: Set<string>;
  /** Grows: which one made something last. */
  madeAt: number;
}

/**
 * wrangler makes the namespaces of bindings without ids before it uploads the worker. Where the upload is refused they are
 * taken away again, as nothing of a refused deploy is kept: those that were made since its first request, are named after
 * the worker, and hold nothing.
 */
export class Provisioning {
  readonly #control: Control;
  readonly #nowMs: () => number;
  readonly #deploys = new Map<string, Deploy>();
  #made = 0;

  constructor(control: Control, nowMs: () => number = () => performance.now()) {
    this.#control = control;
    this.#nowMs = nowMs;
  }

  /** A client asks whether a worker is there: so do deploys begin. */
  began(token: string, account: string, worker: string): void {
    const key = keyOf(token, account, worker);
    this.#deploys.delete(key);
    const untilMs = this.#nowMs() + LIFE_MS;
    this.#deploys.set(key, { token, account, worker, untilMs, namespaces: new Set(), madeAt: 0 });
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
    deploy.madeAt = ++this.#made;
  }

  /** The deploy went through. */
  accepted(token: string, account: string, worker: string): void {
    this.#deploys.delete(keyOf(token, account, worker));
  }

  /**
   * A deploy was refused.
   * @param worker left out: it was refused something else than its upload; that is the one that made something last
   */
  async refused(token: string, account: string, worker?: string): Promise<void> {
    const [deploy] = this.#of(token, account)
      .filter((one) => worker === undefined || one.worker === worker)
      .toSorted((a, b) => b.madeAt - a.madeAt);
    if (deploy === undefined) return;
    const ids = [...deploy.namespaces];
    deploy.namespaces.clear();
    const { kv } = this.#control;
    const used = new Set(
      this.#control
        .versions(deploy.worker, account)
        .flatMap(({ kvNamespaces }) => kvNamespaces.map((bound) => bound.id)),
    );
    for (const id of ids) {
      if (used.has(id) || kv.namespace(account, id) === undefined) continue;
      const { keys } = await kv.keys(account, id, { limit: 1 });
      if (keys.length === 0) await kv.remove(account, id);
    }
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
