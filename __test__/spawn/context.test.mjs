import test from 'ava';
import { testCases } from './twins.mjs';

await testCases(test, 'context.mjs');
