import { mostCodeCacheBytes } from "../cell/protocol/frame-bounds.ts";
import { VERSION_SCRIPT_NAME } from "../cell/version-code.ts";
import type { LiveIsolate } from "./live-isolate.ts";

/** Makes the code cache of an isolate's script; null where V8 makes none, or a larger one than is handed over. */
export async function makeCodeCache(live: LiveIsolate): Promise<Uint8Array | null> {
  const { spare, script } = live;
  const made = (await live.track(
    spare.isolate.compileScript(script, { filename: VERSION_SCRIPT_NAME, produceCachedData: true }),
  )) as { readonly cachedData?: { copy(): ArrayBuffer } };
  if (made.cachedData === undefined) return null;
  const bytes = new Uint8Array(made.cachedData.copy());
  return bytes.length > mostCodeCacheBytes(script) ? null : bytes;
}
