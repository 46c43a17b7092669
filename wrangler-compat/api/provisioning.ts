import type { Control } from "../../src/index.ts";

/** From a deploy's first request to its last. */
const LIFE_MS = 10 * 60 * 1_000;
const MOST_DEPLOYS = 1_000;
const MOST_NAMESPACES = 100;

interface Deploy {
  readonly account: string;
  readonly worker: string;
  readonly untilMs: number;
  readonly namespaces: Set<string>;
}

/**
 * wrangler makes the namespaces of bindings without ids before it uploads the worker. Where the upload is refused they are
 * taken away again, as nothing of a refused deploy is kept: those that were made since its first request, are named after
 * the worker, and hold nothing.
 */
export class Provisioning {
  readonly #control: Control;
  readonly #nowMs: () => number;
  /** By token: clients of one token that deploy at the same time have the last one's, and the others keep what they made. */
  readonly #deploys = new Map<string, Deploy>();

  constructor(control: Control, nowMs: () => number = () => performance.now()) {
    this.#control = control;
    this.#nowMs = nowMs;
  }

  /** A client asks whether a worker is there: so do deploys begin. */
  began(token: string, account: string, worker: string): void {
    this.#deploys.delete(token);
    const untilMs = this.#nowMs() + LIFE_MS;
    this.#deploys.set(token, { account, worker, untilMs, namespaces: new Set() });
    const [oldest] = this.#deploys.keys();
    if (this.#deploys.size > MOST_DEPLOYS && oldest !== undefined) this.#deploys.delete(oldest);
  }

  /** A client made a namespace. */
  made(token: string, account: string, id: string, title: string): void {
    const deploy = this.#of(token, account);
    if (deploy === undefined || !title.startsWith(`${deploy.worker}-`)) return;
    if (deploy.namespaces.size < MOST_NAMESPACES) deploy.namespaces.add(id);
  }

  /** The deploy went through. */
  accepted(token: string): void {
    this.#deploys.delete(token);
  }

  /** The deploy was refused. */
  async refused(token: string, account: string): Promise<void> {
    const deploy = this.#of(token, account);
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

  #of(token: string, account: string): Deploy | undefined {
    const deploy = this.#deploys.get(token);
    return deploy?.account === account && deploy.untilMs > this.#nowMs() ? deploy : undefined;
  }
}
