import { defineInterface } from "../globals/define.ts";
import { EventSource } from "./event-source.ts";

/** Defines `EventSource`. */
export function exposeEventSource(global: object): void {
  defineInterface(global, "EventSource", EventSource);
}
