import { createApp } from 'vue';
import App from './app.vue';
import 'voice-agent-element/element';

createApp(App).mount('#app');
