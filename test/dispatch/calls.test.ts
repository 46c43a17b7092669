import { test } from "uvu";
import * as assert from "uvu/assert";
import { BodyKind, type Flat } from "../../runtime-api/contract/flat.ts";
import { In, type InMessage } from "../../runtime-api/contract/in.ts";
import type { Binding, CallContext } from "../../src/bindings/binding.ts";
import { connectWithin } from "../../src/bindings/service/follow-request.ts";
import { Calls } from "../../src/dispatch/calls.ts";
import { EventSockets } from "../../src/dispatch/event-sockets.ts";
import { InboundStreams } from "../../src/dispatch/inbound-streams.ts";
import { OutboundStreams } from "../../src/dispatch/outbound-streams.ts";
import { DEFAULT_LIMITS } from "../../src/limits/defaults.ts";
import type { Version } from "../../src/versions/version.ts";
import { socketPair } from "../../src/websocket/socket-pair.ts";

interface Made {
  readonly calls: Calls;
  readonly inbound: InboundStreams;
  readonly sent: InMessage[];
  readonly faults: unknown[];
  readonly sockets: EventSockets;
}

/** The calls of an event whose version has one binding. */
function make(call: Binding["call"]): Made {
  const sent: InMessage[] = [];
  const faults: unknown[] = [];
  const send = (message: InMessage): void => void sent.push(message);
  const progress = (): void => {};
  const inbound = new InboundStreams(7, send, progress);
  const outbound = new OutboundStreams(7, send, progress);
  const sockets = new EventSockets({ event: 7, maxMessageBytes: 1_000, send, progress, refresh: progress });
  const version = { account: "a", worker: "w", id: "v", limits: DEFAULT_LIMITS, bindings: [{ call }] };
  const calls = new Calls({
    event: 7,
    version: version as unknown as Version,
    isolate: { whenGone: () => {}, goStale: () => {} },
    intro: { depth: 0, invocations: null },
    inbound: () => inbound,
    outbound: () => outbound,
    sockets: () => sockets,
    send,
    progress,
    internal: (error) => void faults.push(error),
  });
  return { calls, inbound, sent, faults, sockets };
}

const settled = async (): Promise<void> => await new Promise((resolve) => setTimeout(resolve, 5));

test("a stream that comes after its call was withdrawn is cancelled and not kept", async () => {
  const late = Promise.withResolvers<void>();
  const reasons: unknown[] = [];
  const thrown: string[] = [];
  const { calls, inbound, sent, faults } = make(async (_op, _args, context) => {
    await late.promise;
    const source = new ReadableStream<Uint8Array>({ cancel: (reason) => void reasons.push(String(reason)) });
    try {
      return [BodyKind.stream, context.openStream(source)];
    } catch (error) {
      thrown.push((error as Error).message);
      throw error;
    }
  });
  calls.start(1, 0, "op", []);
  calls.cancelAll();
  late.resolve();
  await settled();
  assert.equal(reasons, ["AbortError: the worker withdrew the call"]);
  assert.equal(thrown, ["The call was withdrawn"]);
  assert.is(inbound.isUntouched(2), false);
  assert.equal([sent, faults], [[], []]);
});

test("a stream of a call that is still wanted is opened", async () => {
  const { calls, inbound, sent } = make((_op, _args, context) =>
    Promise.resolve([BodyKind.stream, context.openStream(new ReadableStream())]),
  );
  calls.start(1, 0, "op", []);
  await settled();
  assert.is(inbound.isUntouched(2), true);
  assert.is(sent[0]?.type, In.reply);
});

test("a WebSocket that comes after its call was withdrawn is ended, and who made it is told", async () => {
  const late = Promise.withResolvers<void>();
  const closed: unknown[] = [];
  const { calls, faults } = make(async (_op, _args, context) => {
    await late.promise;
    const [theirs, ours] = socketPair(1_000, 1_000);
    theirs.start({
      message: () => {},
      part: () => {},
      sent: () => {},
      closed: (...how) => void closed.push(how),
    });
    return [BodyKind.socket, context.openSocket(ours)];
  });
  calls.start(1, 0, "op", []);
  calls.cancel(1);
  late.resolve();
  await settled();
  assert.equal(closed, [[1006, "", false]]);
  assert.equal(faults, []);
});

test("a worker whose WebSocket nobody takes any more is told that it is refused", async () => {
  const late = Promise.withResolvers<void>();
  const told: string[] = [];
  const answer = async (
    _op: string,
    _args: readonly Flat[],
    context: CallContext,
  ): Promise<readonly Flat[]> =>
    await connectWithin(["http://x/", "", false], context, async () => {
      await late.promise;
      const socket = {
        maxMessageBytes: 1_000,
        connect: () => void told.push("connected"),
        refuse: () => void told.push("refused"),
      };
      return { status: 101, statusText: "", headers: "", body: null, socket };
    });
  const { calls, faults } = make(answer);
  calls.start(1, 0, "connect", []);
  calls.cancel(1);
  late.resolve();
  await settled();
  assert.equal(told, ["refused"]);
  assert.equal(faults, []);
});

test.run();
