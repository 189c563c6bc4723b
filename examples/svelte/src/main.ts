import { mount } from 'svelte';
import 'voice-agent-element/element';
import App from './app.svelte';

mount(App, { target: document.querySelector('#app')! });
