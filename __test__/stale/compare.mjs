// Whether what the threads of a subject answer is what a Node answers.

/**
 * What an answer was equal to. `before` is a fresh Node's from earlier in the same turn; `node` was given by the Node in the tested
 * thread, which was asked because the core was not sure or found nothing; `mixed` rests on two moments of the turn; `kept` was repeated by that Node, and by a stock one, too;
 * `keptLater` by that Node alone: one that had started when it was given would repeat it.
 */
export const createCounts = () => ({
  answers: 0,
  found: 0,
  /** Those that are not what was answered to the same question before. */
  changed: 0,
  fresh: 0,
  before: 0,
  /** Those to a request that was not made before in the turn, which rest on the tree as it was and as it is. */
  mixed: 0,
  node: 0,
  kept: 0,
  keptLater: 0,
});

export const isFailure = (text) => text.startsWith('!');

/** Those that are told what changes. Until then they may believe what they saw. */
export const isUntil = (kind) => kind.startsWith('until');
export const isHook = (kind) => /hook/i.test(kind);
const believesNothing = (kind) => kind.startsWith('fresh');

/**
 * What a life knows of what was answered in it.
 * @param {object} life The subject with its oracles.
 */
export function createJudge({ subject, freshNodes, past }, counts) {
  const { kinds } = subject;
  /** Answers that a Node would keep; and what was given, by thread. */
  const keptByNode = new Set();
  const given = kinds.map(() => new Set());
  const keyOf = ([request, fromDir], text) => [request, fromDir, text].join('\0');

  function noteFresh(task, fresh) {
    for (const [index, { text, isKept }] of fresh.entries()) {
      if (isKept) keptByNode.add(keyOf(task.requests[index], text));
    }
  }

  /** What explains an answer; undefined if nothing does. */
  function explain(thread, asked, answer, { fresh, before = [], lasting, mayMix }) {
    const kind = kinds[thread];
    const { text, source, planted } = answer;
    if (planted !== undefined) {
      const explanation = explainPlanted(thread, asked, planted, { fresh, before, lasting });
      // What is there again, a Node finds that starts now.
      if (explanation === undefined && text === planted && text === fresh) return 'fresh';
      // What Node keeps of package.json files may come first.
      if (explanation === undefined || text === planted) return explanation;
    }
    if (isSame(answer, fresh)) return 'fresh';
    if (kind === 'node') return text === lasting ? 'kept' : undefined;
    if (source !== 'ours') return 'node';
    if (isExplainedByTurn(kind, answer, before)) return 'before';
    return mayMix?.(text) && !believesNothing(kind) ? 'mixed' : undefined;
  }

  /** Where something was found earlier, and nothing now, Node repeats what it would have kept. */
  function explainPlanted(thread, asked, planted, { fresh, before, lasting }) {
    const wasAnswered = given[thread].has(keyOf(asked, planted)) && keptByNode.has(keyOf(asked, planted));
    if (!isHook(kinds[thread]) || !wasAnswered) return undefined;
    // In the turn it may be gone no longer, but a stock Node does not look either.
    if (planted === lasting && [fresh, ...before].some(isFailure)) return 'kept';
    // A stock Node may have found something else, by what it knew of a package.json or a link, or when somebody else asked for the same
    // path; with other extensions, too.
    return isFailure(fresh) ? 'keptLater' : undefined;
  }

  /** Not found is never an answer from memory, where one forgets by itself. */
  function isExplainedByTurn(kind, answer, before) {
    if (believesNothing(kind) || (isFailure(answer.text) && !isUntil(kind))) return false;
    return before.some((text) => isSame(answer, text));
  }

  /**
   * The answers of a thread that are wrong: { kind, request, fromDir, ours, fresh, … }.
   * @param {{ requests: [string, string][], surroundings: object }} task
   * @param {{ fresh: object[], before?: string[][], lasting?: object[], mayMix?: Function[] }} oracles Their answers; `before` are
   *   those of each request that were true earlier in the turn; `mayMix` says of an answer to it that it may rest on two moments.
   */
  async function judge(thread, task, answers, { fresh, before, lasting, mayMix }) {
    const wrong = [];
    for (const [index, answer] of answers.entries()) {
      const asked = task.requests[index];
      const oracles = { fresh: fresh[index].text, before: before?.[index], lasting: lasting?.[index].text };
      const [request, fromDir] = asked;
      const record = {
        kind: kinds[thread],
        request,
        fromDir,
        ours: answer.text,
        source: answer.source,
        planted: answer.planted,
        ...oracles,
      };
      const { earlier, isOther } = past.record(thread, record);
      const explainNow = () => explain(thread, asked, answer, { ...oracles, mayMix: mayMix?.[index] });
      let explanation = explainNow();
      if (explanation === undefined) {
        record.fresh = oracles.fresh = await askAlone(task, asked);
        explanation = explainNow();
      }
      counts.answers++;
      if (!isFailure(answer.text)) counts.found++;
      if (isOther) counts.changed++;
      if (explanation === undefined) wrong.push({ ...record, earlier });
      else counts[explanation]++;
      given[thread].add(keyOf(asked, answer.text));
    }
    return wrong;
  }

  /**
   * A fresh Node that has answered one request is not fresh for the next: where links lead to links, what it remembers of a path can
   * change its answer. So what differs is asked of a Node that is asked nothing else.
   */
  async function askAlone(task, asked) {
    const alone = { ...task, requests: [asked] };
    const fresh = await freshNodes.answer(alone);
    noteFresh(alone, fresh);
    return fresh[0].text;
  }

  function renew(thread) {
    given[thread].clear();
  }

  return { judge, noteFresh, renew };
}

/** Where no Node is asked, an error is named as later Nodes do, also on Node 20. */
function isSame({ text, source }, nodes) {
  return text === nodes || (source === 'ours' && isMalformed(text) && isMalformed(nodes));
}

const isMalformed = (text) => text === '!SyntaxError' || text === '!ERR_INVALID_PACKAGE_CONFIG';

/** Asks everybody the same in a turn of its own, and gives what was answered wrong. */
export async function compareAnswers({ subject, lastingNodes, freshNodes, judge }, task) {
  const { kinds } = subject;
  const [fresh, ...others] = await Promise.all([
    freshNodes.answer(task),
    ...kinds.map((_, thread) => subject.answer(thread, task)),
    ...lastingNodes.map((node) => node?.answer(task)),
  ]);
  judge.noteFresh(task, fresh);
  const wrong = [];
  for (const thread of kinds.keys()) {
    const lasting = others[kinds.length + thread];
    wrong.push(...(await judge.judge(thread, task, others[thread], { fresh, lasting })));
  }
  return wrong;
}
