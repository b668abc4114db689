import assert from "node:assert/strict";
import { it } from "node:test";
import { speak, t, tn } from "../../static/js/i18n.js";

it("takes the form for the number in languages with three forms and more", () => {
  speak("pl", {
    "%(n)s place": { one: "%(n)s miejsce", few: "%(n)s miejsca", many: "%(n)s miejsc", other: "%(n)s miejsca" },
  });
  const said = (n) => tn("%(n)s place", "%(n)s places", n);
  assert.deepEqual([1, 2, 5, 12, 22, 25].map(said), [
    "1 miejsce",
    "2 miejsca",
    "5 miejsc",
    "12 miejsc",
    "22 miejsca",
    "25 miejsc",
  ]);
  assert.equal(said(12_345).replace(/\s/g, " "), "12 345 miejsc");
});

it("falls back to the message itself", () => {
  speak("uk", {});
  assert.equal(t("Open until %(time)s", { time: "18:00" }), "Open until 18:00");
  assert.equal(tn("%(n)s place", "%(n)s places", 1), "1 place");
  assert.equal(tn("%(n)s place", "%(n)s places", 21), "21 places");
});

it("leaves a placeholder that nobody fills, and fills no other text", () => {
  speak("en", { Hello: "Hi %(name)s" });
  assert.equal(t("Hello", { other: "x" }), "Hi %(name)s");
  assert.equal(t("Hello", { name: "%(time)s" }), "Hi %(time)s");
});

it("puts inner quotation marks into a name between quotation marks, as the server does", () => {
  const kitchen = { name: "Kuchnia „Pod Kasztanem”" };
  for (const [written, said] of [
    ["„%(name)s”", "„Kuchnia «Pod Kasztanem»”"],
    ["«%(name)s»", "«Kuchnia „Pod Kasztanem“»"],
    ["“%(name)s”", "“Kuchnia ‘Pod Kasztanem’”"],
    ["„%(name)s“", "„Kuchnia ‚Pod Kasztanem‘“"],
  ]) {
    speak("pl", { Remove: written });
    assert.equal(t("Remove", kitchen), said);
  }
  speak("pl", {});
  assert.equal(t("Of %(name)s", kitchen), "Of Kuchnia „Pod Kasztanem”");
});
