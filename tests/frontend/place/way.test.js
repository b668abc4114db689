import assert from "node:assert/strict";
import { it } from "node:test";
import { enhanceWays } from "../../../static/js/place/way.js";
import { page } from "../dom.js";

const GEO = "geo:50.8661,20.6286?q=50.8661,20.6286(Kuchnia)";
const APPLE = "https://maps.apple.com/?daddr=50.8661%2C20.6286";
const STREETS = "https://www.openstreetmap.org/directions?to=50.8661%2C20.6286";
const PAGE = `<a data-way href="${GEO}">Trasa</a><a data-way href="${GEO}">Trasa</a>
  <a data-map="openstreetmap" href="${STREETS}">OpenStreetMap</a><a data-map="apple" href="${APPLE}">Apple Maps</a>`;
const DEVICES = {
  "Mozilla/5.0 (Linux; Android 11; SM-A125F) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36": GEO,
  "Mozilla/5.0 (Mobile; LYF/F90M; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5": GEO,
  "Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X) AppleWebKit/605.1.15 Version/15.0 Mobile/15E148 Safari/604.1":
    APPLE,
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.0 Safari/605.1.15": APPLE,
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36": STREETS,
  "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0": STREETS,
};

for (const [userAgent, address] of Object.entries(DEVICES)) {
  it(`leads to a map that opens: ${userAgent.slice(13, 40)}`, () => {
    const body = page(PAGE);
    enhanceWays(body, { userAgent });
    const ways = [...body.querySelectorAll("[data-way]")].map((way) => way.getAttribute("href"));
    assert.deepEqual(ways, [address, address]);
  });
}

it("leaves a page alone that says no way", () => {
  const body = page("<a href='/'>Pomapa</a>");
  enhanceWays(body, { userAgent: "Mozilla/5.0 (iPhone)" });
  assert.equal(body.querySelector("a").getAttribute("href"), "/");
});
