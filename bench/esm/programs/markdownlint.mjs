// Checks a file by the functions of a command-line tool.
import { main } from 'markdownlint-cli2';

const lines = [];
const code = await main({
  directory: import.meta.dirname,
  argv: [':fixtures/plain.md'],
  logMessage: (line) => lines.push(line),
  logError: (line) => lines.push(line),
});
console.log(code, lines.at(-1));
