"""Nothing on a page of the built book needs a mouse."""

import pytest
from browser import SCHEMES, WIDTHS
from built import Visit, show

pytestmark = pytest.mark.built

USABLE = "a[href], button, input, select, textarea, summary, [tabindex='0']"
# Everything that can be used and is shown, each with a number to know it by.
NUMBER_USABLE_JS = """selector => [...document.querySelectorAll(selector)]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && !e.closest('[inert], [aria-hidden="true"]'))
  .filter(e => e.getClientRects().length && e.tabIndex >= 0)
  .map((e, number) => { e.dataset.number = number; return e.cloneNode().outerHTML.slice(0, 120); })"""
# From now on, note what gets the focus, and whether one sees that it has it.
WATCH_FOCUS_JS = """() => {
  window.reached = {};
  document.activeElement.blur();
  addEventListener('focusin', ({target}) => {
    const style = getComputedStyle(target);
    window.reached[target.dataset.number] = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
  });
}"""
SCROLLERS_JS = """() => [...document.querySelectorAll('body *')]
  .filter(e => e.checkVisibility() && /auto|scroll/.test(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1)
  .filter(e => e.clientWidth && e.tabIndex < 0 && !e.querySelector('a[href], button, summary'))
  .map(e => e.cloneNode().outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("width", [WIDTHS[0], WIDTHS[-1]])
def test_keys_alone_reach_everything(visit: Visit, width: int) -> None:
    """Tab leads to everything that can be used, and one sees where the focus is; what scrolls sideways can be focused."""
    page = visit.page
    show(page, width, SCHEMES[0])
    usable = page.evaluate(NUMBER_USABLE_JS, USABLE)
    page.evaluate(WATCH_FOCUS_JS)
    for _ in range(len(usable) + 2):  # the key is held down, which takes half the time
        page.keyboard.down("Tab")
    page.keyboard.up("Tab")
    reached = page.evaluate("() => window.reached")
    assert usable
    assert [what for number, what in enumerate(usable) if str(number) not in reached] == [], "not reached"
    assert [what for number, what in enumerate(usable) if not reached[str(number)]] == [], "reached, but not seen"
    assert page.evaluate(SCROLLERS_JS) == [], "scrolls, but not by keys"
