/** `<VoiceAgent>` for React 19: properties as props, events as handlers, the element itself as `ref`. */
import {
  createElement,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  type CSSProperties,
  type ReactElement,
  type ReactNode,
  type Ref,
} from 'react';
import type { VoiceAgentElementEventMap } from '../voice-agent/voice-agent.events.js';
import { attributeName, CALL_OPTIONS, type OptionName } from '../../src/index.js';
import { UI_OPTIONS, type UiOptionName } from '../voice-agent/ui-options.js';
import { VISITOR_CHOICES } from '../voice-agent/visitor-choices.js';
import '../voice-agent/define.js';
import type { VoiceAgentElement } from '../voice-agent/voice-agent.js';

type PropertyName = OptionName | UiOptionName;

/** Strings, numbers and flags, as attributes: a server can render them, and hydration keeps them. */
const ATTRIBUTES = new Map<string, string>();
/** Values without an attribute; set on the element before the browser paints. */
const PROPERTIES = new Set<string>();

for (const [name, { kind }] of Object.entries({ ...CALL_OPTIONS, ...UI_OPTIONS })) {
  if (kind === 'object') PROPERTIES.add(name);
  else ATTRIBUTES.set(name, attributeName(name));
}

type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Capitalize<Head>}${CamelCase<Tail>}`
  : Capitalize<Name>;

/** `state-change` → `onStateChange`. */
export type VoiceAgentHandlers = {
  readonly [Name in keyof VoiceAgentElementEventMap as `on${CamelCase<Name>}`]?:
    ((event: VoiceAgentElementEventMap[Name]) => unknown) | undefined;
};

/** The options of the tag by property, its events as handlers, and the common attributes of HTML. */
export type VoiceAgentProps = {
  readonly [Name in PropertyName]?: VoiceAgentElement[Name] | undefined;
} & VoiceAgentHandlers & {
    readonly ref?: Ref<VoiceAgentElement>;
    readonly children?: ReactNode;
    readonly id?: string | undefined;
    readonly className?: string | undefined;
    readonly style?: CSSProperties | undefined;
    readonly lang?: string | undefined;
    readonly slot?: string | undefined;
    readonly hidden?: boolean | undefined;
    readonly suppressHydrationWarning?: boolean | undefined;
  };

/** The element belongs to the page: a second mount in strict mode gets the same element and starts no second call. */
export function VoiceAgent({ ref, children, ...props }: VoiceAgentProps): ReactElement {
  const element = useRef<VoiceAgentElement>(null);
  const shown = useRef<Readonly<Record<string, unknown>>>(props);
  useImperativeHandle(ref, () => element.current as VoiceAgentElement, []);
  useLayoutEffect(() => {
    if (!element.current) return;
    const target = element.current as unknown as Record<string, unknown>;
    const values: Readonly<Record<string, unknown>> = props;
    for (const name of PROPERTIES) if (target[name] !== values[name]) target[name] = values[name];
    // Set only when the page changes its value, because the visitor may have changed it since.
    for (const name of VISITOR_CHOICES)
      if (values[name] !== undefined && values[name] !== shown.current[name]) target[name] = values[name];
    shown.current = values;
  });
  // React attaches custom-element listeners only to elements that it created, not to server-rendered ones.
  useLayoutEffect(() => listen(element.current, props));
  // A page may have set attributes on the element before React hydrates it.
  const own = { ref: element, suppressHydrationWarning: true };
  return createElement('voice-agent', { ...own, ...elementProps(props) }, children);
}

/** @returns a function that ends it */
function listen(element: EventTarget | null, props: Readonly<Record<string, unknown>>): () => void {
  const listeners = Object.entries(props).flatMap(([name, handler]) =>
    isHandler(name) && typeof handler === 'function'
      ? [[eventType(name), handler as EventListener] as const]
      : [],
  );
  for (const [type, listener] of listeners) element?.addEventListener(type, listener);
  return () => {
    for (const [type, listener] of listeners) element?.removeEventListener(type, listener);
  };
}

function isHandler(name: string): boolean {
  return /^on[A-Z]/.test(name);
}

function elementProps(props: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(props)) {
    if (PROPERTIES.has(name) || isHandler(name)) continue;
    result[ATTRIBUTES.get(name) ?? name] = value;
  }
  return result;
}

/** `onStateChange` → `state-change` */
function eventType(name: string): string {
  return name
    .slice(2)
    .replace(/(?!^)[A-Z]/g, '-$&')
    .toLowerCase();
}
