// @vitest-environment happy-dom
import { testStandIn } from './use-stand-in.js';

testStandIn('happy-dom');
