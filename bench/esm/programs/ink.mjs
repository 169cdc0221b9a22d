// Renders to a string; a program of the terminal.
import { Writable } from 'node:stream';
import { render, Text } from 'ink';
import { createElement } from 'react';

let text = '';
const stdout = new Writable({
  write(chunk, _encoding, done) {
    text += chunk;
    done();
  },
});
stdout.columns = 80;
const { unmount, waitUntilExit } = render(createElement(Text, null, 'rendered'), { stdout, debug: true });
unmount();
await waitUntilExit();
console.log(text.includes('rendered'));
