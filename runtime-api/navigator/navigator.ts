import { fetch } from "../fetch/fetch.ts";
import { Request } from "../fetch/request.ts";
import type { BodyInit } from "../fetch/extract-body.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { objectFreeze } from "../primordials/object.ts";
import { URL } from "../url/url.ts";
import { requireArguments } from "../webidl/arguments.ts";
import { toWellFormedText } from "../webidl/convert.ts";
import { waitUntilCurrent } from "../worker/execution-context.ts";

const LANGUAGES: readonly string[] = objectFreeze(["en"]);

let constructing = false;

/**
 * `navigator`: says what libraries look for to know that they run in a worker on the edge. Nothing of it tells
 * of the machine below.
 */
export class Navigator {
  #brand = true;

  constructor() {
    if (!constructing) throw new TypeErrorOf("Illegal constructor");
  }
  get userAgent(): string {
    void this.#brand;
    return "Cloudflare-Workers";
  }
  get platform(): string {
    void this.#brand;
    return "Linux";
  }
  get hardwareConcurrency(): number {
    void this.#brand;
    return 1;
  }
  get language(): string {
    void this.#brand;
    return LANGUAGES[0] as string;
  }
  get languages(): readonly string[] {
    void this.#brand;
    return LANGUAGES;
  }

  /**
   * Sends `data` by POST, and keeps the event alive until it has gone. What the other side answers, or that it
   * does not, nobody learns. Beacon, 4.
   * @returns true: it was accepted for sending
   * @throws TypeError for a URL that does not parse or is not of HTTP
   */
  sendBeacon(url: string | URL, data: BodyInit | null = null): boolean {
    void this.#brand;
    requireArguments("'sendBeacon' on 'Navigator'", arguments.length, 1);
    const target = new URL(toWellFormedText(url));
    if (target.protocol !== "https:" && target.protocol !== "http:")
      throw new TypeErrorOf(
        `Failed to execute 'sendBeacon' on 'Navigator': "${target.protocol}" is not HTTP.`,
      );
    waitUntilCurrent(sent(new Request(target, { method: "POST", body: data, keepalive: true })));
    return true;
  }
}

async function sent(request: Request): Promise<void> {
  try {
    const { body } = await fetch(request);
    await body?.cancel();
  } catch {
    // A beacon that is lost is lost.
  }
}

constructing = true;
/** The only instance. */
export const navigator: Navigator = new Navigator();
constructing = false;
