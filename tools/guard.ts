/** First import of every command: says what to do where an older Node would crash inside a native module. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`This needs Node 22.18 or newer; this is ${process.versions.node}. Run it through npm (npm start, npm run …), which brings its own Node.\n`);
  process.exit(1);
}
export {};
