import type * as CacheApi from "./cache/expose-cache.ts";
import type * as Keys from "./crypto/crypto-key.ts";
import { digestStreamPart, keysPart, subtlePart } from "./crypto/crypto-parts.ts";
import { defineLazily } from "./globals/lazy.ts";
import type * as Compression from "./compression/expose-compression.ts";
import type * as TextStreams from "./encoding/expose-text-streams.ts";
import type * as EventSourcePart from "./event-source/expose-event-source.ts";
import type * as RareEvents from "./events/expose-rare-events.ts";
import type * as FileReaders from "./file-reader/expose-file-reader.ts";
import type * as Forms from "./form-data/forms.ts";
import { forms } from "./form-data/late-forms.ts";
import { withPristine } from "./globals/pristine.ts";
import type * as Rewriter from "./html-rewriter/expose-html-rewriter.ts";
import type * as IntlMemory from "./intl/expose-intl.ts";
import type * as Messaging from "./messaging/expose-messaging.ts";
import type * as NavigatorPart from "./navigator/expose-navigator.ts";
import { partScript } from "./parts/part-script.ts";
import type * as PerformancePart from "./performance/expose-performance.ts";
import { entryClasses } from "./worker/late-entry-classes.ts";
import { emails } from "./email/late-email.ts";
import { plugIns } from "./plug-in/late-plug-in.ts";
import { rateLimits } from "./rate-limit/late-rate-limit.ts";
import type * as SchedulerPart from "./scheduler/scheduler.ts";
import type * as IdentityStreams from "./streams/expose-identity-streams.ts";
import type * as Streams from "./streams/expose-streams.ts";
import { STREAM_NAMES } from "./streams/stream-names.ts";
import { streams } from "./streams/stream-state.ts";
import type * as WebSockets from "./websocket/expose-web-sockets.ts";
import { setSocketLoader } from "./websocket/socket-hooks.ts";
import { dataDescriptor, objectDefineProperty } from "./primordials/object.ts";
import type * as UrlPattern from "./url-pattern/expose-url-pattern.ts";
import { setRejectionTeller } from "./worker/floating-rejections.ts";
import { tailEvents } from "./worker/late-tail-event.ts";
import type * as TailEvents from "./worker/tail-event.ts";
import { setErrorTeller } from "./worker/io-face.ts";
import type * as UncaughtError from "./worker/uncaught-error.ts";
import type * as UnhandledRejection from "./worker/unhandled-rejection.ts";
import type * as Wasm from "./wasm/expose-web-assembly.ts";
import "./intl/native.ts";
import "./primordials/regexp.ts";
import "./wasm/native.ts";

const WEB_SOCKETS = ["WebSocket", "WebSocketPair", "WebSocketRequestResponsePair", "CloseEvent"];

/*
 * The bundler turns each `require` of a file into a call that evaluates it, and whatever only it imports, when
 * it is first made; what other files import too stays shared. So this file works in the bundle only: tests
 * of a part import the part.
 */
declare function require(path: string): unknown;

/*
 * The texts of late parts are not in the image but for short ones: what makes the image cuts them out, and has it ask
 * for them by this object, which is its own (`src/isolate/cut-late-parts.ts`).
 */
declare const skerryLate: { text(name: string): string };

const PERFORMANCE_NAMES = [
  "Performance",
  "PerformanceEntry",
  "PerformanceMark",
  "PerformanceMeasure",
  "PerformanceObserver",
  "PerformanceObserverEntryList",
];

