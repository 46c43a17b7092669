import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import { LocalLink } from "./local-link.ts";
import { webSocketInternals } from "./web-socket.ts";

/**
 * Two WebSockets that are each other's end, as `0` and `1`: one for a response with status 101, the other one
 * for the worker to accept. As on Workers.
 */
export class WebSocketPair {
  constructor() {
    const { first, second } = LocalLink.pair();
    objectDefineProperty(this, "0", dataDescriptor(webSocketInternals.make(first, null), true));
    objectDefineProperty(this, "1", dataDescriptor(webSocketInternals.make(second, null), true));
  }
}
