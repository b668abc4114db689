import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { networkFirst } from "../../../static/js/sw/network.js";

/** Nothing here may be kept, since nothing says that it is public: what is kept is the browser tests' matter. */
const answer = (status = 200, text = "new") => new Response(text, { status });
/** @type {Promise<unknown>[]} */
let work = [];
beforeEach(() => {
  work = [];
});

const give = (ask, kept, last_patience_ms) =>
  networkFirst({
    request: new Request("https://pomapa.test/uk/"),
    name: "pages",
    ask,
    recall: async () => kept,
    afterwards: (promise) => work.push(promise),
    patience_ms: 20,
    last_patience_ms,
  });

it("gives what the network says when it says it in time", async () => {
  const given = await give(async () => answer(), answer(200, "old"));
  assert.equal(given.reason, null);
  assert.equal(await given.answer.text(), "new");
  assert.equal(work.length, 1);
});

it("gives what was kept without network, with a server that is down, and after some patience", async () => {
  const offline = await give(() => Promise.reject(new TypeError("no network")), answer(200, "old"));
  assert.deepEqual([offline.reason, await offline.answer.text()], ["offline", "old"]);
  const down = await give(async () => answer(503), answer(200, "old"));
  assert.deepEqual([down.reason, await down.answer.text()], ["down", "old"]);
  const slow = await give(() => new Promise((done) => setTimeout(() => done(answer()), 60)), answer(200, "old"));
  assert.deepEqual([slow.reason, await slow.answer.text(), await slow.later], ["slow", "old", null]);
});

it("says that our server is down when a cache in front of it has nothing newer", async () => {
  const headers = { Date: "Sun, 22 Nov 2026 12:00:00 GMT", "X-Answered-At": "Sun, 22 Nov 2026 08:00:00 GMT" };
  const stale = () => new Response("of the morning", { headers });
  const given = await give(async () => stale(), answer(200, "older still"));
  assert.deepEqual([given.reason, await given.answer.text()], ["down", "of the morning"]);
  const slow = await give(() => new Promise((done) => setTimeout(() => done(stale()), 60)), answer(200, "old"));
  assert.equal(await slow.later, "down");
});

it("waits longer where nothing is kept, and passes on what a server that is down says", async () => {
  const late = await give(() => new Promise((done) => setTimeout(() => done(answer()), 60)), undefined);
  assert.equal(await late.answer.text(), "new");
  const down = await give(async () => answer(503, "busy"), undefined);
  assert.deepEqual([down.answer, await down.refusal.text()], [null, "busy"]);
  const gone = await give(() => Promise.reject(new TypeError("no network")), undefined);
  assert.deepEqual([gone.answer, gone.reason, gone.refusal], [null, "offline", undefined]);
});

it("does not wait for ever where nothing is kept and nothing answers", async () => {
  /** @type {(answer: Response) => void} */
  let say = () => {};
  const silent = await give(() => new Promise((done) => (say = done)), undefined, 20);
  assert.deepEqual([silent.answer, silent.reason, silent.refusal], [null, "offline", undefined]);
  say(answer());
  assert.equal(await silent.later, null);
});

it("gives what the network says where what was kept cannot be read", async () => {
  /** @param {() => Promise<Response>} ask */
  const given = (ask) =>
    networkFirst({
      ...{ request: new Request("https://pomapa.test/uk/"), name: "pages", ask },
      ...{ recall: () => Promise.reject(new SyntaxError("half a file")), afterwards: () => {} },
    });
  assert.equal(await (await given(async () => answer())).answer.text(), "new");
  const offline = await given(() => Promise.reject(new TypeError("no network")));
  assert.deepEqual([offline.answer, offline.reason], [null, "offline"]);
});

it("does not wait for what was kept where the network is quicker", async () => {
  const given = await networkFirst({
    ...{ request: new Request("https://pomapa.test/uk/"), name: "pages", ask: async () => answer() },
    ...{ recall: () => new Promise(() => {}), afterwards: () => {} },
  });
  assert.equal(await given.answer.text(), "new");
});

it("says of what was slow why it did not come", async () => {
  const later = async (/** @type {() => Promise<Response>} */ end) =>
    (await give(() => new Promise((done) => setTimeout(() => done(end()), 60)), answer(200, "old"))).later;
  assert.equal(await later(async () => answer(503)), "down");
  assert.equal(await later(() => Promise.reject(new TypeError("reset"))), "offline");
});

it("takes a page that is not there for an answer", async () => {
  const given = await give(async () => answer(404, "nothing"), answer(200, "old"));
  assert.equal(given.reason, null);
  assert.equal(given.answer.status, 404);
});
