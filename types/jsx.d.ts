/** The tags in React 19 and what follows its JSX: properties and attributes by their names, events as `on` and their name. */
import type * as React from 'react';
import type { Handlers, Tags } from './tags.js';

/** Where HTML has a property of that name, ours counts. */
type Html<Tag extends keyof Tags> = Omit<
  React.HTMLAttributes<Tags[Tag]['element']>,
  keyof Tags[Tag]['props']
>;

type JsxTags = {
  [Tag in keyof Tags]: React.DetailedHTMLProps<Html<Tag>, Tags[Tag]['element']> &
    Tags[Tag]['props'] &
    Handlers<Tags[Tag]['events']>;
};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements extends JsxTags {}
  }
}
