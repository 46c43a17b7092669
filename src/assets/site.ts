import type { FlatHeaders } from "../../runtime-api/contract/flat.ts";
import { headerOf, type HeaderList, readHeaders } from "../cache/flat-headers.ts";
import { answerAsset, plainAnswer, type SiteAnswer } from "./answer-asset.ts";
import { MAX_PATH_BYTES } from "./check-files.ts";
import type { ContentReader } from "./content-reader.ts";
import { decodePath, encodePath } from "./decode-path.ts";
import type { Effort } from "./effort.ts";
import { intentOf, type Intent } from "./html-handling.ts";
import type { LoadedSite, LoadedSites } from "./loaded-sites.ts";
import { type AnswerHeaders, SiteRules } from "./site-rules.ts";
import type { StoredAssets } from "./stored-assets.ts";
import { whoComesFirst } from "./worker-first.ts";
import type { NotFoundHandling } from "./worker-assets.ts";

/** Longest path that files are looked for at: three characters for each byte of a name, and what rules may lead to. */
const MAX_PATH_CHARS = 4 * MAX_PATH_BYTES;

/** A request, as far as assets need it. */
export interface SiteRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  readonly headers: FlatHeaders;
}

/** A request with what was found out of it. */
interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: HeaderList;
  readonly site: LoadedSite;
  readonly effort: Effort;
}

/** Where a request leads. */
type Way =
  | { readonly status: number; readonly location: string }
  | { readonly status: 404 | 405 }
  | Extract<Intent, { file: unknown }>
  | null;

export interface SiteParts {
  readonly sites: LoadedSites;
  readonly contents: ContentReader;
  /** Hears what a request of an account cost in the host's loop, in ms. */
  readonly spent: (account: string, tookMs: number) => void;
}

/** The static assets of one version, as they are served. */
export class Site {
  readonly #parts: SiteParts;
  readonly #account: string;
  readonly #stored: StoredAssets;
  readonly #navigationPrefersAssets: boolean;

  /** @param navigationPrefersAssets whether pages that are navigated to get what `notFoundHandling` gives, before the worker */
  constructor(parts: SiteParts, account: string, stored: StoredAssets, navigationPrefersAssets: boolean) {
    this.#parts = parts;
    this.#account = account;
    this.#stored = stored;
    this.#navigationPrefersAssets = navigationPrefersAssets;
  }

  /** Whether no request is answered before the worker was asked. */
  get isBehindWorker(): boolean {
    return this.#stored.config.runWorkerFirst === true;
  }

  /**
   * Answers a request from outside, or says that the worker is to answer it (null).
   * @param effort knows afterwards what it cost, which the account was charged
   * @throws EffortSpent; Error where what is kept is damaged
   */
  async answer(
    request: SiteRequest,
    hasWorker: boolean,
    effort: Effort = SiteRules.effort(),
  ): Promise<SiteAnswer | null> {
    if (hasWorker && this.isBehindWorker) return null;
    try {
      return await this.#answer(request, hasWorker, effort);
    } finally {
      this.#parts.spent(this.#account, effort.tookMs);
    }
  }

  /**
   * Answers a request of the worker itself, from the assets alone.
   * @throws as `answer`
   */
  async fetch(request: SiteRequest): Promise<SiteAnswer> {
    const effort = SiteRules.effort();
    try {
      const asked = await this.#read(request, effort);
      // The worker reads bodies as they are: nothing would decode a compressed form.
      return asked === null ? plainAnswer(404) : await this.#respond(asked, this.#way(asked), false);
    } finally {
      this.#parts.spent(this.#account, effort.tookMs);
    }
  }

  async #answer(request: SiteRequest, hasWorker: boolean, effort: Effort): Promise<SiteAnswer | null> {
    const { runWorkerFirst = false } = this.#stored.config;
    const asked = await this.#read(request, effort);
    if (asked === null) return hasWorker ? null : plainAnswer(404);
    const { url, headers } = asked;
    if (!hasWorker) return await this.#respond(asked, this.#way(asked), true);
    const first =
      typeof runWorkerFirst === "object"
        ? effort.timed(() => whoComesFirst(runWorkerFirst, url.pathname, effort))
        : null;
    if (first === "worker") return null;
    const keepsNotFound =
      first === "assets" ||
      typeof runWorkerFirst === "object" ||
      (this.#navigationPrefersAssets && headerOf(headers, "sec-fetch-mode") === "navigate");
    const way = this.#way(asked, keepsNotFound ? undefined : "none");
    return way === null && first === null ? null : await this.#respond(asked, way, true);
  }

  async #read({ method, url, headers }: SiteRequest, effort: Effort): Promise<Asked | null> {
    const parsed = URL.parse(url);
    if (parsed === null || parsed.pathname.length > MAX_PATH_CHARS) return null;
    const site = await this.#parts.sites.get(this.#account, this.#stored.manifest, effort);
    return { method, url: parsed, headers: readHeaders(headers) ?? [], site, effort };
  }

  /** @param notFound @default what the version says */
  #way(asked: Asked, notFound?: NotFoundHandling): Way {
    return asked.effort.timed(() => this.#find(asked, notFound));
  }

  #find({ method, url, site, effort }: Asked, notFound?: NotFoundHandling): Way {
    const { htmlHandling = "auto-trailing-slash", notFoundHandling = "none" } = this.#stored.config;
    const redirected = site.rules.redirect(url, effort);
    if (redirected !== null && "location" in redirected) return redirected;
    const pathname = redirected?.pathname ?? url.pathname;
    const path = decodePath(pathname);
    const intent = intentOf(path, {
      find: (file) => (file.length > MAX_PATH_BYTES ? null : site.manifest.find(file)),
      htmlHandling,
      // A rule that leads to what is not there is an answer all the same, and the worker has no say then.
      notFoundHandling: redirected === null ? (notFound ?? notFoundHandling) : notFoundHandling,
    });
    if (intent === null) return redirected === null ? null : { status: 404 };
    if (method !== "GET" && method !== "HEAD") return { status: 405 };
    const wanted = encodePath("redirect" in intent ? intent.redirect : path);
    if ("redirect" in intent || wanted !== pathname) return { status: 307, location: wanted + url.search };
    return intent;
  }

  async #respond(asked: Asked, way: Way, compresses: boolean): Promise<SiteAnswer> {
    const { method, url, headers, site, effort } = asked;
    const finish = (list: AnswerHeaders): AnswerHeaders =>
      effort.timed(() => site.rules.apply(url, list, effort));
    if (way === null || !("file" in way)) {
      const { status } = way ?? { status: 404 };
      const location = way !== null && "location" in way ? way.location : undefined;
      return plainAnswer(status, finish(location === undefined ? [] : [["location", location]]));
    }
    return await answerAsset({
      method,
      headers,
      ...way,
      manifest: site.manifest,
      compresses,
      finish,
      read: (file, start, end) => this.#parts.contents.read(this.#account, file, start, end),
    });
  }
}
