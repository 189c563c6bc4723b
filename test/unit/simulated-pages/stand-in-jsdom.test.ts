// @vitest-environment jsdom
import { testStandIn } from './use-stand-in.js';

testStandIn('jsdom');
