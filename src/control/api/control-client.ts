import type { QuarantineEntry } from "../../admission/quarantine.ts";
import { SkerryError } from "../../errors/skerry-error.ts";
import type { WorkerUpload } from "../../host-options.ts";
import type { AssetControl } from "../asset-control.ts";
import type { HostStorage } from "../../storage/host-storage.ts";
import type { AuditFilter } from "../audit-filter.ts";
import type { AuditEntry, AuditPage, TokenInfo, TokenRequest } from "../token-control.ts";
import type { TailItem } from "../../meter/tail-feed.ts";
import { NoRunningHost, type ControlAccess } from "./control-access.ts";
import { uploadToJson } from "./upload-json.ts";

/** Speaks to the control API of a running host. Errors of the host are thrown as they were there. */
export class ControlClient {
  readonly #access: ControlAccess;

  constructor(access: ControlAccess) {
    this.#access = access;
  }

  /** @throws SkerryError what the host's `deploy` throws; `NO_RUNNING_HOST` if it does not answer. */
  async deploy(upload: WorkerUpload): Promise<{ account: string; name: string; versionId: string }> {
    const response = await this.#ask("POST", "/v1/workers", uploadToJson(upload));
    return (await response.json()) as { account: string; name: string; versionId: string };
  }

  /** @throws SkerryError `NO_SUCH_WORKER`, `NO_RUNNING_HOST`. */
  async delete(name: string): Promise<void> {
    await this.#ask("DELETE", `/v1/workers/${encodeURIComponent(name)}`);
  }

  /** @throws SkerryError `INVALID_TOKEN_REQUEST`, `NO_RUNNING_HOST`. */
  async createToken(request: TokenRequest): Promise<{ token: string; info: TokenInfo }> {
    const response = await this.#ask("POST", "/v1/tokens", JSON.stringify(request));
    return (await response.json()) as { token: string; info: TokenInfo };
  }

  /** @throws SkerryError `NO_RUNNING_HOST`. */
  async tokens(): Promise<TokenInfo[]> {
    const response = await this.#ask("GET", "/v1/tokens");
    return ((await response.json()) as { tokens: TokenInfo[] }).tokens;
  }

  /** @throws SkerryError `NO_SUCH_TOKEN`, `NO_RUNNING_HOST`. */
  async revokeToken(id: string): Promise<void> {
    await this.#ask("DELETE", `/v1/tokens/${encodeURIComponent(id)}`);
  }

  /**
   * Notes of the audit, which are asked for page by page.
   * @throws SkerryError `INVALID_AUDIT_FILTER`, `NO_RUNNING_HOST`.
   */
  async *audit(
    filter: AuditFilter & { readonly limit: number },
  ): AsyncGenerator<AuditEntry, void, undefined> {
    let { before, limit } = filter;
    while (limit > 0) {
      const given = Object.entries({ ...filter, before, limit }).filter(([, value]) => value !== undefined);
      const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
      const response = await this.#ask("GET", `/v1/audit?${query.toString()}`);
      const { entries, next } = (await response.json()) as AuditPage;
      yield* entries;
      if (next === null) return;
      before = next;
      limit -= entries.length;
    }
  }

  /** @throws SkerryError `NO_RUNNING_HOST`. */
  async quarantine(): Promise<QuarantineEntry[]> {
    const response = await this.#ask("GET", "/v1/quarantine");
    return ((await response.json()) as { workers: QuarantineEntry[] }).workers;
  }

