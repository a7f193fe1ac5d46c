// Comes first where a command needs the packages and may be the first that somebody gives.
import { ensurePackages } from './packages.mjs';
import { main } from './root.mjs';

await main(() => ensurePackages());
