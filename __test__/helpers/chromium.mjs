// Chromium without a window, through its DevTools protocol, over two pipes.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const command = process.env.CHROMIUM ?? 'chromium';

/** Why there is none, or undefined. `.ci/run` installs it. */
export const reasonNotToBrowse = () => {
  const { status, error } = spawnSync(command, ['--version'], { stdio: 'ignore' });
  return error === undefined && status === 0 ? undefined : 'Chromium is not installed';
};

/** Starts a browser with one page, which ends with the test. */
export async function browse(t) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-'));
  const flags = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--remote-debugging-pipe',
    '--window-size=1200,900',
  ];
  const child = spawn(command, [...flags, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  t.teardown(async () => {
    // By itself, with what it has started: that would go on writing where everything is taken away.
    await send('Browser.close');
    await closed;
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  });
  const [, , , input, output] = child.stdio;
  const waiting = new Map();
  const events = [];
  let rest = '';
  output.setEncoding('utf8').on('data', (data) => {
    const messages = `${rest}${data}`.split('\0');
    rest = messages.pop();
    for (const message of messages.map(JSON.parse)) {
      if (message.id === undefined) events.push(message);
      else waiting.get(message.id)(message);
    }
  });
  let count = 0;
  const send = async (method, params = {}, sessionId = undefined) => {
    const id = ++count;
    const answer = new Promise((resolve) => waiting.set(id, resolve));
    input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { error, result } = await answer;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  };

  const { targetInfos } = await send('Target.getTargets');
  const { targetId } = targetInfos.find(({ type }) => type === 'page');
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  const ask = (method, params) => send(method, params, sessionId);
  for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await ask(`${domain}.enable`);

  const evaluate = async (expression) => {
    const options = { awaitPromise: true, expression, returnByValue: true };
    const { exceptionDetails, result } = await ask('Runtime.evaluate', options);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  const isEvent = (name) => (event) => event.method === name;
  const paramsOf = (name) => events.filter(isEvent(name)).map(({ params }) => params);

  return {
    evaluate,
    /** A file as a page, when it has drawn itself. */
    async open(file) {
      await ask('Page.navigate', { url: pathToFileURL(file).href });
      await evaluate(`new Promise((done) => {
        const wait = () => document.readyState === 'complete' && location.protocol === 'file:' ? requestAnimationFrame(() => setTimeout(done)) : setTimeout(wait, 10);
        wait();
      })`);
    },
    setScheme: (value) => ask('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] }),
    async press(key, modifiers = 0) {
      const code = { Enter: 13, Escape: 27, Tab: 9, ' ': 32 }[key] ?? 0;
      const text = { Enter: '\r', ' ': ' ' }[key] ?? (key.length === 1 ? key : undefined);
      const event = { key, modifiers, text, windowsVirtualKeyCode: code };
      await ask('Input.dispatchKeyEvent', { type: text === undefined ? 'rawKeyDown' : 'keyDown', ...event });
      await ask('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
    },
    async click(x, y, clickCount = 1) {
      for (let at = 1; at <= clickCount; at++) {
        const event = { x, y, button: 'left', clickCount: at };
        await ask('Input.dispatchMouseEvent', { type: 'mousePressed', ...event });
        await ask('Input.dispatchMouseEvent', { type: 'mouseReleased', ...event });
      }
    },
    async screenshot(clip) {
      const { data } = await ask('Page.captureScreenshot', { format: 'png', clip });
      return Buffer.from(data, 'base64');
    },
    /** What the page has asked for, and what has gone wrong in it. */
    requests: () => paramsOf('Network.requestWillBeSent').map(({ request }) => request.url),
    complaints: () => [
      ...paramsOf('Runtime.exceptionThrown').map(({ exceptionDetails }) => exceptionDetails.exception?.description),
      ...paramsOf('Log.entryAdded').map(({ entry }) => entry.text),
    ],
  };
}
