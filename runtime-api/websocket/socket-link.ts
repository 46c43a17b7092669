/** Who is told what comes on a socket. */
export interface SocketListener {
  /** Text, or bytes that are the listener's to keep. */
  message(data: string | Uint8Array<ArrayBuffer>): void;
  /** The connection is over, and nothing follows. */
  close(code: number, reason: string, wasClean: boolean): void;
}

/** What stands behind a WebSocket: a connection of the host, or the other end of a pair. */
export interface SocketLink {
  /** The host's id of a connection of its own that nobody has used; undefined for anything else. */
  readonly passableId: number | undefined;
  /** Bytes that were sent and wait to be taken. */
  readonly bufferedBytes: number;
  /** From now on messages may come. */
  listen(listener: SocketListener): void;
  /**
   * Sends a message; bytes are the link's from now on.
   * @returns false if more would wait than may: the link has closed itself then
   */
  send(data: string | Uint8Array<ArrayBuffer>): boolean;
  /** Begins the closing handshake. @param code 0 for none */
  close(code: number, reason: string): void;
  /** Gives the link to a response: what its peer sends goes to `host`. Only for ends of a pair. */
  couple(host: SocketLink): void;
  /** Gives the host its connection back, see {@link passableId}. */
  pass(): void;
}
