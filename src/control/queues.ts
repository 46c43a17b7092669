/** Jobs that follow each other, by key. */
export class Queues {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs a job once all that was given before under the same key is over, whether it failed or not. */
  run<T>(key: string, job: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const run = before.then(job, job);
    this.#last.set(key, run);
    const clean = (): void => {
      if (this.#last.get(key) === run) this.#last.delete(key);
    };
    run.then(clean, clean);
    return run;
  }
}
