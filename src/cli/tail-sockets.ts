import { TAIL_PROTOCOL, type Tails } from "../../wrangler-compat/api/tail/tails.ts";
import type { EdgeResponse } from "../dispatch/edge.ts";
import { failureResponse } from "../dispatch/failure-response.ts";
import type { MessageSocket } from "../websocket/message-socket.ts";
import { socketCost } from "../../runtime-api/contract/sockets.ts";

const MAX_MESSAGE_BYTES = 4_096;
/** What may wait for a client that reads slowly; what comes beyond is left out. */
const MAX_WAITING = 1024 * 1024;
const GONE = 1000;

/** Answers a request for the WebSocket of a tail. */
export function answerTail(tails: Tails, id: string): EdgeResponse {
  let socket: MessageSocket | undefined;
  let waiting = 0;
  const send = (message: string): void => {
    const cost = socketCost(message.length);
    if (socket === undefined || waiting + cost > MAX_WAITING) return;
    waiting += cost;
    socket.send(message);
  };
  if (!tails.open(id, send)) return failureResponse("scriptNotFound");
  return {
    status: 101,
    statusText: "",
    headers: `sec-websocket-protocol\n${TAIL_PROTOCOL}`,
    body: null,
    outcome: "ok",
    socket: {
      maxMessageBytes: MAX_MESSAGE_BYTES,
      // wrangler sends its first frame so.
      takesUnmasked: true,
      connect(client) {
        socket = client;
        client.start({
          // A client says what it wants of debugging, and nothing depends on it.
          message: (data) => client.grant(socketCost(data.length)),
          part: () => client.close(GONE, ""),
          sent: (cost) => (waiting -= cost),
          closed: () => void tails.end(id),
        });
        client.grant(MAX_MESSAGE_BYTES);
      },
      refuse: () => void tails.end(id),
    },
  };
}
