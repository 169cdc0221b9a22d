'use strict';

// `fast-resolve explain`: how a request is worked out.

const path = require('node:path');

const { Failure, UsageError } = require('./failures.js');
const { readOptions } = require('./options.js');
const { columns, paint, print } = require('./text.js');

const usage = `Usage: fast-resolve explain [options] <request>

Tells how Node finds what a module asks for: the steps of the algorithm by their names in Node's documentation, what was looked at in
each, and what came of it. Exit code 1 where nothing is found.

  --from <place>        the module that asks, or its directory (this one)
  --import              as \`import\` does
  --require             as \`require\` does (default)
  --conditions <names>  in place of the usual conditions, with commas between them
  --json                for machines

Example: fast-resolve explain ./server --from .
`;

const OPTIONS = { conditions: 'text', from: 'text', import: 'flag', json: 'flag', require: 'flag' };

async function run(args) {
  const { options, others } = readOptions(args, OPTIONS);
  if (others.length !== 1) throw new UsageError(others.length === 0 ? 'a request is missing' : 'there is one request');
  if (options.import && options.require) throw new UsageError('it is --import or --require');
  const fastResolve = require('../resolve/main.js');
  const explanation = fastResolve.explain(others[0], path.resolve(options.from ?? '.'), {
    kind: options.import ? 'import' : 'require',
    conditions: options.conditions?.split(','),
  });
  print(explanation, options.json, format);
  if (explanation.answer === null) throw new Failure(explanation.error.message);
}

function format(explanation) {
  const { request, from, kind, answer, format: type, leftToNode, steps, nearest, exported, proofs } = explanation;
  const title = `${kind === 'import' ? `import '${request}'` : `require('${request}')`} in ${from}`;
  const parts = [`${paint('bold', title)}\n`];
  for (const { name, subject, looked } of steps) {
    const rows = looked.map((seen) => [`  ${seen.path}`, paintFound(seen)]);
    parts.push(`${paint('cyan', name)} ${subject}\n${columns(rows)}`);
  }
  if (leftToNode !== null) parts.push(`Node has the last word: ${leftToNode}.\n`);
  if (answer !== null) parts.push(`${paint('green', '→')} ${answer}${type === null ? '' : ` (${type})`}\n`);
  if (proofs !== null)
    parts.push(`It holds as long as these are unchanged:\n${proofs.map((line) => `  ${line}\n`).join('')}`);
  if (nearest.length > 0) parts.push(`Is it ${nearest.join(', or ')}?\n`);
  if (exported.length > 0) parts.push(`The package exports ${exported.join(', ')}\n`);
  return parts.join('');
}

function paintFound({ found, real }) {
  if (found === 'link') return `link to ${real}`;
  return found === 'absent' ? paint('dim', found) : found;
}

module.exports = { run, usage };
