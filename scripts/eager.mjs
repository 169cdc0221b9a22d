// V8 goes through a function within another twice: first to find its end, and once more when it is called. One in parentheses it
// compiles at once. That pays for functions that are called while the file runs that they are in, or soon after.
import { parse } from 'acorn';

/**
 * Puts functions at the top of a script into parentheses, and to its beginning, where all of it finds them.
 * @param {string} script
 * @param {string[]} names
 */
export const compileAtOnce = (script, names) => {
  const { body } = parse(script, { ecmaVersion: 'latest', sourceType: 'module' });
  const functions = names.map((name) => findFunction(body, name));
  const [{ start: begin }] = body.filter(({ directive }) => directive === undefined);
  const isTaken = (statement) => functions.includes(statement) || statement.end <= begin;
  const parts = [
    script.slice(0, begin),
    `var ${functions.map(({ id, start, end }) => `${id.name}=(${script.slice(start, end)})`).join(',\n')};`,
    ...body.filter((statement) => !isTaken(statement)).map(({ start, end }) => script.slice(start, end)),
  ];
  return parts.join('\n');
};

const findFunction = (body, name) => {
  const found = body.find(({ type, id }) => type === 'FunctionDeclaration' && id.name === name);
  if (found === undefined) throw new Error(`There is no function ${name} at the top.`);
  return found;
};
