'use strict';

// Writes the snapshot of a program without the addon: what Node answers to what the program has asked, and what proves that it would do so again.

const { captured } = require('./captured.js');
const { FORMAT, describePurpose } = require('./kept_answers.js');
const { traceNode } = require('./node_tracing.js');
const { writeSnapshot } = require('./plain_snapshot.js');
const { Proofs } = require('./proofs.js');

const { SafeMap, includes, stringify } = captured;

/**
 * @param {import('./node_tracing.js').Question | undefined} questions
 * @param {{ extensions: string[], globalPaths: string[] }} options
 */
function writeAnswers(questions, options) {
  const proofs = new Proofs();
  const directories = new SafeMap();
  let groups;
  let unanswered = '\n';
  traceNode(questions, (question, path, met) => {
    const { directory, request } = question;
    question.isAnswered = true;
    if (includes(`${directory}${request}${path}`, '\n')) return;
    for (let each = met; each !== undefined; each = each.before) proofs.expect(each.name);
    let group = directories.get(directory);
    if (group === undefined) {
      group = { __proto__: null, directory, answers: undefined, before: groups };
      directories.set(directory, group);
      groups = group;
    }
    group.answers = { __proto__: null, request, path, met, before: group.answers };
  });
  for (let question = questions; question !== undefined; question = question.before) {
    if (!question.isAnswered) unanswered += `${question.directory}\0${question.request}\n`;
  }
  writeSnapshot(toJson(groups, proofs, unanswered, describePurpose(options)));
}

function toJson(groups, proofs, unanswered, purpose) {
  const names = new List('\n');
  const first = new List(',');
  const requests = new List('\n');
  const paths = new List('\n');
  const rests = new List(',');
  const ends = new List(',');
  /** For which answer each proof was added last. */
  const added = new SafeMap();
  for (let group = groups; group !== undefined; group = group.before) {
    names.add(group.directory);
    first.add(requests.count);
    for (let answer = group.answers; answer !== undefined; answer = answer.before) {
      if (!areProved(answer.met, proofs)) continue;
      for (let each = answer.met; each !== undefined; each = each.before) {
        const number = proofs.prove(each.name);
        if (added.get(number) === requests.count) continue;
        added.set(number, requests.count);
        rests.add(number);
      }
      requests.add(answer.request);
      paths.add(answer.path);
      ends.add(rests.count);
    }
  }
  first.add(requests.count);
  return `{"format":${stringify(FORMAT)},"purpose":${stringify(purpose)},"unanswered":${stringify(unanswered)},
"directories":${stringify(names.text)},"first":[${first.text}],"requests":${stringify(requests.text)},
"paths":${stringify(paths.text)},"rests":[${rests.text}],"ends":[${ends.text}],
"proofs":${stringify(proofs.paths)},"stamps":[${proofs.stamps}]}`;
}

function areProved(met, proofs) {
  for (let each = met; each !== undefined; each = each.before) {
    if (proofs.prove(each.name) === null) return false;
  }
  return true;
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
