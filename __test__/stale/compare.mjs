// Whether what the threads of a subject answer is what a Node answers.

/** What an answer was equal to; `process` is the Node in the tested thread itself. */
export const createCounts = () => ({ answers: 0, found: 0, both: 0, fresh: 0, lasting: 0, process: 0 });

/**
 * Asks everybody the same and gives what was answered wrong: { kind, request, fromDir, ours, fresh, lasting, process }.
 * @param {object} life The subject with its oracles.
 * @param {{ requests: [string, string][], surroundings: object }} task
 * @param {ReturnType<createCounts>} counts
 */
export async function compareAnswers({ subject, lastingNodes, freshNodes, past }, task, counts) {
  const { kinds } = subject;
  const [fresh, ...others] = await Promise.all([
    freshNodes.answer(task),
    ...kinds.map((_, thread) => subject.answer(thread, task)),
    ...lastingNodes.map((node) => node?.answer(task)),
  ]);
  const wrong = [];
  for (const [thread, kind] of kinds.entries()) {
    const ours = others[thread];
    const lasting = others[kinds.length + thread];
    const unexplained = task.requests.flatMap(([request, fromDir], index) => {
      const answers = { kind, request, fromDir, ours: ours[index], fresh: fresh[index], lasting: lasting?.[index] };
      const before = past?.record(thread, answers);
      return countAnswer(answers, counts) ? [] : [{ ...answers, before }];
    });
    const alone = await withoutThoseAskedAlone(freshNodes, task, unexplained, counts);
    wrong.push(...(await withoutOwnNodes(subject, thread, alone, counts)));
  }
  return wrong;
}

/** Counts the answer, and tells whether a Node explains it. */
function countAnswer({ kind, ours, fresh, lasting }, counts) {
  counts.answers++;
  if (!ours.startsWith('!')) counts.found++;
  const isFresh = ours === fresh || (kind === 'fresh' && isMalformed(ours) && isMalformed(fresh));
  const isLasting = ours === lasting;
  if (isFresh && isLasting) counts.both++;
  else if (isFresh) counts.fresh++;
  else if (isLasting) counts.lasting++;
  return isFresh || isLasting;
}

/** A resolver with options of its own names the error as later Nodes do, also on Node 20. */
function isMalformed(answer) {
  return answer === '!SyntaxError' || answer === '!ERR_INVALID_PACKAGE_CONFIG';
}

/**
 * A fresh Node that has answered one request is not fresh for the next: where links lead to links, what it remembers of a
 * path can change its answer. So what differs is asked of a Node that is asked nothing else.
 */
async function withoutThoseAskedAlone(freshNodes, task, unexplained, counts) {
  const wrong = [];
  for (const answer of unexplained) {
    const [fresh] = await freshNodes.answer({ ...task, requests: [[answer.request, answer.fromDir]] });
    if (fresh === answer.ours) counts.fresh++;
    else wrong.push({ ...answer, fresh });
  }
  return wrong;
}

/**
 * The Node of the tested thread is asked only what the core leaves to it, and so may have read a file later than the
 * lasting one did. What it says itself is no lie of ours. It is asked last, because asking makes it remember more.
 */
async function withoutOwnNodes(subject, thread, unexplained, counts) {
  if (unexplained.length === 0 || subject.kinds[thread] === 'fresh') return unexplained;
  const requests = unexplained.map(({ request, fromDir }) => [request, fromDir]);
  const answers = await subject.answerAsNode(thread, { requests });
  const wrong = unexplained
    .map((answer, index) => ({ ...answer, process: answers[index] }))
    .filter(({ ours, process }) => ours !== process);
  counts.process += unexplained.length - wrong.length;
  return wrong;
}
