"""Axe on a page in the colours that it is not in: light, dark, and those that a person's system forces on every page."""

from playwright.async_api import Page

#: Each by what the browser emulates. Only colours differ, so only what is about them is looked at.
EVERY_LOOK: dict[str, dict[str, str]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced": {"color_scheme": "light", "forced_colors": "active"},
}

PRESENT = """() => matchMedia("(forced-colors: active)").matches ? "forced"
  : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light" """
# Colours on their way from one scheme to the other are no fault. Axe reads the fill of letters, which Chromium tells as it
# was before the colours were forced: each gets the colour that it has.
FAULTS = """async () => {
  for (const change of document.getAnimations()) if (change instanceof CSSTransition) change.finish();
  const letters = [...document.body.querySelectorAll("*")].filter(element => element.style);
  const colours = letters.map(element => getComputedStyle(element).color);
  letters.forEach((element, at) => element.style.setProperty("-webkit-text-fill-color", colours[at]));
  const {violations} = await axe.run(document, {resultTypes: ["violations"], runOnly: ["color-contrast", "link-in-text-block"]});
  for (const element of letters) {
    element.style.removeProperty("-webkit-text-fill-color");
    if (!element.getAttribute("style")) element.removeAttribute("style");
  }
  return violations.flatMap(({id, nodes}) => nodes.map(({target, html}) => `${id}: ${target} ${html.slice(0, 120)}`));
}"""


async def faults_in_other_colours(page: Page) -> list[str]:
    """Look at a page on which axe is loaded in each of the other colours, and leave it as it was."""
    present = await page.evaluate(PRESENT)
    faults = []
    for name, look in EVERY_LOOK.items():
        if name != present:
            await page.emulate_media(**look)  # type: ignore[arg-type]
            faults += [f"{name}: {fault}" for fault in await page.evaluate(FAULTS)]
    await page.emulate_media(**EVERY_LOOK[present])  # type: ignore[arg-type]
    return faults
