import { Component, CUSTOM_ELEMENTS_SCHEMA, signal, viewChild, type ElementRef } from '@angular/core';
import type { VoiceAgentEventMap, VoiceAgentState, VoiceAgentTool } from 'voice-agent-element';
import type { VoiceAgentElement } from 'voice-agent-element/element';

@Component({
  selector: 'app-root',
  // Angular does not know the tag, so it does not check its properties and events in the template.
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <main>
      <p>
        The agent is <output id="state">{{ state() }}</output>.
        <button [disabled]="state() !== 'speaking'" (click)="interrupt()">Interrupt</button>
      </p>
      <voice-agent
        #agent
        [tokenUrl]="tokenUrl"
        greeting="Hello from Angular."
        [tools]="tools"
        (state-change)="onState($any($event))"
        (transcript)="onTranscript($any($event))"
      ></voice-agent>
      <p id="words">{{ words() }}</p>
    </main>
  `,
})
export class App {
  readonly state = signal<VoiceAgentState>('idle');
  readonly words = signal('');
  readonly tokenUrl = document.querySelector<HTMLMetaElement>('meta[name="token-url"]')?.content;
  readonly agent = viewChild.required<ElementRef<VoiceAgentElement>>('agent');

  /** Tools: functions of the page that the agent may call. */
  readonly tools: readonly VoiceAgentTool[] = [
    {
      name: 'get_time',
      description: 'The time on the visitor’s clock.',
      handler: () => ({ time: new Date().toLocaleTimeString() }),
    },
  ];

  onState({ detail }: VoiceAgentEventMap['state-change']): void {
    this.state.set(detail.state);
  }

  onTranscript({ detail }: VoiceAgentEventMap['transcript']): void {
    this.words.set(detail.text);
  }

  interrupt(): void {
    this.agent().nativeElement.interrupt();
  }
}
