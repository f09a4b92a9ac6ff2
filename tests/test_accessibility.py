"""Each page of the built book in every view: axe finds nothing to hold against it."""

from collections.abc import Sequence

import pytest
from built import SETTLE_JS, VIEWS, Visit, find_barriers, show
from playwright.sync_api import Page

pytestmark = pytest.mark.built

# What is folded is shown to nobody; the checker would take most of its time to find that out.
FOLD_JS = """() => {
  window.folded = [...document.querySelectorAll('details:not([open]) > :not(summary)')].map(e => [e.parentNode, e]);
  window.folded.forEach(([, e]) => e.remove());
}"""
UNFOLD_JS = "() => window.folded.forEach(([parent, e]) => parent.append(e))"
OPEN_JS = "() => document.querySelectorAll('details').forEach(e => { e.open = !e.open; })"
# What hangs on the width or the colours; the other rules are about the page itself, and are held in one view.
SEEN = ("scrollable-region-focusable", "target-size", "landmark-unique", "link-in-text-block")
CONTRAST = ("color-contrast",)
# Mark what shows a text, large or not, in colours and on grounds in which it has not been shown before.
MARK_NEW_JS = """() => {
  window.looks ??= new WeakMap();
  const grounds = new Map([[null, '']]);
  const ground = e => {
    if (!grounds.has(e)) {
      const {backgroundColor, backgroundImage, opacity} = getComputedStyle(e);
      grounds.set(e, [backgroundColor, backgroundImage, opacity, ground(e.parentElement)].join());
    }
    return grounds.get(e);
  };
  const isSeen = e => {
    const {left, right, bottom} = e.getBoundingClientRect();
    return right > 0 && left < innerWidth && bottom + scrollY > 0
      && e.checkVisibility({visibilityProperty: true, opacityProperty: true});
  };
  let marked = 0;
  for (const e of document.body.querySelectorAll('*')) {
    const shown = [...e.childNodes].some(node => node.nodeType === 3 && node.data.trim()) && isSeen(e);
    const {color, fill, fontSize, fontWeight} = getComputedStyle(e), pixels = parseFloat(fontSize);
    const large = pixels >= 24 || (pixels >= 18.66 && fontWeight >= 700);
    const look = [color, fill, large, ground(e)].join(), seen = looks.get(e) ?? new Set();
    e.toggleAttribute('data-new', shown && !seen.has(look));
    marked += shown && !seen.has(look);
    if (shown) looks.set(e, seen.add(look));
  }
  return marked;
}"""


def test_page_is_accessible_in_every_view(visit: Visit) -> None:
    """axe finds no violation at any width in any scheme."""
    visit.page.evaluate(FOLD_JS)
    for number, (width, scheme) in enumerate(VIEWS):
        show(visit.page, width, scheme)
        assert barriers(visit.page, **({"only": SEEN} if number else {"but": CONTRAST})) == [], f"{width} px, {scheme}"
    visit.page.evaluate(UNFOLD_JS)


def test_page_is_accessible_with_everything_open(visit: Visit) -> None:
    """axe finds no violation in the code and the lists of sentences that a click opens."""
    show(visit.page, *VIEWS[-1])
    visit.page.evaluate(OPEN_JS)
    visit.page.evaluate(SETTLE_JS)
    assert barriers(visit.page, but=CONTRAST) == []
    visit.page.evaluate(OPEN_JS)


def barriers(page: Page, **rules: Sequence[str]) -> list[str]:
    """What axe finds by some rules, and by that of contrast where a look is new: to measure it takes most of its time."""
    found = find_barriers(page, **rules)
    return found + (find_barriers(page, "[data-new]", only=CONTRAST) if page.evaluate(MARK_NEW_JS) else [])
