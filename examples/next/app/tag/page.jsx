import { Element } from './element.jsx';

/** The bare tag, with strings only. */
export default function Page() {
  return (
    <main>
      <Element />
      <voice-agent token-url="/voice-token" greeting="Hello from the tag." />
    </main>
  );
}
