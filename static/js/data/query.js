/**
 * What is asked for, as it stands in the address: filters of several values (`service=a&service=b` or `service=a,b`),
 * words, order, place on the map. One text form only, so that equal questions have equal addresses and caches hit.
 */

/** Parameters that the panel of filters sets. */
export const IN_PANEL = new Set([
  "access",
  "area",
  "audience",
  "audience_mode",
  "checked_since",
  "hours",
  "language",
  "open_at",
  "organisation",
  "service",
  "within",
]);

/** Parameters that decide which places there are; a tile takes no others. */
const FILTERS = new Set([...IN_PANEL, "q"]);

/** Parameters of one value, which may have commas of its own. */
const WHOLE = new Set(["q", "area_name", "bbox", "near", "near_name", "organisation_name", "within"]);

/** @typedef {ReadonlyMap<string, readonly string[]>} Query values in the order of the alphabet, no empty ones */

/**
 * @param {string | URLSearchParams} search
 * @returns {Query}
 */
export function parseQuery(search) {
  /** @type {Map<string, string[]>} */
  const query = new Map();
  for (const [key, value] of new URLSearchParams(search)) {
    const values = isWhole(key) ? [value.trim()] : value.split(",").map((part) => part.trim());
    const all = new Set([...(query.get(key) ?? []), ...values.filter(Boolean)]);
    if (all.size) query.set(key, isWhole(key) ? [...all].slice(0, 1) : [...all].sort());
  }
  return query;
}

/**
 * The text of a query, without `?`: keys in order, values joined by commas.
 * @param {Query} query
 */
export function queryText(query) {
  return [...query.keys()]
    .sort()
    .map((key) => `${encodeURIComponent(key)}=${(query.get(key) ?? []).map(valueText).join(",")}`)
    .join("&");
}

/**
 * The same question with one value more, or without it.
 * @param {Query} query
 * @param {string} key
 * @param {string} value
 * @returns {Query}
 */
export function toggled(query, key, value) {
  const values = new Set(query.get(key) ?? []);
  if (!values.delete(value)) values.add(value);
  return withValues(query, key, [...values]);
}

/**
 * The same question with these values of `key`, from its first page, without what was said of the one before.
 * @param {Query} query
 * @param {string} key
 * @param {readonly string[]} values
 * @returns {Query}
 */
export function withValues(query, key, values) {
  const next = new Map(query);
  for (const once of ["cursor", "left_out", "page"]) next.delete(once);
  const kept = values.filter(Boolean);
  if (kept.length) next.set(key, [...kept].sort());
  else next.delete(key);
  return next;
}

/**
 * Only what decides which places are shown: the query of a tile.
 * @param {Query} query
 * @returns {Query}
 */
export function filtersOf(query) {
  const walks = isOnFoot(query);
  return new Map([...query].filter(([key]) => FILTERS.has(key) || (walks && key === "near")));
}

/** Whether what is asked for has to be open when somebody gets there on foot: the way begins at `near`.
 * @param {Query} query
 */
export function isOnFoot(query) {
  return query.get("open_at")?.[0] === "arrival";
}

/**
 * The question of a form with its moment in one value, as the server writes it: `open_at=in` with `open_in=30` is
 * `PT30M`, `open_at=at` with a day and an hour is both.
 * @param {Query} query
 * @returns {Query}
 */
export function settled(query) {
  const part = (/** @type {string} */ key) => query.get(key)?.[0] ?? "";
  const chosen = part("open_at");
  let next = query;
  if (chosen === "in") next = withValues(next, "open_at", [`PT${part("open_in")}M`]);
  if (chosen === "at") next = withValues(next, "open_at", [`${part("open_day")}T${part("open_hour")}`]);
  for (const key of ["open_in", "open_day", "open_hour"]) if (next.has(key)) next = withValues(next, key, []);
  return next;
}

/** Which choice of the form a value of `open_at` is.
 * @param {string} value
 */
export function kindOfMoment(value) {
  if (value.startsWith("PT")) return "in";
  return /^\d/.test(value) ? "at" : value;
}

/** Words and numbers with commas of their own are one value.
 * @param {string} key
 */
function isWhole(key) {
  return WHOLE.has(key);
}

/** Commas stay as they are: addresses are read by people too.
 * @param {string} value
 */
function valueText(value) {
  return encodeURIComponent(value).replaceAll("%2C", ",");
}