  /** @throws SkerryError `NO_RUNNING_HOST`. */
  async storage(): Promise<HostStorage> {
    return (await (await this.#ask("GET", "/v1/storage")).json()) as HostStorage;
  }

  /** @throws SkerryError `NOT_QUARANTINED`, `NO_RUNNING_HOST`. */
  async liftQuarantine(name: string, account?: string): Promise<void> {
    const of = account === undefined ? "" : `?account=${encodeURIComponent(account)}`;
    await this.#ask("DELETE", `/v1/quarantine/${encodeURIComponent(name)}${of}`);
  }

  /** @throws SkerryError what `SecretControl.put` throws; `NO_RUNNING_HOST`. */
  async putSecret(worker: string, name: string, value: string, account?: string): Promise<void> {
    await this.#ask("PUT", secretPath(worker, account, name), value);
  }

  /** @throws SkerryError `NO_SUCH_WORKER`, `NO_SUCH_SECRET`, `NO_RUNNING_HOST`. */
  async deleteSecret(worker: string, name: string, account?: string): Promise<void> {
    await this.#ask("DELETE", secretPath(worker, account, name));
  }

  /** @throws SkerryError `NO_SUCH_WORKER`, `NO_RUNNING_HOST`. */
  async listSecrets(worker: string, account?: string): Promise<string[]> {
    const response = await this.#ask("GET", secretPath(worker, account));
    return ((await response.json()) as { names: string[] }).names;
  }

  /** @throws SkerryError what `SecretControl.rotate` throws; `NO_RUNNING_HOST`. */
  async rotateSecrets(): Promise<{ keyId: string; count: number }> {
    const response = await this.#ask("POST", "/v1/secrets/rotate");
    return (await response.json()) as { keyId: string; count: number };
  }

  /**
   * Events of a worker as they end, until the host does.
   * @throws SkerryError `NO_SUCH_WORKER`, `NO_RUNNING_HOST`.
   */
  async *tail(name: string, account: string | undefined): AsyncGenerator<TailItem, void, undefined> {
    const query = account === undefined ? "" : `?account=${encodeURIComponent(account)}`;
    const { body } = await this.#ask("GET", `/v1/workers/${encodeURIComponent(name)}/tail${query}`);
    const decoder = new TextDecoder();
    let rest = "";
    for await (const bytes of body ?? []) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") yield JSON.parse(line) as TailItem;
    }
  }

  /** Puts contents of static assets. Both throw what the host does, and `NO_RUNNING_HOST`. */
  readonly assets: Pick<AssetControl, "missing" | "put"> = {
    missing: async (account, files) => {
      const path = `/v1/assets/missing?account=${encodeURIComponent(account)}`;
      const response = await this.#ask("POST", path, JSON.stringify(files));
      return ((await response.json()) as { missing: string[] }).missing;
    },
    put: async (account, hash, content, contentType) => {
      const pieces = content instanceof Uint8Array ? [content] : await Array.fromAsync(content);
      const type = contentType === null ? "" : `&type=${encodeURIComponent(contentType)}`;
      const path = `/v1/assets/${encodeURIComponent(hash)}?account=${encodeURIComponent(account)}${type}`;
      const response = await this.#ask("PUT", path, Uint8Array.from(Buffer.concat(pieces)));
      return (await response.json()) as { sizeBytes: number };
    },
  };

  /** Where Cloudflare's API is answered. */
  get cloudflareUrl(): string {
    const { publicUrl, url } = this.#access;
    return `${publicUrl ?? url}/client/v4`;
  }

  async #ask(method: string, path: string, body?: string | Uint8Array<ArrayBuffer>): Promise<Response> {
    const { url, token } = this.#access;
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const response = await fetch(url + path, { method, headers, ...(body !== undefined && { body }) }).catch(
      () => {
        throw new NoRunningHost(`the host at ${url} does not answer; is it still running?`);
      },
    );
    if (response.ok) return response;
    const answer = (await response.json().catch(() => ({}))) as {
      error?: { code?: string; message?: string };
    };
    throw new SkerryError(
      answer.error?.code ?? "CONTROL_FAILED",
      answer.error?.message ?? `status ${response.status}`,
    );
  }
}

function secretPath(worker: string, account: string | undefined, name?: string): string {
  const secret = name === undefined ? "" : `/${encodeURIComponent(name)}`;
  const query = account === undefined ? "" : `?account=${encodeURIComponent(account)}`;
  return `/v1/workers/${encodeURIComponent(worker)}/secrets${secret}${query}`;
}
