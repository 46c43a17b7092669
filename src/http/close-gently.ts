import type { Socket } from "node:net";

/** How long a client may take to read a last answer and hang up. */
const LINGER_MS = 2_000;

/**
 * Makes a socket close in two steps once its answer is out: no more from us, then whatever the client
 * still sends is thrown away for a while. Closed at once with bytes unread, the system sends a reset,
 * and the client may lose the answer that tells it what was wrong.
 */
export function closeGently(socket: Socket): void {
  socket.destroySoon = () => {
    if (socket.destroyed) return;
    socket.end();
    socket.resume();
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };
}
