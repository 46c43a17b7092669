import { defineInterface } from "../globals/define.ts";
import { CustomEvent } from "./custom-event.ts";
import { ErrorEvent } from "./error-event.ts";
import { MessageEvent } from "./message-event.ts";
import { PromiseRejectionEvent } from "./promise-rejection-event.ts";

const INTERFACES = {
  __proto__: null,
  CustomEvent,
  ErrorEvent,
  MessageEvent,
  PromiseRejectionEvent,
} as unknown as Record<string, Function>;

/** Defines the events that few workers name. */
export function exposeRareEvents(global: object): void {
  for (const name in INTERFACES) defineInterface(global, name, INTERFACES[name] as Function);
}
