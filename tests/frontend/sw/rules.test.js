import assert from "node:assert/strict";
import { it } from "node:test";
import { isAllowed, isDown, isForbidden, isGone, languageOf, mayKeep, ruleOf } from "../../../static/js/sw/rules.js";

const ORIGIN = "https://pomapa.test";

/** @param {string} path */
function rule(path, { method = "GET", mode = "navigate", headers = {} } = {}) {
  const url = path.startsWith("http") ? path : ORIGIN + path;
  return ruleOf({ method, url, mode, headers: new Headers(headers) }, ORIGIN);
}

it("answers pages of everybody, files, pictures and the finder's questions", () => {
  assert.equal(rule("/"), "start");
  assert.equal(rule("/uk/"), "page");
  assert.equal(rule("/uk/?service=family%3Afood"), "page");
  assert.equal(rule("/pl/aid_points/00000000-0000-0000-0000-000000000001/jadlo"), "page");
  assert.equal(rule("/static/finder-2CMCZKVF.js", { mode: "cors" }), "file");
  assert.equal(rule("/static/messages-pl-6BAD264C7D.json", { mode: "cors" }), "file");
  assert.equal(rule("/tiles/base/7/71/42", { mode: "no-cors" }), "tile");
  assert.equal(rule("/api/v1/tiles/aid_points/7/71/42.geojson", { mode: "cors" }), "answer");
  assert.equal(rule("/api/v1/areas/PL-26.geojson", { mode: "cors" }), "answer");
  assert.equal(rule("/uk/?q=x", { mode: "cors", headers: { "X-Fragment": "results" } }), "answer");
});

it("lets everything else pass untouched", () => {
  for (const path of ["/desk", "/desk/sign-in/abc", "/healthz", "/service-worker.js", "/api/v1/search?q=a", "/fr/"])
    assert.equal(rule(path), null, path);
  for (const second of ["status", "sent", "confirm"]) assert.equal(rule(`/uk/${second}/token`), null, second);
  assert.equal(rule("/uk/", { method: "POST" }), null);
  assert.equal(rule("/uk/", { method: "HEAD" }), null);
  assert.equal(rule("https://elsewhere.test/uk/"), null);
  assert.equal(rule("/tiles/base.pmtiles", { headers: { Range: "bytes=0-99" } }), null);
  assert.equal(rule("/static/logo.svg"), null);
  assert.equal(rule("/uk/", { mode: "cors" }), null);
});

it("keeps only what is whole, everybody's and said to be so", () => {
  const answer = (status, control, type = "basic") =>
    mayKeep({ status, type, headers: new Headers(control ? { "Cache-Control": control } : {}) });
  assert.ok(answer(200, "public, max-age=60"));
  assert.ok(!answer(200, "no-store"));
  assert.ok(!answer(200, "public, no-store"));
  assert.ok(!answer(200, "private"));
  assert.ok(!answer(200, ""));
  assert.ok(!answer(206, "public"));
  assert.ok(!answer(404, "public"));
  assert.ok(!answer(200, "public", "opaque"));
});

it("keeps nothing that the server does not allow, and no file to download", () => {
  const allowed = (headers) => isAllowed({ headers: new Headers(headers) });
  assert.ok(allowed({ "X-Keep": "yes" }));
  assert.ok(!allowed({}));
  assert.ok(!allowed({ "X-Keep": "no" }));
  assert.ok(!allowed({ "X-Keep": "yes", "Content-Disposition": 'attachment; filename="a.csv"' }));
});

it("takes back what is gone and what it may not keep, on our own server's word alone", () => {
  const answer = (status, headers = {}, type = "basic") => ({ status, type, headers: new Headers(headers) });
  const kept = { "Cache-Control": "public, max-age=60", "X-Keep": "yes" };
  assert.deepEqual(
    [200, 301, 404, 410, 422, 429, 500, 503].filter((status) => isGone(answer(status))),
    [404, 410],
  );
  assert.ok(!isGone(answer(404, {}, "opaque")));
  assert.ok(!isForbidden(answer(200, kept)));
  assert.ok(isForbidden(answer(200, { "Cache-Control": "public, max-age=60" })));
  assert.ok(isForbidden(answer(200, { "Cache-Control": "no-store", "X-Keep": "yes" })));
  for (const status of [0, 304, 429, 500, 503]) assert.ok(!isForbidden(answer(status)), status);
});

it("takes 502, 503 and 504 for no network, and no other answer", () => {
  assert.deepEqual([200, 404, 429, 500, 502, 503, 504].filter(isDown), [502, 503, 504]);
});

it("reads the language of an address", () => {
  assert.equal(languageOf(`${ORIGIN}/uk/offline`), "uk");
  assert.equal(languageOf(`${ORIGIN}/desk`), null);
});
