// Runs an effect.
import { Effect } from 'effect';

console.log(await Effect.runPromise(Effect.map(Effect.succeed(20), (value) => value + 1)));
