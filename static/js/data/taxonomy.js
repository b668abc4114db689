/** Names, icons and families of the services, as the server gives them in the language of the page. */

export const FAMILIES = /** @type {const} */ (["food", "shelter", "health", "law", "support", "learning"]);

/** @typedef {(typeof FAMILIES)[number]} Family */
/** @typedef {{ code: string, name: string, icon: string, family: Family, group: string, discreet?: boolean }} Service */
/** @typedef {{ services: Service[], families: { code: Family, name: string, short: string }[] }} TaxonomyData */

export class Taxonomy {
  /** @param {Partial<TaxonomyData>} [data] */
  constructor(data = {}) {
    this.services = new Map((data.services ?? []).map((service) => [service.code, service]));
    this.families = new Map((data.families ?? []).map((family) => [family.code, family.short]));
  }

  /**
   * The service that stands for a place: its first one that the filter asks for, otherwise its first one. Its family
   * gives the marker's shape and colour, its icon the drawing. Unknown codes (a newer server) fall back to `family`.
   * Who has no services is an organisation, which is drawn as in the list (app/pages/views/hit.py).
   * @param {readonly string[]} codes
   * @param {string | undefined} family
   * @param {ReadonlySet<string>} [wanted] codes of services and groups, and families as `family:food`
   * @returns {{ family: Family, icon: string }}
   */
  lead(codes, family, wanted) {
    const known = codes.flatMap((code) => {
      const service = this.services.get(code);
      return service ? [service] : [];
    });
    const asked = wanted?.size
      ? known.find(({ code, group, family: own }) => [code, group, `family:${own}`].some((word) => wanted.has(word)))
      : undefined;
    const service = asked ?? known[0];
    const own = FAMILIES.find((name) => name === family) ?? "support";
    return {
      family: asked || !family ? (service?.family ?? own) : own,
      icon: service?.icon ?? (codes.length ? "map-pin" : "building-2"),
    };
  }

  /** Whether a place has a service that nobody else is to find on this device; `null` where one of them is not known.
   * @param {readonly string[]} codes
   */
  isDiscreet(codes) {
    const services = codes.map((code) => this.services.get(code));
    if (services.some((service) => service?.discreet)) return true;
    return services.every(Boolean) ? false : null;
  }

  /** Names of services, those that are not known left out.
   * @param {readonly string[]} codes
   */
  names(codes) {
    return codes.flatMap((code) => this.services.get(code)?.name ?? []);
  }

  /** The short name, as on a chip.
   * @param {Family} family
   */
  familyName(family) {
    return this.families.get(family) ?? family;
  }
}
