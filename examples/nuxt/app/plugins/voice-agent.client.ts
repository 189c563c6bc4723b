import 'voice-agent-element/element';

export default defineNuxtPlugin(() => {});