/** Defines the globals that most workers never touch: their code is in the image, but does not run. */
export function exposeLazyGlobals(global: object): void {
  defineLazily(global, STREAM_NAMES, (target) =>
    (require("./streams/expose-streams.ts") as typeof Streams).exposeStreams(target),
  );
  defineLazily(global, ["Blob", "File", "FormData"], (target) =>
    (require("./form-data/forms.ts") as typeof Forms).exposeForms(target),
  );
  defineLazily(global, ["URLPattern"], (target) =>
    (require("./url-pattern/expose-url-pattern.ts") as typeof UrlPattern).exposeUrlPattern(target),
  );
  defineLazily(global, ["FileReader", "ProgressEvent"], (target) =>
    (require("./file-reader/expose-file-reader.ts") as typeof FileReaders).exposeFileReader(target),
  );
  defineLazily(global, ["CompressionStream", "DecompressionStream"], (target) =>
    (require("./compression/expose-compression.ts") as typeof Compression).exposeCompression(target),
  );
  defineLazily(global, ["TextEncoderStream", "TextDecoderStream"], (target) =>
    (require("./encoding/expose-text-streams.ts") as typeof TextStreams).exposeTextStreams(target),
  );
  const exposePerformance = (target: object): void =>
    (require("./performance/expose-performance.ts") as typeof PerformancePart).exposePerformance(target);
  defineLazily(global, PERFORMANCE_NAMES, exposePerformance);
  defineLazily(global, ["performance"], exposePerformance, true);
  const exposeNavigator = (target: object): void =>
    (require("./navigator/expose-navigator.ts") as typeof NavigatorPart).exposeNavigator(target);
  defineLazily(global, ["Navigator"], exposeNavigator);
  defineLazily(global, ["navigator"], exposeNavigator, true);
  defineLazily(
    global,
    ["scheduler"],
    (target) => (require("./scheduler/scheduler.ts") as typeof SchedulerPart).exposeScheduler(target),
    true,
  );
  defineLazily(global, ["CustomEvent", "ErrorEvent", "MessageEvent", "PromiseRejectionEvent"], (target) =>
    (require("./events/expose-rare-events.ts") as typeof RareEvents).exposeRareEvents(target),
  );
  defineLazily(global, ["TailEvent", "TraceEvent"], (target) =>
    (require("./worker/tail-event.ts") as typeof TailEvents).exposeTailEvents(target),
  );
  defineLazily(global, ["EventSource"], (target) =>
    (require("./event-source/expose-event-source.ts") as typeof EventSourcePart).exposeEventSource(target),
  );
  defineLazily(global, ["MessageChannel", "MessagePort", "BroadcastChannel"], (target) =>
    (require("./messaging/expose-messaging.ts") as typeof Messaging).exposeMessaging(target),
  );
  defineLazily(global, ["IdentityTransformStream", "FixedLengthStream"], (target) =>
    (require("./streams/expose-identity-streams.ts") as typeof IdentityStreams).exposeIdentityStreams(target),
  );
  defineLazily(global, ["HTMLRewriter"], (target) =>
    (require("./html-rewriter/expose-html-rewriter.ts") as typeof Rewriter).exposeHTMLRewriter(target),
  );
  defineLazily(global, ["WebAssembly"], (target) =>
    (require("./wasm/expose-web-assembly.ts") as typeof Wasm).exposeWebAssembly(target),
  );
  defineLazily(global, ["Intl"], (target) =>
    (require("./intl/expose-intl.ts") as typeof IntlMemory).exposeIntl(target),
  );
  const cacheApi = (): typeof CacheApi => require("./cache/expose-cache.ts") as typeof CacheApi;
  defineLazily(global, ["Cache", "CacheStorage"], (target) => cacheApi().exposeCacheInterfaces(target));
  defineLazily(global, ["caches"], (target) => cacheApi().exposeCaches(target), true);
  defineLazily(global, WEB_SOCKETS, (target) =>
    (require("./websocket/expose-web-sockets.ts") as typeof WebSockets).exposeWebSockets(target),
  );
  defineLazily(global, ["SubtleCrypto"], (target) =>
    objectDefineProperty(target, "SubtleCrypto", dataDescriptor(subtlePart.get().SubtleCrypto, false)),
  );
  defineLazily(global, ["CryptoKey"], (target) => {
    const { CryptoKey } = require("./crypto/crypto-key.ts") as typeof Keys;
    objectDefineProperty(target, "CryptoKey", dataDescriptor(CryptoKey, false));
  });
}

/** Says where the parts are that the runtime itself needs now and then. */
export function setPartLoaders(): void {
  skerryLate.text = partScript;
  subtlePart.loadBy(() => void require("./crypto/subtle-crypto.ts"));
  keysPart.loadBy(() => void require("./crypto/subtle/methods.ts"));
  digestStreamPart.loadBy(() => void require("./crypto/digest-stream.ts"));
  streams.loadBy(() => void require("./streams/stream-classes.ts"));
  forms.loadBy(() => void require("./form-data/forms.ts"));
  tailEvents.loadBy(() => void require("./worker/tail-event.ts"));
  entryClasses.loadBy(() => void require("./worker/entry-classes.ts"));
  emails.loadBy(() => void require("./email/email-message.ts"));
  plugIns.loadBy(() => void require("./plug-in/plug-in-binding.ts"));
  rateLimits.loadBy(() => void require("./rate-limit/rate-limit.ts"));
  setErrorTeller((thrown) =>
    withPristine(() => require("./worker/uncaught-error.ts") as typeof UncaughtError).tellOfError(thrown),
  );
  setSocketLoader(() => void withPristine(() => require("./websocket/expose-web-sockets.ts")));
  setRejectionTeller((name, message, stack) =>
    withPristine(
      () => require("./worker/unhandled-rejection.ts") as typeof UnhandledRejection,
    ).dispatchRejection(name, message, stack),
  );
}
