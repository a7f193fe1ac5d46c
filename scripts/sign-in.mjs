// `node scripts/sign-in.mjs <e-mail>`: walks the real sign-in at APP and prints the cookie as a Cookie header takes it.
import { Halt, main } from './root.mjs';
import { signIn } from './walk-in.mjs';

await main(async () => {
  const [email] = process.argv.slice(2);
  if (!email) throw new Halt('Whose? node scripts/sign-in.mjs operator@notify.example');
  console.log((await signIn(email)).cookie);
});
