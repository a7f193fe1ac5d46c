// Comes before everything else in the built server, which takes a port nobody named where it cannot read the one it is
// given, and writes that into the environment before our own settings are checked.
const port = process.env.PORT?.trim();

if (port && !(/^\d{1,9}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
  process.stderr.write(`ecs-rollback: PORT: ${JSON.stringify(port)} is not a whole number from 1 to 65535\n`);
  process.exit(1);
}
