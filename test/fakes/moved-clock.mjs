/**
 * Loaded into a process of a test (`--import`): each SIGWINCH, which nothing else listens to, sets its clock to the next of
 * `GATEHOUSE_TEST_CLOCK`, milliseconds beside the real one. Timers go on as they were, as they do where a person sets the clock.
 */
const moves = (process.env.GATEHOUSE_TEST_CLOCK ?? '').split(',').map(Number);
const realNow = Date.now;
let besideMs = 0;
Date.now = () => realNow() + besideMs;
process.on('SIGWINCH', () => {
  besideMs = moves.shift() ?? besideMs;
});
