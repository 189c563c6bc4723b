/**
 * The settings of the tag, read from custom-elements.json, so new ones appear on this page automatically. The tables
 * below only define their order, and special controls.
 */
import manifest from '../../custom-elements.json';
import { LANGUAGES } from '../../components/locales/languages.js';
import { UI_OPTIONS } from '../../components/voice-agent/ui-options.js';
import { CALL_OPTIONS, type Option } from '../../src/index.js';

export interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly unit: string;
}

interface Described {
  /** The attribute, or the custom property if it begins with two dashes. */
  readonly name: string;
  readonly description: string;
  /** The default; empty if there is none. */
  readonly usual: string;
}

export type Setting = Described &
  (
    | { readonly kind: 'switch' | 'color' | 'text' | 'lines' | 'number' }
    | { readonly kind: 'choice'; readonly choices: readonly string[] }
    | { readonly kind: 'range'; readonly range: Range }
  );

export interface SettingGroup {
  readonly title: string;
  readonly isOpen: boolean;
  readonly settings: readonly Setting[];
}

interface Member {
  readonly name: string;
  readonly description?: string;
}

interface Declaration {
  readonly tagName: string;
  readonly attributes: readonly (Member & {
    readonly fieldName: string;
    readonly type: { readonly text: string };
  })[];
  readonly cssProperties?: readonly (Member & { readonly default?: string })[];
  readonly events?: readonly Member[];
}

const TAG = 'voice-agent';

const declaration = (manifest.modules as readonly { readonly declarations: readonly unknown[] }[])
  .flatMap(({ declarations }) => declarations as readonly Declaration[])
  .find(({ tagName }) => tagName === TAG)!;

/** The groups, and the order within each. Settings that match no other group are in the last. */
const GROUPS: readonly {
  readonly title: string;
  readonly isOpen?: boolean;
  readonly has: RegExp;
}[] = [
  { title: 'Look', isOpen: true, has: /^(layout|theme|visualizer|placement|open)$/ },
  {
    title: 'Conversation',
    isOpen: true,
    has: /^(input-mode|volume|text-input|push-to-talk|require-consent|muted|release-microphone)$/,
  },
  { title: 'The agent', has: /^(greeting|system-prompt|voice|agent-id)$/ },
  { title: 'Extras', has: /^(devices|remember-devices|record|save-transcript|debug|sounds)$/ },
  { title: 'Language', has: /^(lang|dir|texts)$/ },
  { title: 'Colours, type and sizes', has: /^--/ },
  {
    title: 'Sound and limits',
    has: /^(input-encoding|output-encoding|max-duration|idle-timeout|microphone-id|speaker-id|tool-timing)$/,
  },
  { title: 'Connection', has: /^(token-url|token|server-url|asset-base)$/ },
  { title: 'More', has: /^/ },
];

const OPTIONS: Readonly<Record<string, Option | undefined>> = { ...CALL_OPTIONS, ...UI_OPTIONS };
const LINES = /^(greeting|system-prompt|texts)$/;
const VOLUME: Range = { min: 0, max: 1, step: 0.05, unit: '' };

/** Global attributes of HTML that the element follows. */
const INHERITED: readonly Setting[] = [
  { name: 'lang', usual: 'en', kind: 'choice', choices: LANGUAGES, description: 'The language of the UI.' },
  {
    name: 'dir',
    usual: '',
    kind: 'choice',
    choices: ['', 'ltr', 'rtl'],
    description: 'The text direction. `rtl` mirrors everything.',
  },
];

function attributeSettings(): Setting[] {
  const fresh = document.createElement(TAG) as unknown as Readonly<
    Record<string, string | number | boolean | null | undefined>
  >;
  return declaration.attributes.map(({ name, description = '', type, fieldName }) => {
    const choices = [...type.text.matchAll(/'([^']+)'/g)].map(([, choice = '']) => choice);
    const option = OPTIONS[fieldName];
    const preset = option && 'default' in option ? option.default : undefined;
    const usual = String(fresh[fieldName] ?? preset ?? '');
    const said = { name, description, usual };
    // Without a default, nothing is chosen at first.
    if (choices.length > 0) return { ...said, kind: 'choice', choices: usual ? choices : ['', ...choices] };
    if (type.text === 'boolean') return { ...said, kind: 'switch', usual: '' };
    if (name === 'volume') return { ...said, kind: 'range', range: VOLUME };
    return { ...said, kind: type.text === 'number' ? 'number' : LINES.test(name) ? 'lines' : 'text' };
  });
}

function propertySettings(): Setting[] {
  return (declaration.cssProperties ?? []).map(({ name, description = '', default: usual = '' }) => {
    const said = { name, description, usual };
    const [, size, unit] = /^([\d.]+)(r?em)$/.exec(usual) ?? [];
    if (size && unit) return { ...said, kind: 'range', range: lengthRange(name, Number(size), unit) };
    if (usual.startsWith('#') || name.endsWith('-color')) return { ...said, kind: 'color' };
    return { ...said, kind: /^\d+$/.test(usual) ? 'number' : 'text' };
  });
}

/** From half the default to twice the default; corners and distances from 0. */
function lengthRange(name: string, size: number, unit: string): Range {
  const min = /radius|inset/.test(name) ? 0 : size / 2;
  return { min, max: size * 2, step: 10 ** Math.floor(Math.log10(size)) / 20, unit };
}

/** All settings of the tag, each in one group. */
export function settingGroups(): SettingGroup[] {
  let rest = [...attributeSettings(), ...INHERITED, ...propertySettings()];
  return GROUPS.map(({ title, isOpen = false, has }) => {
    const order = has.source.split(/[(|)]/);
    const settings = rest
      .filter(({ name }) => has.test(name))
      .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
    rest = rest.filter((setting) => !settings.includes(setting));
    return { title, isOpen, settings };
  }).filter(({ settings }) => settings.length > 0);
}

/** The events that the log shows: all except the frequent measurements. */
export const LOGGED_EVENTS: readonly string[] = (declaration.events ?? [])
  .map(({ name }) => name)
  .filter((name) => name !== 'levels' && name !== 'stats');
