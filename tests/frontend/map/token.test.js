import assert from "node:assert/strict";
import { it } from "node:test";
import "../dom.js";
import { clusterArt, ringArt, stateArt, token } from "../../../static/js/map/token.js";

const looks = { family: "food", icon: "soup", state: "open", ring: "full" };
const classOf = (changes) => token("/s.svg", { ...looks, ...changes }).getAttribute("class");

it("says family, state and check in the classes of the look", () => {
  assert.equal(classOf({}), "token fam-food is-open fresh-full");
  assert.equal(classOf({ family: "law", state: "closed", ring: "none" }), "token fam-law is-closed fresh-none");
});

it("has a badge in every state but open, each its own", () => {
  const badge = (state) =>
    token("/s.svg", { ...looks, state })
      .querySelector("g")
      ?.getAttribute("class");
  assert.deepEqual(["open", "soon", "closed", "unknown"].map(badge), [
    undefined,
    "t-badge",
    "t-badge t-badge-c",
    "t-badge t-badge-q",
  ]);
});

it("takes shape and icon from the sprite and is silent for screen readers", () => {
  const art = token("/s.svg", looks);
  assert.deepEqual(
    [...art.querySelectorAll("use")].map((use) => use.getAttribute("href")),
    ["/s.svg#s-food", "/s.svg#i-soup"],
  );
  assert.equal(art.getAttribute("aria-hidden"), "true");
});

it("draws a cluster's donut by share and the shapes of its three largest families", () => {
  const art = clusterArt("/s.svg", { count: 12, families: [6, 2, 4, 0, 0, 0] }, "pl");
  const arcs = [...art.querySelectorAll(".c-seg")].map((arc) => [
    arc.getAttribute("class"),
    arc.getAttribute("stroke-dasharray"),
  ]);
  assert.deepEqual(arcs, [
    ["c-seg fam-food", "48.0 52.0"],
    ["c-seg fam-health", "31.3 68.7"],
    ["c-seg fam-shelter", "14.7 85.3"],
  ]);
  assert.equal(art.querySelectorAll(".c-mini").length, 3);
  assert.equal(art.querySelector("text").textContent, "12");
});

it("draws a cluster of one family whole, and one of unknown families without arcs", () => {
  const arcs = (families) => [...clusterArt("/s.svg", { count: 5, families }, "en").querySelectorAll(".c-seg")];
  assert.equal(arcs([5, 0, 0, 0, 0, 0])[0].getAttribute("stroke-dasharray"), "100.0 0.0");
  assert.deepEqual(arcs([]), []);
});

it("lays a count of more than three signs on a strip, within reach of the ring", () => {
  const strip = (count, lang) => clusterArt("/s.svg", { count, families: [count] }, lang).querySelector(".c-strip");
  assert.equal(strip(984, "pl"), null);
  for (const [count, lang] of [
    [1_300, "pl"],
    [18_000, "uk"],
    [8_900, "ru"],
    [1_300, "de"],
  ]) {
    const width = Number(strip(count, lang)?.getAttribute("width"));
    assert.ok(width > 40 && width < 76, `${count} ${lang}: ${width}`);
  }
});

it("draws the signs before the words as the server does", () => {
  assert.equal(stateArt("unknown").querySelector("circle").getAttribute("class"), "st-line st-dash");
  assert.equal(ringArt("full").querySelectorAll(".r-tick").length, 1);
  assert.equal(ringArt("half").querySelectorAll(".r-tick").length, 0);
});
