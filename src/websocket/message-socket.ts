/** Who is told what comes on a {@link MessageSocket}. */
export interface SocketHandler {
  /** A whole message, or bytes that are exact. Text of some length comes in parts instead. */
  message(data: string | Uint8Array): void;
  /** The next part of a message; text is UTF-8 that was checked, cut anywhere. Bytes are exact. */
  part(isText: boolean, isLast: boolean, bytes: Uint8Array): void;
  /** So much of what was sent is with the system, in the unit of {@link socketCost}. */
  sent(cost: number): void;
  /** The connection is over. Told once, and last. Code 1006 where there was no closing handshake. */
  closed(code: number, reason: string, wasClean: boolean): void;
}

/** A connection of messages on the host's side, whoever is at its other end. */
export interface MessageSocket {
  /** Begins. To be called once; nothing is told before, nor while this call runs. */
  start(handler: SocketHandler): void;
  /** Lets so much more come in, in the unit of {@link socketCost}. Nothing comes before the first credit. */
  grant(credit: number): void;
  send(data: string | Uint8Array): void;
  sendPart(isText: boolean, isLast: boolean, bytes: Uint8Array): void;
  /** Begins the closing handshake, behind what was sent. @param code 0 for none */
  close(code: number, reason: string): void;
  /** Ends the connection at once. */
  terminate(): void;
}
