/** A case that other tests assert. */
export interface TestedElsewhere {
  readonly number: number;
  readonly name: string;
  readonly file: string;
  /** A part of the test's title, as it stands in the file. */
  readonly title: string;
}

/** Cases that need clients, origins, files or dying processes more than they need a neighbour. */
export const TESTED_ELSEWHERE: readonly TestedElsewhere[] = [
  {
    number: 19,
    name: "keys of an isolate that is gone",
    file: "test/bindings/crypto/crypto-service.test.ts",
    title: "forgets keys that are freed, and all of them when the isolate goes",
  },
  {
    number: 20,
    name: "the namespaces of another account",
    file: "test/end-to-end/hostile.test.ts",
    title: "two accounts with the same namespace id see nothing of each other",
  },
  {
    number: 21,
    name: "a forged code cache",
    file: "test/versions/code-cache.test.ts",
    title: "load refuses and removes a file that was changed, cut, or moved to another script's place",
  },
  {
    number: 27,
    name: "headers by which a client passes for another",
    file: "test/http/requests.test.ts",
    title: "strips every header by which a client could pass for the host or a proxy",
  },
  {
    number: 28,
    name: "the host's own ports, the control API's included",
    file: "test/egress/own-ports.test.ts",
    title: "OwnPorts",
  },
  {
    number: 73,
    name: "uploads beyond the limit, by length and by counting",
    file: "test/http/listen-http.test.ts",
    title: "refuses a body that is too large by counting, and aborts the event",
  },
  {
    number: 85,
    name: "fetches in a circle",
    file: "test/egress/egress.test.ts",
    title: "ends a loop through workers",
  },
  {
    number: 86,
    name: "hundreds of spellings of addresses, and names that change their mind",
    file: "test/egress/spellings.test.ts",
    title: "test(",
  },
  {
    number: 90,
    name: "origins that misbehave",
    file: "test/egress/egress.test.ts",
    title: "gives up on origins that misbehave",
  },
  {
    number: 90,
    name: "bombs, and bodies without end",
    file: "test/egress/body-bounds.test.ts",
    title: "test(",
  },
  {
    number: 101,
    name: "requests with two readings",
    file: "test/http/malformed.test.ts",
    title: "listenHttp() refuses",
  },
  {
    number: 102,
    name: "slow clients of every kind",
    file: "test/http/abuse.test.ts",
    title: "closes every kind of slow client in time, in silence",
  },
  { number: 104, name: "odd hosts", file: "test/http/requests.test.ts", title: "the same every time" },
  { number: 106, name: "what is no HTTP/1.1", file: "test/http/malformed.test.ts", title: "TLS hello" },
  {
    number: 107,
    name: "expectations and upgrades",
    file: "test/http/requests.test.ts",
    title: "answers an expectation without a body, and refuses one that it does not know",
  },
  { number: 108, name: "methods", file: "test/http/requests.test.ts", title: "as it is meant" },
  {
    number: 109,
    name: "bodies where there may be none",
    file: "test/http/listen-http.test.ts",
    title: "sends no body with HEAD, 204, 205 and 304",
  },
  {
    number: 111,
    name: "WebSocket frames that break the protocol",
    file: "test/websocket/frame-reader.test.ts",
    title: "refuses what RFC 6455 does not allow, and reads nothing after it",
  },
  {
    number: 111,
    name: "clients that break the protocol at random",
    file: "test/end-to-end/hostile-sockets.test.ts",
    title: "clients that break the protocol at random break nothing else",
  },
  {
    number: 113,
    name: "clients that go away",
    file: "test/end-to-end/http.test.ts",
    title: "a client that goes away aborts request.signal",
  },
  {
    number: 115,
    name: "lengths that lie",
    file: "test/http/abuse.test.ts",
    title: "ends uploads whose Content-Length lies",
  },
  {
    number: 132,
    name: "keys, times and metadata of KV",
    file: "test/bindings/kv/kv-binding.test.ts",
    title: "KV keys follow the rules of Workers KV, in its words",
  },
  {
    number: 134,
    name: "cursors and pages of lists",
    file: "test/bindings/kv/kv-list.test.ts",
    title: "KV list refuses cursors that are forged, damaged, or of another list",
  },
  {
    number: 94,
    name: "cron triggers for every second",
    file: "test/events/cron/cron-expression.test.ts",
    title: "parseCron refuses what means nothing, and says what is wrong",
  },
  {
    number: 94,
    name: "a thousand workers with a trigger in the same minute",
    file: "test/events/cron/cron-ticker.test.ts",
    title: "CronTicker spreads the triggers of a thousand workers over its time",
  },
  {
    number: 94,
    name: "more cron triggers than a worker may have",
    file: "test/events/cron/check-crons.test.ts",
    title: "a worker may have so many cron triggers",
  },
  {
    number: 150,
    name: "wrangler configurations that are wrong",
    file: "test/wrangler-compat/config/read-wrangler-config.test.ts",
    title: "reports everything that is wrong at once",
  },
  {
    number: 152,
    name: "bombs for parsers of uploads",
    file: "test/versions/transformer/transformer.test.ts",
    title: "transform refuses bombs for the parser, and goes on",
  },
  {
    number: 153,
    name: "source maps that are none",
    file: "test/versions/map-stack.test.ts",
    title: "mapStack follows the upload's source map, if it has a good one",
  },
  {
    number: 155,
    name: "uploads without the token, or with a wrong one",
    file: "test/control/api/control-api.test.ts",
    title: "controlApi answers nothing without its token",
  },
  {
    number: 157,
    name: "service bindings to a worker that is not there, or of another account",
    file: "test/bindings/service/service-binding.test.ts",
    title: "a service binding to a worker that is not there, or of another account, is refused at deploy",
  },
  {
    number: 159,
    name: "a host that is killed under load",
    file: "test/storage/kill.test.ts",
    title: "after kill -9 under load finds every acknowledged write",
  },
  {
    number: 160,
    name: "cells that are killed, stopped or crash",
    file: "test/cell/hostile.test.ts",
    title: "process cell whose child's loop stands still is replaced",
  },
  {
    number: 127,
    name: "versions, files and keys in bulk until there is no room, by every way in",
    file: "test/end-to-end/storage-quota.test.ts",
    title: "counts alike",
  },
  {
    number: 161,
    name: "a disk that is nearly full",
    file: "test/end-to-end/storage-quota.test.ts",
    title: "below the floor of free disk",
  },
  { number: 161, name: "a full disk", file: "test/storage/disk-full.test.ts", title: "disk" },
  {
    number: 164,
    name: "a port that is taken",
    file: "test/http/listen-http.test.ts",
    title: "says which address it could not have",
  },
  {
    number: 166,
    name: "names that do not resolve, and bad certificates",
    file: "test/egress/tls.test.ts",
    title: "test(",
  },
  {
    number: 167,
    name: "SIGTERM under load",
    file: "test/cli/serve-command.test.ts",
    title: "ends at SIGTERM",
  },
  {
    number: 169,
    name: "a config file that is wrong",
    file: "test/config/host-config.test.ts",
    title: "reports every wrong key together",
  },
  {
    number: 172,
    name: "many workers, each asked once",
    file: "test/end-to-end/many-workers.test.ts",
    title: "test(",
  },
  {
    number: 156,
    name: "secrets that are none, and where they may not be seen",
    file: "test/end-to-end/secrets.test.ts",
    title: "secrets that cannot be are refused, by name and limit",
  },
];
