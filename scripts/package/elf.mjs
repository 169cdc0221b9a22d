// Reads what the dynamic linker of Linux is told about a shared object (64 bits, little-endian), as readelf -d and -V do.

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT_NULL = 0n;
const DT_STRTAB = 5n;
const DT_FLAGS_1 = 0x6ffffffbn;
const DT_VERNEED = 0x6ffffffen;
const ENTRY_SIZE = 16n;

/** The value of DT_FLAGS_1; 0 where there is none. */
export const readDynamicFlags = (file) => readDynamic(file).get(DT_FLAGS_1) ?? 0n;

/**
 * The versions of symbols that it needs of other libraries.
 * @param {Buffer} file
 * @returns {string[]} `GLIBC_2.17` and the like, each once.
 */
export function readNeededVersions(file) {
  const dynamic = readDynamic(file);
  if (!dynamic.has(DT_VERNEED)) return [];
  const strings = offsetOf(file, dynamic.get(DT_STRTAB));
  const names = new Set();
  // A list of libraries, each with a list of versions; in each entry stands how far it is to the next.
  for (const library of entriesFrom(file, offsetOf(file, dynamic.get(DT_VERNEED)), 12)) {
    for (const version of entriesFrom(file, library + file.readUInt32LE(library + 8), 12)) {
      names.add(readText(file, strings + file.readUInt32LE(version + 8)));
    }
  }
  return [...names];
}

function* entriesFrom(file, start, placeOfNext) {
  for (let position = start; ; ) {
    yield position;
    const distance = file.readUInt32LE(position + placeOfNext);
    if (distance === 0) return;
    position += distance;
  }
}

const readText = (file, start) => file.toString('latin1', start, file.indexOf(0, start));

/** By tag; of a tag that is there more than once, the last. */
function readDynamic(file) {
  if (file.toString('latin1', 0, 4) !== '\x7fELF' || file[4] !== 2 || file[5] !== 1) {
    throw new Error('not a little-endian ELF file of 64 bits');
  }
  const segment = readSegments(file).find(({ type }) => type === PT_DYNAMIC);
  if (segment === undefined) throw new Error('no dynamic segment');
  const values = new Map();
  for (let position = segment.offset; position < segment.offset + segment.size; position += ENTRY_SIZE) {
    const tag = file.readBigUInt64LE(Number(position));
    if (tag === DT_NULL) break;
    values.set(tag, file.readBigUInt64LE(Number(position) + 8));
  }
  return values;
}

/** Where in the file lies what is loaded at an address. */
function offsetOf(file, address) {
  const isIn = ({ type, address: start, size }) => type === PT_LOAD && address >= start && address < start + size;
  const segment = readSegments(file).find(isIn);
  if (segment === undefined) throw new Error(`nothing is loaded at 0x${address.toString(16)}`);
  return Number(address - segment.address + segment.offset);
}

function readSegments(file) {
  const tableOffset = Number(file.readBigUInt64LE(0x20));
  const entrySize = file.readUInt16LE(0x36);
  const entryCount = file.readUInt16LE(0x38);
  return Array.from({ length: entryCount }, (_, index) => {
    const entry = tableOffset + index * entrySize;
    return {
      type: file.readUInt32LE(entry),
      offset: file.readBigUInt64LE(entry + 0x08),
      address: file.readBigUInt64LE(entry + 0x10),
      size: file.readBigUInt64LE(entry + 0x20),
    };
  });
}
