'use strict';

// Writes the snapshot of a program without the addon: what Node answers to what the program has asked, and what proves that it would do so again.

const { captured } = require('./captured.js');
const { describePurpose } = require('./kept_answers.js');
const { traceNode } = require('./node_tracing.js');
const { writeSnapshot } = require('./plain_snapshot.js');
const { Proofs, isProvable } = require('./proofs.js');
const { textOf } = require('./questions.js');

const { SafeMap, includes, now, slice, stringify } = captured;

/** A list of questions that Node has to answer anyway is not longer, in characters. */
const MOST_UNANSWERED = 2 ** 18;

/**
 * @param {import('./questions.js').Questions} questions
 * @param {{ extensions: string[], globalPaths: string[] }} options
 * @param {string} unanswered What is known of such questions.
 * @param {{ directory: string, name: string }} place
 */
function writeAnswers(questions, options, unanswered, place) {
  const proofs = new Proofs();
  const directories = new SafeMap();
  let groups;
  let unproved = '\n';
  traceNode(questions.last, (question, path, isKept, met) => {
    const { directory, request } = question;
    if (includes(`${directory}${request}${path}`, '\n')) return;
    question.isAnswered = true;
    if (!areProvable(met)) {
      unproved += `${textOf(directory, request)}\n`;
      return;
    }
    for (let each = met; each !== undefined; each = each.before) proofs.expect(each.name);
    let group = directories.get(directory);
    if (group === undefined) {
      group = { __proto__: null, directory, answers: undefined, before: groups };
      directories.set(directory, group);
      groups = group;
    }
    group.answers = { __proto__: null, request, path, isKept, met, before: group.answers };
  });
  let lines = unanswered;
  for (let question = questions.last; question !== undefined; question = question.before) {
    if (!question.isAnswered) lines += `${textOf(question.directory, question.request)}\n`;
  }
  const lists = `"unanswered":${stringify(slice(lines, 0, MOST_UNANSWERED))},"unproved":${stringify(unproved)}`;
  const head = `"purpose":${stringify(describePurpose(options))},"written":${now()},${lists}`;
  writeSnapshot(place, `{${head},\n${answersToJson(groups, proofs)},\n${proofsToJson(proofs)}}`);
}

function areProvable(met) {
  for (let each = met; each !== undefined; each = each.before) if (!isProvable(each.name)) return false;
  return true;
}

function answersToJson(groups, proofs) {
  const names = new List('\n');
  const first = new List(',');
  const requests = new List('\n');
  const paths = new List('\n');
  const rests = new List(',');
  const ends = new List(',');
  let keptByNode = '';
  /** For which answer each proof was added last. */
  const added = new SafeMap();
  for (let group = groups; group !== undefined; group = group.before) {
    names.add(group.directory);
    first.add(requests.count);
    for (let answer = group.answers; answer !== undefined; answer = answer.before) {
      for (let each = answer.met; each !== undefined; each = each.before) {
        const number = proofs.prove(each.name);
        if (added.get(number) === requests.count) continue;
        added.set(number, requests.count);
        rests.add(number);
      }
      requests.add(answer.request);
      paths.add(answer.path);
      ends.add(rests.count);
      keptByNode += answer.isKept ? '1' : '0';
    }
  }
  first.add(requests.count);
  return `"directories":${stringify(names.text)},"first":[${first.text}],"requests":${stringify(requests.text)},
"paths":${stringify(paths.text)},"keptByNode":"${keptByNode}","rests":[${rests.text}],"ends":[${ends.text}]`;
}

function proofsToJson({ paths, stamps }) {
  return `"proofs":${stringify(paths)},"stamps":[${stamps}]`;
}

/** One behind the other: an array that grows would call what a program has put into `Array.prototype`. */
class List {
  count = 0;
  text = '';
  #separator;

  constructor(separator) {
    this.#separator = separator;
  }

  add(entry) {
    this.text += this.count === 0 ? entry : `${this.#separator}${entry}`;
    this.count++;
  }
}

module.exports = { writeAnswers };
