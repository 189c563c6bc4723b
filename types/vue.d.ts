/** The tags in Vue 3: events as `onStateChange`, which is what `@state-change` becomes. */
import type { HTMLAttributes } from 'vue';
import type { Handlers, Tags } from './tags.js';

type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Capitalize<Head>}${CamelCase<Tail>}`
  : Capitalize<Name>;

type CamelCased<Events> = {
  [Name in keyof Events & string as CamelCase<Name>]: Events[Name];
};

type VueTags = {
  [Tag in keyof Tags]: new () => {
    $props: Omit<HTMLAttributes, keyof Tags[Tag]['props']> &
      Tags[Tag]['props'] &
      Handlers<CamelCased<Tags[Tag]['events']>>;
  };
};

declare module 'vue' {
  interface GlobalComponents extends VueTags {}
}
