import assert from "node:assert/strict";
import { it } from "node:test";
import "../dom.js";
import { fillToken } from "../../../static/js/desk/sign-in.js";

const FORM = '<form><div data-paste><input name="token"></div><button type="submit">Sign in</button></form>';

function made(hash) {
  document.body.innerHTML = FORM;
  const form = document.querySelector("form");
  const place = { hash, pathname: "/desk/sign-in/link", search: "" };
  fillToken(form, place);
  return { form, place, input: form.querySelector("input"), paste: form.querySelector("[data-paste]") };
}

it("takes what signs in out of the address", () => {
  const { input, paste } = made("#abc");
  assert.deepEqual([input.value, paste.hidden], ["abc", true]);
});

it("waits for a link that is pasted into the address of the open page", () => {
  const { place, input, paste } = made("");
  assert.deepEqual([input.value, paste.hidden], ["", false]);
  place.hash = "#later";
  window.dispatchEvent(new Event("hashchange"));
  assert.deepEqual([input.value, paste.hidden], ["later", true]);
});

it("keeps what signs in when somebody goes past the navigation", () => {
  const { place, input } = made("#abc");
  document.body.insertAdjacentHTML("afterbegin", '<main id="content"></main>');
  place.hash = "#content";
  window.dispatchEvent(new Event("hashchange"));
  assert.equal(input.value, "abc");
});
