import { Agent } from './agent.jsx';

/** A server component: the client component inside is rendered here first, and continues in the browser. */
export default function Page() {
  return (
    <main>
      <h1>Next.js</h1>
      <Agent />
    </main>
  );
}
