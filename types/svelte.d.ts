/** The tags in Svelte 5: properties and attributes by their names, events as `on` and their name. */
import type { HTMLAttributes } from 'svelte/elements';
import type { Handlers, Tags } from './tags.js';

type SvelteTags = {
  [Tag in keyof Tags]: Omit<HTMLAttributes<Tags[Tag]['element']>, keyof Tags[Tag]['props']> &
    Tags[Tag]['props'] &
    Handlers<Tags[Tag]['events']>;
};

declare module 'svelte/elements' {
  interface SvelteHTMLElements extends SvelteTags {}
}
