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
import type { OptionName } from '../../src/index.js';
import type { FACE_PROPERTIES } from '../voice-agent/face-properties.js';
import { VoiceAgentElement } from '../voice-agent/define.js';

type PropertyName = OptionName | keyof typeof FACE_PROPERTIES;

/** Texts, numbers and switches, as attributes: a server can render those, and hydration leaves them alone. */
const ATTRIBUTES = new Map<string, string>();
/** What no attribute can carry; set on the element before the browser paints. */
const PROPERTIES = new Set<string>();

for (const [name, { attribute, converter }] of Object.entries(VoiceAgentElement.properties)) {
  if (typeof attribute === 'string' && !converter) ATTRIBUTES.set(name, attribute);
  else PROPERTIES.add(name);
}

type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Capitalize<Head>}${CamelCase<Tail>}`
  : Capitalize<Name>;

/** `state-change` → `onStateChange`. */
export type VoiceAgentHandlers = {
  readonly [Name in keyof VoiceAgentElementEventMap as `on${CamelCase<Name>}`]?:
    ((event: VoiceAgentElementEventMap[Name]) => unknown) | undefined;
};

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
  };

/** The element belongs to the page: a second mount in strict mode is the same element, and opens no second call. */
export function VoiceAgent({ ref, children, ...props }: VoiceAgentProps): ReactElement {
  const element = useRef<VoiceAgentElement>(null);
  useImperativeHandle(ref, () => element.current as VoiceAgentElement, []);
  useLayoutEffect(() => {
    if (!element.current) return;
    const target = element.current as unknown as Record<string, unknown>;
    const values: Readonly<Record<string, unknown>> = props;
    for (const name of PROPERTIES) if (target[name] !== values[name]) target[name] = values[name];
  });
  return createElement('voice-agent', { ref: element, ...elementProps(props) }, children);
}

function elementProps(props: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(props)) {
    if (PROPERTIES.has(name)) continue;
    result[/^on[A-Z]/.test(name) ? eventProp(name) : (ATTRIBUTES.get(name) ?? name)] = value;
  }
  return result;
}

/** `onStateChange` → `onstate-change`, by which React listens for `state-change`. */
function eventProp(name: string): string {
  return `on${name.slice(2).replace(/(?!^)[A-Z]/g, '-$&')}`.toLowerCase();
}
