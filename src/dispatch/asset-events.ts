import type { Turnstile } from "../admission/turnstile.ts";
import { EffortSpent } from "../assets/effort.ts";
import type { SiteAnswer } from "../assets/answer-asset.ts";
import { SiteRules } from "../assets/site-rules.ts";
import type { Site } from "../assets/site.ts";
import type { Outcome } from "../outcome/outcome.ts";
import type { Version } from "../versions/version.ts";
import type { EdgeRequest, EdgeResponse } from "./edge.ts";
import type { EventHost, EventIntro } from "./event-host.ts";
import { type StreamEnd, watched } from "./watched-stream.ts";

/** What is recorded of an answer whose head was sent; a content that breaks is no fault of the client's. */
const OUTCOMES: Readonly<Record<StreamEnd, Outcome>> = {
  read: "ok",
  failed: "internalError",
  cancelled: "canceled",
};

/** How many events wait or run is counted elsewhere. */
interface EventCount {
  began(): void;
  over(): void;
}

/** A request that was refused or failed. */
export interface AssetFailure {
  readonly failed: Exclude<Outcome, "ok">;
  /** What it cost, in ms. */
  readonly cpuMs: number;
}

/**
 * Answers requests from static assets, which wakes no isolate. Such a request has a place in its account and its turn
 * beside other accounts as any other has, and a record.
 */
export class AssetEvents {
  readonly #host: EventHost;
  readonly #turnstile: Turnstile;
  readonly #count: EventCount;

  constructor(host: EventHost, turnstile: Turnstile, count: EventCount) {
    this.#host = host;
    this.#turnstile = turnstile;
    this.#count = count;
  }

  /** @returns null: the worker is to answer; a failure is not recorded yet */
  async answer(
    version: Version,
    site: Site,
    request: EdgeRequest,
    intro: EventIntro,
  ): Promise<EdgeResponse | AssetFailure | null> {
    const { hasCode, limits, account } = version;
    if ((hasCode && site.isBehindWorker) || (request.entry?.name ?? "") !== "") return null;
    const { admission } = this.#host;
    const load = admission.loadOf(account);
    const refusal = admission.enter(load, limits.accountConcurrency);
    if (refusal !== null) return { failed: refusal, cpuMs: 0 };
    this.#count.began();
    const leave = (): void => {
      admission.leave(load);
      this.#count.over();
    };
    const effort = SiteRules.effort();
    let isSending = false;
    try {
      const turn = this.#turnstile.pass(load);
      if (turn !== undefined) await turn;
      const answer = await site.answer(request, hasCode, effort);
      if (answer === null) return null;
      if (request.body instanceof ReadableStream) request.body.cancel("assets take no body").catch(() => {});
      const headMs = this.#host.clock.monotonicMs() - intro.startedMonotonicMs;
      const costs = { headMs, cpuMs: effort.tookMs };
      const over = (outcome: Outcome): void => this.#record(version, intro, answer, outcome, costs);
      if (!(answer.body instanceof ReadableStream)) {
        over("ok");
        return { ...answer, statusText: "", outcome: "ok" };
      }
      isSending = true;
      const body = watched(
        answer.body,
        () => {},
        (end) => {
          leave();
          over(OUTCOMES[end]);
        },
      );
      return { ...answer, statusText: "", body, outcome: "ok" };
    } catch (error) {
      if (error instanceof EffortSpent) return { failed: "exceededCpu", cpuMs: effort.tookMs };
      this.#host.internal(error);
      return { failed: "internalError", cpuMs: effort.tookMs };
    } finally {
      if (!isSending) leave();
    }
  }

  #record(
    { account, worker, id }: Version,
    { number, startedMs, startedMonotonicMs, method, url, source }: EventIntro,
    { status }: SiteAnswer,
    outcome: Outcome,
    costs: { readonly headMs: number; readonly cpuMs: number },
  ): void {
    const { meter, clock } = this.#host;
    meter.event(
      {
        account,
        worker,
        versionId: id,
        eventId: number,
        kind: "fetch",
        startedMs,
        outcome,
        status,
        method,
        url,
        ...costs,
        wallMs: clock.monotonicMs() - startedMonotonicMs,
        cold: false,
        subrequests: 0,
        retried: false,
        exception: null,
        isAsset: true,
      },
      source,
    );
  }
}
