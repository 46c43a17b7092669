import { defineInterface } from "../globals/define.ts";
import { MessageChannel } from "./message-channel.ts";
import { MessagePort } from "./message-port.ts";

/** Defines `MessageChannel` and `MessagePort`. */
export function exposeMessaging(global: object): void {
  defineInterface(global, "MessagePort", MessagePort);
  defineInterface(global, "MessageChannel", MessageChannel);
}
