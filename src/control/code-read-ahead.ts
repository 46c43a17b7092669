import type { ControlStore } from "../storage/control-store.ts";
import type { Catalog } from "./catalog.ts";

const EVERY_MS = 10;
/** How long one step may hold the loop, in ms. */
const STEP_MS = 0.5;

/** After the host's start: reads the code of small versions that take traffic, a little at a time, before it is asked for. */
export class CodeReadAhead {
  readonly #timer: NodeJS.Timeout;

  /**
   * @param isBusy whether now is a bad moment
   * @param onFault hears what went wrong; nothing more is read then
   */
  constructor(
    catalog: Catalog,
    control: Pick<ControlStore, "readCodeAhead">,
    isBusy: () => boolean,
    onFault: (error: unknown) => void,
  ) {
    const versions = versionsOf(catalog);
    this.#timer = setInterval(() => {
      if (isBusy()) return;
      try {
        for (const untilMs = performance.now() + STEP_MS; performance.now() < untilMs;) {
          const { value, done } = versions.next();
          if (done === true || !control.readCodeAhead(value)) return this.close();
        }
      } catch (error) {
        this.close();
        onFault(error);
      }
    }, EVERY_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

function* versionsOf(catalog: Catalog): Generator<string> {
  for (const { traffic } of catalog.all())
    for (const { version } of traffic) if (version.hasCode) yield version.id;
}
