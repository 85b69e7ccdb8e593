"""A page walked by the Tab key in a real browser: what each stop looks like to who sees it."""

from playwright.sync_api import Page

MOST_STOPS = 150
# Of the element with the focus, once the page is drawn: its words, and whether it shows, has a
# ring and lies uncovered.
_STOP = """async () => {
  for (const _frame of [1, 2]) await new Promise(requestAnimationFrame);
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const label = one.labels && one.labels[0];
  const above = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const own = above && (one.contains(above) || above.contains(one) || label?.contains(above));
  return {
    place: [box.x + scrollX, box.y + scrollY, one.tagName].join(),
    said: (one.innerText || one.getAttribute("aria-label") || one.name || one.tagName).trim(),
    ring: style.outlineStyle !== "none" || style.boxShadow !== "none" || one.tagName === "IFRAME",
    shown: box.width > 0 && box.height > 0,
    uncovered: Boolean(own),
  };
}"""


def tabbed(page: Page) -> tuple[list[str], list[str]]:
    """Press Tab through the whole page; return the words of its stops, and what is wrong there."""
    said: list[str] = []
    wrong: list[str] = []
    begun = ""
    for _press in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        if stop is None or stop["place"] == begun:
            return said, wrong
        begun = begun or stop["place"]
        said.append(stop["said"])
        lacks = [name for name in ("ring", "shown", "uncovered") if not stop[name]]
        wrong += [f"{page.url} {stop['said'][:60]}: not {name}" for name in lacks]
    return said, [*wrong, f"{page.url}: the Tab key does not come to an end"]
