import { In, type InMessage } from "../../runtime-api/contract/in.ts";
import type { AccountLoad } from "../admission/account-load.ts";
import { Turnstile } from "../admission/turnstile.ts";
import { endStep } from "../clock/request-steps.ts";
import { DEPTH_HEADER, requestDepth } from "../egress/request-depth.ts";
import type { EventSource } from "../meter/event-source.ts";
import type { Outcome } from "../outcome/outcome.ts";
import { VersionGone } from "../versions/version-gone.ts";
import type { Version } from "../versions/version.ts";
import type { Site } from "../assets/site.ts";
import { HostClosing, LoadRefused, NoCell, NoPlace } from "../warm/load-refused.ts";
import { type Again, StartFailed } from "../warm/event-sink.ts";
import type { Acquired } from "../warm/group.ts";
import type { WarmPool } from "../warm/warm-pool.ts";
import { AssetEvents } from "./asset-events.ts";
import { boundBody } from "./bounded-body.ts";
import type { EdgeRequest, EdgeResponse } from "./edge.ts";
import { failureResponse, tooLargeResponse } from "./failure-response.ts";
import { FetchEvent } from "./fetch-event.ts";
import { flatHeader } from "./flat-header.ts";
import type { EventHost, EventIntro } from "./event-host.ts";
import { type ScheduledTrigger, type TailBatch, UnansweredEvent } from "./unanswered-event.ts";

/** How often an event that never ran is given to a further isolate. */
const RESTARTS = 5;

type Failure = Exclude<Outcome, "ok">;

/** An event that waits to be sent in. `run` says what came of it, `whenOver` that it is over. */
interface Runnable<T> {
  run(): Promise<T | Again | StartFailed>;
  whenOver(then: () => void): void;
  /** Only a WebSocket keeps it alive. */
  readonly isHeld: boolean;
  retire(): void;
  stop(outcome: Outcome): void;
}

/** Takes events to versions: admission, then a warm isolate, then the event itself. */
export class Dispatcher {
  readonly #pool: WarmPool;
  readonly #host: EventHost;
  readonly #turnstile = new Turnstile();
  readonly #held = new Set<Runnable<unknown>>();
  readonly #assets: AssetEvents;
  #events = 0;
  #idle: (() => void)[] = [];
  #inFlight = 0;

