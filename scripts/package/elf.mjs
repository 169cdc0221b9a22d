// Reads what the dynamic linker of Linux is told about a shared object (64 bits, little-endian), as readelf -d does.

const PT_DYNAMIC = 2;
const DT_NULL = 0n;
const DT_FLAGS_1 = 0x6ffffffbn;
const ENTRY_SIZE = 16n;

/** The value of DT_FLAGS_1; 0 where there is none. */
export function readDynamicFlags(file) {
  if (file.toString('latin1', 0, 4) !== '\x7fELF' || file[4] !== 2 || file[5] !== 1) {
    throw new Error('not a little-endian ELF file of 64 bits');
  }
  const { offset, size } = findDynamicSegment(file);
  for (let position = offset; position < offset + size; position += ENTRY_SIZE) {
    const tag = file.readBigUInt64LE(Number(position));
    if (tag === DT_FLAGS_1) return file.readBigUInt64LE(Number(position) + 8);
    if (tag === DT_NULL) break;
  }
  return 0n;
}

function findDynamicSegment(file) {
  const tableOffset = Number(file.readBigUInt64LE(0x20));
  const entrySize = file.readUInt16LE(0x36);
  const entryCount = file.readUInt16LE(0x38);
  for (let index = 0; index < entryCount; index++) {
    const entry = tableOffset + index * entrySize;
    if (file.readUInt32LE(entry) === PT_DYNAMIC) {
      return { offset: file.readBigUInt64LE(entry + 0x08), size: file.readBigUInt64LE(entry + 0x20) };
    }
  }
  throw new Error('no dynamic segment');
}
