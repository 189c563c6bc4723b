import { Component, signal, viewChild, type ElementRef } from '@angular/core';
import type { VoiceAgentState, VoiceAgentTool } from 'voice-agent-element';
import { VoiceAgentTag } from 'voice-agent-element/angular';
import type { VoiceAgentElement } from 'voice-agent-element/element';

@Component({
  selector: 'app-root',
  imports: [VoiceAgentTag],
  template: `
    <main>
      <p>
        The agent is <output id="state">{{ state() }}</output>.
        <button [disabled]="state() !== 'speaking'" (click)="hush()">Hush</button>
      </p>
      <voice-agent
        #agent
        [tokenUrl]="tokenUrl"
        greeting="Hello from Angular."
        [tools]="tools"
        (state-change)="state.set($event.detail.state)"
        (transcript)="words.set($event.detail.text)"
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

  /** Functions are tools: the agent may call them while it talks. */
  readonly tools: readonly VoiceAgentTool[] = [
    {
      name: 'get_time',
      description: 'The time on the visitor’s clock.',
      handler: () => ({ time: new Date().toLocaleTimeString() }),
    },
  ];

  hush(): void {
    this.agent().nativeElement.interrupt();
  }
}
