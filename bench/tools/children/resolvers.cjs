// The resolvers that are compared, with the same options.
'use strict';

const path = require('node:path');

const repositoryRoot = path.resolve(__dirname, '..', '..', '..');

const createOurs = (believe) => (options) => require(repositoryRoot).createResolver({ ...options, believe });

/** oxc-resolver believes what it saw until its cache is cleared; of ours, the one that does so has no more in its name. */
const creators = {
  'fast-resolve': createOurs('until-invalidated'),
  'fast-resolve, turn': createOurs('turn'),
  'oxc-resolver': (options) => new (require('oxc-resolver').ResolverFactory)(options),
};

/** Thrown where a resolver does not know an option. */
class UnknownOption extends Error {}

/** @param {keyof typeof creators} kind */
const createResolver = (kind, options) => {
  try {
    return creators[kind](options);
  } catch (error) {
    if (error instanceof TypeError) throw new UnknownOption(error.message.split(';')[0]);
    throw error;
  }
};

/** An answer that is not the expected one ends the process. */
const check = (calls, answers) => {
  calls.forEach(({ request, directory, expected }, index) => {
    const answer = answers[index];
    if (answer?.path !== expected) {
      throw new Error(`${request} from ${directory} is ${answer?.path ?? answer?.error}, and should be ${expected}`);
    }
  });
};

module.exports = { UnknownOption, check, createResolver };
