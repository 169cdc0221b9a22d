// Compiles one module with the TypeScript compiler.
const ts = require('typescript');

const source = 'export const answer: number = 42;';
const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
process.stdout.write(outputText);
