// Asks for imports, in the thread that loads it: Node's own loader, or the core first and Node where that leaves it to Node. It is
// loaded by `require`, since everything in the model's threads is done at once.

import { registerHooks } from 'node:module';

const ASKED = 'ask:';

/**
 * What an `import` in a module of a directory leads to: the URL and the format, as text.
 * @param {(specifier: string, context: object) => object | undefined} askFirst Whoever is asked before Node.
 * @returns {{ text: string, isNodes: boolean }}
 */
export function resolveImport(specifier, directory, askFirst) {
  let answer;
  const hooks = registerHooks({
    resolve(request, context, nextResolve) {
      if (request !== ASKED) return nextResolve(request, context);
      const asked = { ...context, parentURL: `file://${directory}/any.js` };
      answer = answerOf(() => askFirst(specifier, asked));
      answer = answer === undefined ? { ...answerOf(() => nextResolve(specifier, asked)), isNodes: true } : answer;
      return { url: 'data:,', shortCircuit: true };
    },
  });
  try {
    import.meta.resolve(ASKED);
  } finally {
    hooks.deregister();
  }
  return answer;
}

function answerOf(ask) {
  try {
    const found = ask();
    return found && { text: `${found.url} ${found.format ?? ''}`, isNodes: false };
  } catch (error) {
    return { text: `!${error.code ?? error.name}`, isNodes: false };
  }
}
