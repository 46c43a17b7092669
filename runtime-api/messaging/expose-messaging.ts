import { defineInterface } from "../globals/define.ts";
import { BroadcastChannel } from "./broadcast-channel.ts";
import { MessageChannel } from "./message-channel.ts";
import { MessagePort } from "./message-port.ts";

/** Defines `MessageChannel`, `MessagePort` and `BroadcastChannel`. */
export function exposeMessaging(global: object): void {
  defineInterface(global, "MessagePort", MessagePort);
  defineInterface(global, "MessageChannel", MessageChannel);
  defineInterface(global, "BroadcastChannel", BroadcastChannel);
}
