// Reads what callgrind writes: the format is described in valgrind's manual, "Callgrind Format Specification".

/** Names are written once, with a number, and by the number alone from then on. */
const createNames = () => {
  const names = new Map();
  return (text) => {
    const [, number, name] = text.match(/^\((\d+)\)(?: (.*))?$/) ?? [];
    if (number === undefined) return text;
    if (name !== undefined) names.set(number, name);
    return names.get(number);
  };
};

/** A position (relative to the one before, or not), then the count. */
const costLine = /^(?:[+-]?\d+|\*|0x[0-9a-f]+) (\d+)/;

/**
 * How many instructions were run in the code of each object file, whoever called it.
 * @param {string} text A file of callgrind with positions of one number and one count, as it writes by default.
 * @returns {Map<string, number>}
 */
export const countByObject = (text) => {
  const nameOf = createNames();
  const counts = new Map();
  let object;
  let isOfCall = false;
  for (const line of text.split('\n')) {
    const [, key, name] = line.match(/^(c?ob)=(.*)$/) ?? [];
    if (key !== undefined) {
      const named = nameOf(name);
      if (key === 'ob') object = named;
    } else if (line.startsWith('calls=')) {
      isOfCall = true;
    } else if (costLine.test(line)) {
      // The line after a call has what the called function took, which is told where that function is.
      if (!isOfCall) counts.set(object, (counts.get(object) ?? 0) + Number(line.match(costLine)[1]));
      isOfCall = false;
    }
  }
  return counts;
};
