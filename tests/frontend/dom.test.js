import assert from "node:assert/strict";
import { it } from "node:test";
import "./dom.js";
import { el, icon, safeHref } from "../../static/js/dom.js";

const ATTACK = '<img src=x onerror="alert(1)">';

it("makes text of whatever it is given", () => {
  const made = el("p", { title: ATTACK }, ATTACK, null, false, el("b", {}, "x"));
  assert.equal(made.querySelector("img"), null);
  assert.equal(made.textContent, `${ATTACK}x`);
  assert.equal(made.getAttribute("title"), ATTACK);
});

it("sets, leaves out and listens", () => {
  let clicks = 0;
  const made = el("button", {
    hidden: true,
    "data-x": null,
    disabled: false,
    onclick: () => {
      clicks += 1;
    },
  });
  made.click();
  assert.deepEqual(
    [made.hasAttribute("hidden"), made.hasAttribute("data-x"), made.hasAttribute("disabled"), clicks],
    [true, false, false, 1],
  );
  assert.equal(icon("/s.svg", "phone").querySelector("use").getAttribute("href"), "/s.svg#i-phone");
});

it("links only to addresses that run nothing", () => {
  for (const good of ["https://a.example", "tel:+48415550123", "mailto:a@b.example", "/pl/", "?service=food"])
    assert.equal(safeHref(good), good);
  for (const bad of [
    "javascript:alert(1)",
    "JAVASCRIPT:alert(1)",
    " java\nscript:alert(1)",
    "\u0001javascript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "blob:x",
    "file:///etc/passwd",
    "",
    null,
  ]) {
    assert.equal(safeHref(bad), null, String(bad));
  }
});
