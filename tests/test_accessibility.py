"""Each page of the built book in every view: axe finds nothing to hold against it."""

from collections.abc import Sequence

import pytest
from browser import SCHEMES, WIDTHS
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
# What hangs on the colours; of these the contrast takes most of the time, and is measured where a look is new.
COLOURS = ("link-in-text-block",)
CONTRAST = ("color-contrast",)
# Mark the first texts of each look: its colour, whether it is large, and the grounds behind it, one over the other; what
# lies over the page is a ground of its own. Of a single character, and of drawings, the checker cannot tell.
MARK_NEW_JS = """most => {
  window.looks ??= new Map();
  window.parts ??= new Map();
  const own = e => parts.get(e) ?? (parts.set(e, parts.size), parts.get(e));
  const grounds = new Map([[null, '']]);
  const ground = e => {
    if (!grounds.has(e)) {
      const {backgroundColor, backgroundImage, opacity, position} = getComputedStyle(e);
      const apart = /absolute|fixed|sticky/.test(position) ? own(e) : '';
      grounds.set(e, [backgroundColor, backgroundImage, opacity, apart, ground(e.parentElement)].join());
    }
    return grounds.get(e);
  };
  const isSeen = e => {
    const {left, right, bottom} = e.getBoundingClientRect();
    return right > 0 && left < innerWidth && bottom + scrollY > 0
      && e.checkVisibility({visibilityProperty: true, opacityProperty: true});
  };
  const isNew = e => {
    if (![...e.childNodes].some(node => node.nodeType === 3 && node.data.trim().length > 1) || !isSeen(e)) return false;
    const {color, fontSize, fontWeight, textShadow} = getComputedStyle(e), pixels = parseFloat(fontSize);
    const large = pixels >= 24 || (pixels >= 18.66 && fontWeight >= 700);
    const look = [color, large, textShadow, ground(e)].join(), before = looks.get(look) ?? 0;
    looks.set(look, before + 1);
    return before < most;
  };
  return [...document.body.querySelectorAll(':not(svg *)')].filter(e => e.toggleAttribute('data-new', isNew(e))).length;
}"""
MOST = 3  # texts of a look, as the checker may not be able to tell of one


def test_page_is_accessible_in_every_view(visit: Visit) -> None:
    """axe finds no violation at any width in any scheme."""
    visit.page.evaluate(FOLD_JS)
    for width, scheme in VIEWS:
        show(visit.page, width, scheme)
        if scheme == SCHEMES[0]:
            found = barriers(visit.page, but=CONTRAST)
        elif width == WIDTHS[0]:
            found = barriers(visit.page, only=COLOURS)
        else:
            found = weak(visit.page)
        assert found == [], f"{width} px, {scheme}"
    visit.page.evaluate(UNFOLD_JS)


def test_page_is_accessible_with_everything_open(visit: Visit) -> None:
    """axe finds no violation in the code and the lists of sentences that a click opens."""
    show(visit.page, *VIEWS[-1])
    visit.page.evaluate(OPEN_JS)
    visit.page.evaluate(SETTLE_JS)
    assert barriers(visit.page, but=CONTRAST) == []
    visit.page.evaluate(OPEN_JS)


def barriers(page: Page, **rules: Sequence[str]) -> list[str]:
    """What axe finds by some rules, and by that of contrast."""
    return find_barriers(page, **rules) + weak(page)


def weak(page: Page) -> list[str]:
    """What axe finds wrong with the contrast of texts whose look is new."""
    return find_barriers(page, "[data-new]", only=CONTRAST) if page.evaluate(MARK_NEW_JS, MOST) else []
