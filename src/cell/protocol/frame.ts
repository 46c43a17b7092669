/** Version of the frames; both ends are of one build, so any other is a violation. */
export const FRAME_VERSION = 1;
/** Length (4, little-endian, of what follows it), version, type. */
export const HEADER_BYTES = 6;

/** Types of frames between a host and a process cell, with their values. */
export const Frame = {
  /** host: `versionKey, script, codeCache | null, count, ...(name, kind, value)` */
  putCode: 1,
  /** host: `versionKey` */
  dropCode: 2,
  /** host: `isolate, versionKey, memoryMb, cpuMs, startupCpuMs, account, weight, configJson` */
  load: 3,
  /** host: `isolate, ...(event, type, ...fields)` */
  deliver: 4,
  /** host: `isolate` */
  dispose: 5,
  /** host: `request` */
  stats: 6,
  /** host: `request, isolate` */
  makeCodeCache: 7,
  /** host: `request`; answered at once by `pong`, to show that the child's loop runs */
  ping: 8,
  /** host: `...(account, usPerMs)`: the pace of accounts; who is not named has none */
  pace: 9,
  /** host: `isolate, memoryMb`: its `load` follows, or `dispose` */
  expect: 10,

  /** child: no values; it can take loads */
  ready: 64,
  /** child: `isolate, spare, claimMs, compileMs, evaluateMs, cpuMs, codeCache, ...handlers` */
  loaded: 65,
  /** child: `isolate, reason, name, message, stack` */
  failed: 66,
  /** child: `isolate, ...events`: an entry is about to begin; only where it cannot be written to a file */
  enter: 67,
  /** child: `isolate, ...(type, event, ...fields)`: a part of a turn's output */
  output: 68,
  /** child: `isolate, count, ...(event, cpuUs), ...(type, event, ...fields)`: the turn is over, the rest of its output */
  leave: 69,
  /** child: `isolate, cause, event, message, ...started` */
  lost: 70,
  /** child: `reason, isolate, versionKey, message` */
  catastrophic: 71,
  /** child: `request, rssBytes, spares, ...(isolate, heapBytes, externalBytes, cpuMs)` */
  statsAnswer: 72,
  /** child: `request, bytes | null` */
  codeCache: 73,
  /** child: `request` */
  pong: 74,
  /** child: `isolate, ...(event, cpuUs)`: what events have cost, while a turn goes on or after it was cut */
  charged: 75,
} as const;
