"""How long the page Explore takes from a key to the lines on the screen, with 5,000 sentences, and what it weighs.

    python benchmarks/keystrokes.py

The study is made up, by a law of Zipf; its sentences stand in the page Explore of the built book (`make book`), in a
browser, as they are and with the processor slowed down four times.
"""

from __future__ import annotations

import csv
import gzip
import itertools
import re
import sys
import tempfile
from pathlib import Path

import numpy as np
from corpus import SYLLABLES
from playwright.sync_api import Browser, sync_playwright

import analysis
from analysis.report.explore import explore_page

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tools"))
from browser import launch, serve  # noqa: E402

SITE = ROOT / "_build" / "html"
PAGE = "book/explore.html"
SENTENCES = 5_250  # some are joined to the next, as one ends like an abbreviation
DOCUMENTS, PARAGRAPH = 50, 4
SOURCES, YEARS = ("Daily Courier", "Evening Herald", "Weekly Review"), range(2001, 2011)
WORDS = 20_000
RAW = re.compile(r'<form class="explore".*?</table>\n</div>', re.DOTALL)
SLOWER = (1, 4)

# The time of a key until the lines stand there and the browser has painted them.
CLOCK = """() => {
  window.durations = [];
  let pressed = 0;
  addEventListener("keydown", (event) => { pressed = event.timeStamp; }, true);
  const painted = new MessageChannel();
  painted.port1.onmessage = () => durations.push(performance.now() - pressed);
  new MutationObserver(() => requestAnimationFrame(() => painted.port2.postMessage(0)))
    .observe(document.getElementById("explore-status"), { childList: true });
}"""


def vocabulary() -> list[str]:
    """Made-up words by falling frequency, the frequent ones short."""
    longer = (map("".join, itertools.product(SYLLABLES, repeat=n)) for n in itertools.count(1))
    return list(itertools.islice(itertools.chain.from_iterable(longer), WORDS))


def write_study(folder: Path) -> None:
    """Write a study of so many sentences, with actors and frames; each is some of the more frequent words."""
    draw, words = np.random.default_rng(0), np.array(vocabulary())
    weight = 1 / (np.arange(WORDS) + 2.7)
    lengths = np.clip(draw.lognormal(3, 0.5, SENTENCES).astype(int), 3, 60)
    drawn = draw.choice(words, lengths.sum(), p=weight / weight.sum())
    sentences = [" ".join(own).capitalize() + "." for own in np.split(drawn, np.cumsum(lengths)[:-1])]
    rows = [["file", "source", "title", "date_from", "date_to", "role", "language", "sha256"]]
    for number, own in enumerate(np.array_split(sentences, DOCUMENTS)):
        paragraphs = (" ".join(own[n : n + PARAGRAPH]) for n in range(0, len(own), PARAGRAPH))
        name, day = f"{number:03}.txt", f"{YEARS[number % len(YEARS)]}-05-01"
        (folder / name).write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")
        rows.append([name, SOURCES[number % len(SOURCES)], f"Title {number}", day, day, "ties", "en", ""])
    with (folder / "documents.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    actors = [f"- {{actor: {word}, kind: state, forms: {{name: [{word}]}}}}" for word in words[100:120]]
    (folder / "actors.yml").write_text("\n".join(actors), encoding="utf-8")
    fields = "title: {0}, definition: d, include: i, exclude: e, example: x"
    frames = [f"- {{{{frame: {{0}}, {fields}, cues: [{{0}}*]}}}}".format(word) for word in words[200:210]]
    (folder / "frames.yml").write_text("\n".join(frames), encoding="utf-8")


def made_up_page(built: str, study: analysis.Study) -> str:
    """The built page Explore with the sentences of another study."""
    raw = RAW.search(explore_page(study)).group()
    return RAW.sub(lambda _: raw, built, count=1)


def searches(words: list[str]) -> list[tuple[str, str, str]]:
    """What is typed: the kind of search, the order, and the keys."""
    frequent, rarer = words[0], words[300]
    plain = [frequent, rarer, f"{frequent} {words[1]}", f"{rarer[:2]}*", f"*{rarer[-1]}", f"{frequent} * {words[2]}"]
    expressions = [rf"\b{rarer[0]}\w+", r"[A-Z]\w+ \w{2}\b", f"(?i){frequent}|{rarer}"]
    return [("", sort, keys) for sort in ("", "left", "right") for keys in plain] + [
        ("regex", "right", keys) for keys in expressions
    ]


def measure(
    browser: Browser, page: str, typed: list[tuple[str, str, str]], *, slower: int
) -> tuple[float, dict[str, list[float]]]:
    """Milliseconds until a page stands, and of every key by the kind of search; each search is typed and deleted."""
    times: dict[str, list[float]] = {}
    with serve(SITE) as address:
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        tab.route(f"{address}{PAGE}", lambda route: route.fulfill(body=page, content_type="text/html; charset=utf-8"))
        tab.context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        tab.goto(address + PAGE)
        tab.wait_for_function("document.getElementById('explore-status').textContent")
        ready = tab.evaluate("performance.now()")
        tab.evaluate(CLOCK)
        for kind, sort, keys in typed:
            tab.select_option("[name=what]", kind)
            tab.select_option("[name=sort]", sort)
            tab.focus("[name=find]")
            name = "regular expression" if kind else "words, sorted" if sort else "words"
            for key in [*keys, *["Backspace"] * len(keys)]:
                tab.evaluate("durations.length = 0")
                tab.keyboard.press(key)
                tab.wait_for_function("durations.length")
                times.setdefault(name, []).append(tab.evaluate("durations[0]"))
        tab.close()
    return ready, times


def main() -> None:
    """Print what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        write_study(Path(folder))
        study = analysis.load(folder)
    page = made_up_page((SITE / PAGE).read_text(encoding="utf-8"), study)
    size, packed = len(page.encode()), len(gzip.compress(page.encode(), mtime=0))
    print(f"{len(study.sentences):,} sentences, {len(study.index.ids):,} words")
    print(f"page: {size / 1e6:.2f} MB, compressed {packed / 1e6:.2f} MB  aim: < 1 MB")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for slower in SLOWER:
            ready, times = measure(browser, page, searches(vocabulary()), slower=slower)
            print(f"processor slowed down {slower} ×: the page stands after {ready:.0f} ms")
            for name, own in times.items():
                middle, most, worst = np.percentile(own, [50, 95, 100])
                figures = f"median {middle:5.0f} ms, 95 % {most:5.0f} ms, worst {worst:5.0f} ms"
                print(f"  {name:<20}{len(own):5} keys  {figures}  aim: < 100 ms", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
