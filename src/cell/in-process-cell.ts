// oxlint-disable-next-line no-restricted-imports -- one of the two places that may
import { IsolateHub } from "../isolate/isolate-hub.ts";
import type { InMessage } from "../../runtime-api/contract/in.ts";
import type { AccountPace, Cell, CellListener, CellStats, LoadRequest, LoadResult } from "./cell.ts";
import type { InProcessCellOptions } from "./cell-options.ts";
import { CellCore } from "./core/cell-core.ts";
import type { VersionCode } from "./version-code.ts";

/**
 * A cell in the host's own process: for development, tests and embedding. What cannot be stopped is only
 * reported, since ending it would end the host.
 */
export class InProcessCell implements Cell {
  readonly kind = "in-process";
  readonly pid: number = process.pid;
  /** What it uses is the host's own. */
  readonly cpuMs = 0;
  readonly #core: CellCore;

  constructor(options: InProcessCellOptions, listener: CellListener) {
    this.#core = new CellCore(new IsolateHub(options), listener);
  }

  ready(): Promise<void> {
    return this.#core.ready();
  }

  putCode(versionKey: string, code: VersionCode): void {
    this.#core.putCode(versionKey, code);
  }

  dropCode(versionKey: string): void {
    this.#core.dropCode(versionKey);
  }

  expect(isolate: number, memoryMb: number): void {
    this.#core.expect(isolate, memoryMb);
  }

  load(request: LoadRequest): Promise<LoadResult> {
    return new Promise((resolve) => void this.#core.load(request, resolve));
  }

  deliver(isolate: number, messages: readonly InMessage[]): void {
    this.#core.deliver(isolate, messages);
  }

  dispose(isolate: number): void {
    this.#core.dispose(isolate);
  }

  pace(paces: readonly AccountPace[]): void {
    this.#core.pace(paces);
  }

  makeCodeCache(isolate: number): Promise<Uint8Array | null> {
    return this.#core.makeCodeCache(isolate);
  }

  stats(): Promise<CellStats> {
    return this.#core.stats();
  }

  close(): Promise<void> {
    return this.#core.close();
  }
}