  constructor(pool: WarmPool, host: EventHost) {
    this.#pool = pool;
    this.#host = host;
    this.#assets = new AssetEvents(host, this.#turnstile, {
      began: () => this.#inFlight++,
      over: () => this.#over(),
    });
  }

  /** Events that are waiting or running. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Asks a version. Never rejects. */
  fetch(version: Version, request: EdgeRequest): Promise<EdgeResponse> {
    const intro = this.#intro(request, {
      kind: "fetch",
      headers: request.headers,
      cfJson: request.cfJson,
      entrypoint: request.entry?.name ?? null,
    });
    if (version.assets !== null) return this.#fetchAsset(version, version.assets, request, intro);
    return this.#fetchAnswer(version, request, intro);
  }

  /** Asks the static assets of a version, and its code where they have nothing to say. */
  async #fetchAsset(
    version: Version,
    site: Site,
    request: EdgeRequest,
    intro: EventIntro,
  ): Promise<EdgeResponse> {
    const answer = await this.#assets.answer(version, site, request, intro);
    if (answer === null) return await this.#fetchAnswer(version, request, intro);
    if (!("failed" in answer)) return answer;
    const outcome = this.#refuse(version, intro, answer.failed, null, answer.cpuMs);
    return this.#failure(outcome, version, request);
  }

  /** Asks the code of a version. */
  #fetchAnswer(version: Version, request: EdgeRequest, intro: EventIntro): Promise<EdgeResponse> {
    const { account, limits } = version;
    const took = (bytes: number): Promise<void> | undefined => this.#host.bodies?.took(account, bytes);
    const bounded = boundBody(request, limits.requestBodyBytes, took);
    if (bounded.tooLarge()) return Promise.resolve(tooLargeResponse(acceptOf(request)));
    const begin = (acquired: Acquired, as: EventIntro): FetchEvent =>
      new FetchEvent(this.#host, as, acquired, bounded.request);
    const fail = (outcome: Failure): EdgeResponse => this.#failure(outcome, version, request);
    const answer = this.#admitted<EdgeResponse, EdgeResponse>(version, intro, begin, fail);
    // What came whole is as long as it was.
    if (!(request.body instanceof ReadableStream)) return answer;
    return answer.then((result) => {
      if (!bounded.tooLarge()) return result;
      result.socket?.refuse();
      if (result.body instanceof ReadableStream)
        result.body.cancel("the request body is too large").catch(() => {});
      return tooLargeResponse(acceptOf(request));
    });
  }

  /** Fires a cron trigger of a version; resolves with its outcome when it is over. Never rejects. */
  async scheduled(version: Version, trigger: ScheduledTrigger): Promise<Outcome> {
    const intro = this.#intro(null, { kind: "scheduled", ...trigger });
    return await this.#unanswered(version, intro, (event) => ({ type: In.scheduled, event, ...trigger }));
  }

  /** Tells a version of events of others; resolves with the outcome of that. Never rejects. */
  async tail(version: Version, { itemsJson, workers, depth }: TailBatch): Promise<Outcome> {
    const intro = { ...this.#intro(null, { kind: "tail", workers }), depth };
    return await this.#unanswered(version, intro, (event) => ({ type: In.tail, event, itemsJson }));
  }

  async #unanswered(
    version: Version,
    intro: EventIntro,
    open: (event: number) => InMessage,
  ): Promise<Outcome> {
    const begin = (acquired: Acquired, as: EventIntro): UnansweredEvent =>
      new UnansweredEvent(this.#host, as, acquired, open);
    return await this.#admitted<Outcome, Outcome>(version, intro, begin, (outcome) => outcome);
  }

  /** Resolves when no event is waiting or running. */
  async idle(): Promise<void> {
    if (this.#inFlight === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /**
   * Runs an event with a place in its account, which it keeps until it is over.
   * @param fail what is given in place of an answer
   */
  async #admitted<T, F>(
    version: Version,
    intro: EventIntro,
    begin: (acquired: Acquired, as: EventIntro) => Runnable<T>,
    fail: (outcome: Failure) => F,
  ): Promise<T | F> {
    const refuse = (outcome: Failure, error: unknown = null, of = intro): F =>
      fail(this.#refuse(version, of, outcome, error));
    if (!version.hasCode) return refuse("scriptNotFound");
    if (this.#pauseMs(version) > 0) return refuse("quarantined");
    const load = this.#host.admission.loadOf(version.account);
    const refusal = this.#host.admission.enter(load, version.limits.accountConcurrency);
    if (refusal !== null) return refuse(refusal);
    this.#inFlight++;
    let as = intro;
    try {
      const turn = this.#turnstile.pass(load);
      if (turn !== undefined) await turn;
      endStep("admitted");
      for (let restarts = 0; restarts <= RESTARTS;) {
        // A worker may have been paused for what its first attempt did.
        if (restarts > 0 && this.#pauseMs(version) > 0) break;
        const acquired = this.#pool.acquireWarm(version) ?? (await this.#acquire(version, load));
        if (acquired.isolate.state === "gone") {
          // It was lost between the moment at which it was given out and this one: nobody would tell the event.
          this.#pool.release(acquired.isolate);
          restarts++;
          continue;
        }
        this.#stillFits(load, acquired);
        endStep("isolate");
        const event = begin(acquired, as);
        const answer = event.run();
        endStep("sent");
        const result = await answer;
        endStep("answered");
        if (result instanceof StartFailed) throw result.error;
        if (result === "retry") as = { ...intro, retried: true };
        if (result === "restart") restarts++;
        if (result === "retry" || result === "restart") continue;
        if (event.isHeld) return this.#hold(version, load, event) ? result : fail("overloaded");
        event.whenOver(() => this.#leave(load));
        return result;
      }
      this.#leave(load);
      return refuse("isolateLost", null, as);
    } catch (error) {
      this.#leave(load);
      if (error instanceof HostClosing || error instanceof NoPlace || error instanceof NoCell)
        return refuse("overloaded", error, as);
      // Its worker was deleted while it waited for a start.
      if (error instanceof VersionGone) return refuse("scriptNotFound", error, as);
      if (error instanceof LoadRefused) return refuse(error.outcome, error, as);
      this.#host.internal(error);
      return refuse("internalError", error, as);
    }
  }

  async #acquire(version: Version, load: AccountLoad): Promise<Acquired> {
    load.queued++;
    try {
      return await this.#pool.acquire(version, true);
    } finally {
      load.queued--;
    }
  }

  /** The account may have turned out to overload the host while the event waited for an isolate. @throws NoPlace then */
  #stillFits(load: AccountLoad, { isolate }: Acquired): void {
    if (load.pending < load.maxPending) return;
    load.refuse();
    this.#pool.release(isolate);
    throw new NoPlace();
  }

  /**
   * An event that goes on for a WebSocket's sake counts among its account's sockets, and no more as running.
   * @returns false where that is one too many: it is ended
   */
  #hold({ limits }: Version, load: AccountLoad, event: Runnable<unknown>): boolean {
    this.#host.admission.leave(load);
    const fits = load.sockets < limits.accountSockets;
    if (fits) load.sockets++;
    this.#held.add(event);
    event.whenOver(() => {
      this.#held.delete(event);
      if (fits) load.sockets--;
      this.#over();
    });
    if (!fits) event.stop("overloaded");
    return fits;
  }

  /** Closes the WebSockets that are open, so that their clients look for another host. */
  retire(): void {
    for (const event of [...this.#held]) event.retire();
  }

  /** Ends the events that still run. */
  close(): void {
    this.#host.deadlines.close();
  }

  #leave(load: AccountLoad): void {
    this.#host.admission.leave(load);
    this.#over();
  }

  #over(): void {
    if (--this.#inFlight > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #failure(outcome: Failure, version: Version, request: EdgeRequest): EdgeResponse {
    let retryS: number | undefined;
    if (outcome === "exceededAccountCpu") retryS = this.#host.admission.retryAfterS(version.account);
    if (outcome === "quarantined") retryS = Math.max(1, Math.ceil(this.#pauseMs(version) / 1_000));
    return failureResponse(outcome, acceptOf(request), retryS);
  }

  #pauseMs({ account, worker }: Version): number {
    return this.#host.pauseMs(account, worker);
  }

  /** Records an event that never began in an isolate. @param cpuMs what the host did for it */
  #refuse(version: Version, intro: EventIntro, outcome: Failure, error: unknown, cpuMs = 0): Failure {
    const { account, worker, id } = version;
    const exception = error instanceof LoadRefused ? error.error : null;
    const { meter, clock } = this.#host;
    const origin = { account, worker, versionId: id, eventId: intro.number };
    if (exception !== null) {
      meter.log({
        ...origin,
        timeMs: clock.now(),
        level: "error",
        text: exception.stack || exception.message,
      });
    }
    const { kind, startedMs, method, url } = intro;
    meter.event(
      {
        ...origin,
        kind,
        startedMs,
        method,
        url,
        outcome,
        exception,
        status: kind === "fetch" ? failureResponse(outcome).status : null,
        cpuMs,
        wallMs: clock.monotonicMs() - intro.startedMonotonicMs,
        headMs: null,
        cold: true,
        subrequests: 0,
        retried: intro.retried,
      },
      intro.source,
    );
    return outcome;
  }

  #intro(request: EdgeRequest | null, source: EventSource): EventIntro {
    const { clock } = this.#host;
    return {
      number: ++this.#events,
      kind: source.kind,
      source,
      method: request?.method ?? null,
      url: request?.url ?? null,
      startedMs: clock.now(),
      startedMonotonicMs: clock.monotonicMs(),
      depth: request === null ? 0 : depthOf(request),
      invocations: request?.invocations ?? null,
      retried: false,
    };
  }
}

/** What form the client wants an answer in that no worker gave. */
function acceptOf({ headers }: EdgeRequest): string {
  return flatHeader(headers, "accept");
}

/** Egress counts the workers that a request passes, in a header. */
function depthOf({ headers }: EdgeRequest): number {
  return headers.includes(DEPTH_HEADER) ? requestDepth(flatHeader(headers, DEPTH_HEADER)) : 0;
}
