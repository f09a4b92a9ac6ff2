"""The page Explore: every sentence of a study in a table, which a script in the browser makes a concordance of.

The table is the only copy of the data; the script, `analysis/site/explore.js`, reads it there. Without scripts the
table stands for itself.
"""

from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd

from analysis.corpus import Study
from analysis.measures.actors import mentions
from analysis.measures.frames import cue_hits
from analysis.report.evidence import CONTROLS, as_html, dates_of, sentence_link

FORM = """
<form class="explore" id="explore-form" role="search" aria-label="Sentences" autocomplete="off" hidden>
<label class="what">Look for <select name="what"><option value="">words</option>
<option value="regex">a regular expression</option>{choices}</select></label>
<label class="query">Search <input type="search" name="find" autocapitalize="off" spellcheck="false"
 enterkeyhint="search" aria-describedby="explore-status"></label>
<label>Source <select name="source"><option value="">all</option>{sources}</select></label>
<label>Year <select name="year"><option value="">all</option>{years}</select></label>
<label class="order">Order by <select name="sort"><option value="">place in text</option>
<option value="left">words before</option><option value="right">words after</option></select></label>
<p class="found" id="explore-status" role="status"></p>
<span class="buttons"><button type="button" name="link">Copy link</button>
<button type="button" name="clear">Clear</button></span>
</form>
<ol class="lines" id="explore-lines" aria-label="Lines" hidden></ol>
<p><button type="button" id="explore-more" hidden></button></p>
""".strip()

PAGE = """---
nosearch: true
html_theme.sidebar_secondary.remove: true
---

# Explore

*Where does a word stand, and what stands around it?*

:::{{dropdown}} How to search

- **Words** are whole words, in small letters or capitals, with or without ’s. `*` stands for any characters of a word
  and `?` for one, as in `work*`. Several words are found where they follow each other within a sentence.
- **A regular expression** fits the text as it is spelled. One that begins with `(?i)` takes small letters for capitals.
{kinds}- **Source** and **year** leave out the other documents. As in the tables of the book, a document whose date may
  lie in two years stands under the two together, and one without a date under “undated”.
- **The order** by the words before or after begins with the nearest word, so that what is said in the same way stands
  together.
- **Copy** takes a sentence with its source, title, date and address. The number of a line leads to its place in the
  document.
- **Send a view on**: the address of this page holds all that you chose.
- **Keys**: `/` goes to the search, Escape there clears it, Tab goes through the lines.
:::

```{{raw}} html
{form}
<noscript><p>The search needs scripts, which are off. These are all sentences.</p></noscript>
<div class="sentences" id="explore-sentences" role="region" aria-label="All sentences" tabindex="0">
<table>
<thead><tr>
<th scope="col">Sentence</th><th scope="col">Source</th><th scope="col">Date</th><th scope="col">Text</th>
</tr></thead>
{documents}
</table>
</div>
```
"""
ACTORS = "- **An actor** is found under all names that the study lists for it.\n"
FRAMES = "- **A frame** is found by its cues. A cue is a hint: the sentence may hold the word and not the frame.\n"


def explore_page(study: Study) -> str:
    """Return the page Explore in Markdown."""
    actors = {} if study.actors.empty else dict(zip(study.actors["actor"], study.actors["actor"]))
    frames = {} if study.frames.empty else dict(zip(study.frames["frame"], study.frames["title"]))
    marks = {
        "actors": _marks(study, mentions(study), "actor", actors) if actors else {},
        "frames": _marks(study, cue_hits(study), "frame", frames) if frames else {},
    }
    choices = _group("An actor", "actor", actors) + _group("A frame", "frame", frames)
    listed = study.documents[study.documents["sentences"] > 0]
    form = FORM.format(choices=choices, sources=_options(listed["source"]), years=_options(listed["year"]))
    rows = dict(list(study.sentences.groupby("doc_id", sort=False, observed=True)))
    documents = [_document(record, rows[record["doc_id"]], marks) for record in listed.to_dict("records")]
    kinds = ACTORS * bool(actors) + FRAMES * bool(frames)
    return PAGE.format(form=form, documents="\n".join(documents), kinds=kinds)


def _document(record: dict, sentences: pd.DataFrame, marks: dict[str, dict[str, str]]) -> str:
    """The rows of a document's sentences; what a citation says besides stands in attributes."""
    cells = f"<td>{as_html(record['source'])}</td><td>{as_html(dates_of(record))}</td>"
    address = record["url"] if record["url"].startswith(("http://", "https://")) else ""
    about = {"title": record["title"] or record["file"], "year": record["year"], "address": address}
    rows = "\n".join(
        f"<tr{_attributes(paragraph=str(paragraph), **{kind: found.get(one, '') for kind, found in marks.items()})}>"
        f"<td>{sentence_link(one)}</td>{cells}<td>{as_html(text)}</td></tr>"
        for one, paragraph, text in sentences[["sentence_id", "paragraph", "text"]].itertuples(index=False)
    )
    return f"<tbody{_attributes(**about)}>\n{rows}\n</tbody>"


def _marks(study: Study, hits: pd.DataFrame, label: str, names: dict[str, str]) -> dict[str, str]:
    """Where in the text of a sentence, as shown, something stands: ``2:0-7`` for the third name in the first word.

    Places are counted as scripts do, in units of UTF-16.
    """
    at = pd.Index(study.sentences["sentence_id"]).get_indexer(hits["sentence_id"])
    begins, texts = (study.sentences[c].to_numpy()[at] for c in ("start", "text"))
    number = pd.Index(list(names)).get_indexer(hits[label])
    first, last = (np.array(hits[side]) - begins for side in ("start", "end"))
    found: dict[str, list[str]] = {}
    for one, n, text, a, b in zip(hits["sentence_id"], number, texts, first, last):
        start = _shown_length(text[:a] + "|") - 1
        found.setdefault(one, []).append(f"{n}:{start}-{start + _shown_length(text[a:b])}")
    return {one: " ".join(places) for one, places in found.items()}


def _shown_length(text: str) -> int:
    """How many units of UTF-16 a text has on one line."""
    return len(" ".join(text.split()).encode("utf-16-le", "surrogatepass")) // 2


def _group(title: str, kind: str, names: dict[str, str]) -> str:
    """The choices of one kind, under a title; nothing where there are none."""
    options = "".join(
        f'<option value="{_plain(f"{kind}:{name}")}">{_plain(text)}</option>' for name, text in names.items()
    )
    return options and f'\n<optgroup label="{title}">{options}</optgroup>'


def _options(values: pd.Series) -> str:
    """The different values, in order, as choices."""
    return "".join(f"<option>{_plain(value)}</option>" for value in sorted(set(values)))


def _attributes(**values: str) -> str:
    """Attributes of data, those that are empty left out."""
    return "".join(f' data-{name}="{_plain(value)}"' for name, value in values.items() if value)


def _plain(text: str) -> str:
    """Text for an attribute or a choice, where there can be no markup; shown as `as_html` shows it."""
    shown = CONTROLS.sub(lambda match: f"U+{ord(match.group()):04X}", " ".join(text.split()))
    return escape(shown).replace("`", "&#96;")
