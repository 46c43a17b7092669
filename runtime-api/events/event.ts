import { clockMs } from "../performance/clock.ts";
import {
  dataDescriptor,
  objectDefineProperty,
  objectGetOwnPropertyDescriptor,
  objectSetPrototypeOf,
} from "../primordials/object.ts";
import { dictionary, requireArguments, requireConstructorArguments } from "../webidl/arguments.ts";

export interface EventInit {
  bubbles?: boolean;
  cancelable?: boolean;
  composed?: boolean;
}

/** What the dispatcher does to an event; tenants have no way to these. */
export interface EventInternals {
  /** Marks the event as being dispatched at `target`; false if it is under way already. */
  begin(event: Event, target: object, trusted: boolean): boolean;
  /** Ends the dispatch; gives whether nobody cancelled it. */
  end(event: Event): boolean;
  /** Whether no further listener may run. */
  stopped(event: Event): boolean;
  setPassive(event: Event, passive: boolean): void;
  /** Whether propagation was stopped, which at a single target skips the second phase. */
  propagationStopped(event: Event): boolean;
  isEvent(value: unknown): value is Event;
  /** Makes it a new event, as `initEvent` does; false, and nothing happens, while it is being dispatched. */
  init(event: Event, type: string, bubbles: unknown, cancelable: unknown): boolean;
}

export let eventInternals: EventInternals;

const NO_INIT: EventInit = {};
let isTrusted: PropertyDescriptor;

const NONE = 0;
const AT_TARGET = 2;

/** An event; there is no tree, so its path is its target alone. */
export class Event {
  #type: string;
  #bubbles = false;
  #cancelable = false;
  #composed = false;
  #timeStamp: number;
  #target: object | null = null;
  #phase = NONE;
  #dispatching = false;
  #canceled = false;
  #stopped = false;
  #stoppedNow = false;
  #passive = false;
  #trusted = false;

  constructor(type: string, init: EventInit = NO_INIT) {
    requireConstructorArguments("Event", arguments.length, 1);
    this.#type = `${type}`;
    this.#timeStamp = clockMs();
    objectDefineProperty(this, "isTrusted", isTrusted);
    if (init !== NO_INIT) {
      const given = dictionary(init, "The second argument of an event");
      this.#bubbles = Boolean(given.bubbles);
      this.#cancelable = Boolean(given.cancelable);
      this.#composed = Boolean(given.composed);
    }
  }

  get type(): string {
    return this.#type;
  }
  get target(): object | null {
    return this.#target;
  }
  get srcElement(): object | null {
    return this.#target;
  }
  get currentTarget(): object | null {
    return this.#dispatching ? this.#target : null;
  }
  composedPath(): object[] {
    return this.#dispatching ? [this.#target as object] : [];
  }
  get eventPhase(): number {
    return this.#phase;
  }
  stopPropagation(): void {
    this.#stopped = true;
  }
  get cancelBubble(): boolean {
    return this.#stopped;
  }
  set cancelBubble(value: boolean) {
    void this.#stopped;
    if (value) this.#stopped = true;
  }
  stopImmediatePropagation(): void {
    this.#stopped = true;
    this.#stoppedNow = true;
  }
  get bubbles(): boolean {
    return this.#bubbles;
  }
  get cancelable(): boolean {
    return this.#cancelable;
  }
  get returnValue(): boolean {
    return !this.#canceled;
  }
  set returnValue(value: boolean) {
    void this.#stopped;
    if (!value) this.#cancel();
  }
  preventDefault(): void {
    this.#cancel();
  }
  get defaultPrevented(): boolean {
    return this.#canceled;
  }
  get composed(): boolean {
    return this.#composed;
  }
  /** Every event has it as its own, see below. */
  declare readonly isTrusted: boolean;
  get timeStamp(): number {
    return this.#timeStamp;
  }
  initEvent(type: string, bubbles = false, cancelable = false): void {
    void this.#type;
    requireArguments("'initEvent' on 'Event'", arguments.length, 1);
    eventInternals.init(this, type, bubbles, cancelable);
  }

  #cancel(): void {
    if (this.#cancelable && !this.#passive) this.#canceled = true;
  }

  static {
    // Web IDL's [LegacyUnforgeable]: one getter, on each instance, that nobody can replace.
    isTrusted = objectGetOwnPropertyDescriptor(
      {
        get isTrusted(): boolean {
          return (this as unknown as Event).#trusted;
        },
      },
      "isTrusted",
    ) as PropertyDescriptor;
    objectSetPrototypeOf(isTrusted, null);
    isTrusted.configurable = false;
    const constants = ["NONE", "CAPTURING_PHASE", "AT_TARGET", "BUBBLING_PHASE"];
    for (let i = 0; i < constants.length; i++) {
      const descriptor = dataDescriptor(i, true, false, false);
      objectDefineProperty(this, constants[i] as string, descriptor);
      objectDefineProperty(this.prototype, constants[i] as string, descriptor);
    }
    eventInternals = {
      begin(event, target, trusted) {
        if (event.#dispatching) return false;
        event.#dispatching = true;
        event.#target = target;
        event.#phase = AT_TARGET;
        event.#trusted = trusted;
        return true;
      },
      end(event) {
        event.#dispatching = false;
        event.#phase = NONE;
        event.#stopped = event.#stoppedNow = false;
        return !event.#canceled;
      },
      stopped: (event) => event.#stoppedNow,
      propagationStopped: (event) => event.#stopped,
      setPassive(event, passive) {
        event.#passive = passive;
      },
      init(event, type, bubbles, cancelable) {
        const text = `${type}`;
        if (event.#dispatching) return false;
        event.#stopped = event.#stoppedNow = event.#canceled = event.#trusted = false;
        event.#target = null;
        event.#type = text;
        event.#bubbles = Boolean(bubbles);
        event.#cancelable = Boolean(cancelable);
        return true;
      },
      isEvent: (value): value is Event => typeof value === "object" && value !== null && #trusted in value,
    };
  }
}
