import { defineInterface } from "../globals/define.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import { Navigator, navigator } from "./navigator.ts";

/** Defines `navigator` and its interface. */
export function exposeNavigator(global: object): void {
  defineInterface(global, "Navigator", Navigator);
  objectDefineProperty(global, "navigator", dataDescriptor(navigator, true));
}
