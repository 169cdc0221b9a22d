// Calls a few functions of a package that has a file for each.
import { chunk, kebabCase, sum } from 'lodash-es';

console.log(JSON.stringify(chunk([1, 2, 3, 4, 5], 2)), kebabCase('fooBar'), sum([4, 2, 8]));
