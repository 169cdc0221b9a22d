// What a program is started by when it or its children are to die of a signal that leaves a core file: on many machines in the
// working directory, which is not ours to write to.

export const withoutCoreFiles = ['sh', '-c', 'ulimit -c 0; exec "$0" "$@"'];
