import { entangledPorts, type MessagePort } from "./message-port.ts";

/** Two ports that are each other's end. HTML, 9.4.3. */
export class MessageChannel {
  readonly #port1: MessagePort;
  readonly #port2: MessagePort;

  constructor() {
    const ports = entangledPorts();
    this.#port1 = ports[0];
    this.#port2 = ports[1];
  }
  get port1(): MessagePort {
    return this.#port1;
  }
  get port2(): MessagePort {
    return this.#port2;
  }
}
