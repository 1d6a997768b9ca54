// Runs in each test process of a run on another Node, so that no run passes on the wrong one.
const expected = process.env["NODE_UNDER_TEST_VERSION"];

if (process.version !== expected) {
  throw new Error(`The tests should run on Node ${expected} but run on ${process.version}.`);
}
