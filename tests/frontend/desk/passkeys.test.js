import assert from "node:assert/strict";
import { it } from "node:test";
import "../dom.js";
import { offer, withdraw } from "../../../static/js/passkeys.js";

const FORM = `<form data-ask="/ask" data-given-up="given up" data-known="known" data-unfit="unfit" data-failed="failed"
  data-too-often="too often"><div class="passkey awaited"><input type="hidden" name="passkey">
  <p role="alert" hidden><span></span></p><button type="button">Sign in</button></div></form>
  <p class="without-passkeys" hidden>None here</p>`;

function made(means, options) {
  document.body.innerHTML = FORM;
  const form = document.querySelector("form");
  if (options) form.dataset.options = JSON.stringify(options);
  const sent = [];
  form.submit = () => sent.push(form.querySelector("input").value);
  offer(form, means);
  const [button, alert] = [form.querySelector("button"), form.querySelector("[role=alert]")];
  return { form, sent, button, alert, input: form.querySelector("input") };
}

/** Until everything that was begun has ended. */
const settled = () => new Promise((done) => setTimeout(done));

it("sends what the passkey answers to the challenge of this form", async () => {
  const { form, sent, button } = made({ ask: async (where) => ({ where }) });
  assert.equal(form.querySelector(".awaited"), null);
  button.click();
  assert.equal(button.disabled, true);
  await settled();
  assert.deepEqual(sent, ['{"where":"/ask"}']);
});

it("makes a passkey of the page's own options, also for Enter in a field", async () => {
  const { form, sent } = made({ create: async ({ optionsJSON }) => optionsJSON }, { rp: "x" });
  const event = new Event("submit", { cancelable: true });
  form.dispatchEvent(event);
  await settled();
  assert.equal(event.defaultPrevented, true);
  assert.deepEqual(sent, ['{"rp":"x"}']);
});

it("says what went wrong, and can be pressed again", async () => {
  const named = (name, more = {}) => Object.assign(new Error("said in English"), { name, ...more });
  const wrong = [
    [named("NotAllowedError"), "given up"],
    [named("InvalidStateError"), "known"],
    [named("ConstraintError"), "unfit"],
    [named("Error", { code: "ERROR_AUTHENTICATOR_MISSING_USER_VERIFICATION_SUPPORT" }), "unfit"],
    [named("SecurityError"), "failed"],
    [new TypeError("no network"), "failed"],
  ];
  for (const [error, words] of wrong) {
    const { button, alert, sent } = made({ ask: () => Promise.reject(error) });
    button.click();
    await settled();
    assert.deepEqual([alert.hidden, alert.textContent, button.disabled], [false, words, false]);
    assert.deepEqual(sent, []);
  }
});

it("says that there were too many tries when the server says so", async (t) => {
  t.mock.method(globalThis, "fetch", async () => new Response("", { status: 429 }));
  const { button, alert } = made({});
  button.click();
  await settled();
  assert.equal(alert.textContent, "too often");
});

it("forgets what was sent for whoever comes back", () => {
  const { input, button } = made({});
  input.value = "used up";
  button.disabled = true;
  window.dispatchEvent(new Event("pageshow"));
  assert.deepEqual([input.value, button.disabled], ["", false]);
});

it("is not there where the browser knows no passkeys, and the page says so", () => {
  document.body.innerHTML = FORM;
  withdraw(document.querySelector("form"));
  assert.equal(document.querySelector(".passkey").hidden, true);
  assert.equal(document.querySelector(".without-passkeys").hidden, false);
});
