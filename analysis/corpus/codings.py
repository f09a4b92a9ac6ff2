"""Codings: what readers have found in paragraphs. The study's own, and sheets for others to fill in."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import regex

from analysis.corpus import Study, document_rows
from analysis.corpus.readers import csv_records
from analysis.corpus.search import row_at, sentence_ids
from analysis.errors import OptionError, Problem, StudyError

COLUMNS = ("coder", "doc_id", "paragraph", "code", "words")
HEAD = ("unit", "text", "read")  # of a sheet; then the codes
LIKE_A_SEED = regex.compile("[0-9]{1,20}")  # with which a sheet was drawn
MARKS = {"": False, "0": False, "no": False, "1": True, "x": True, "yes": True}
MARK_REMEDY = "Keep the units as they are, one row each, and mark with 1, x or yes, or with words of the paragraph."


def read_codings(study: Study, path: str | Path | None = None) -> pd.DataFrame:
    """Read a table of codings: a CSV file with one row for each code that a coder gave a paragraph.

    Parameters
    ----------
    study : Study
        Whose paragraphs were coded.
    path : path, optional
        By default ``codings.csv`` in the folder of the study, which need not be there. With the columns ``coder``;
        ``doc_id`` and ``paragraph``; ``code``, of the codebook, or empty in the one row of a paragraph that was read
        and given none; ``words``, those of the paragraph that carry the code, verbatim.

    Returns
    -------
    pandas.DataFrame
        These columns; ``start`` and ``end``, the place of the words in the document’s file; and ``sentence_id``, that
        of the sentence in which they begin.

    Raises
    ------
    StudyError
        With every row whose paragraph, code or words there are not.

    Examples
    --------
    >>> from analysis.corpus import SEEDS, load
    >>> table = read_codings(load(), SEEDS / "codings.csv")
    >>> bool((table["end"] - table["start"] == table["words"].str.len()).all())
    True
    """
    optional, path = path is None, Path(path or study.folder / "codings.csv")
    records, problems = csv_records(path, COLUMNS, optional=optional)
    places = {
        (d, str(n)): (a, b) for d, n, a, b in study.paragraphs[["doc_id", "paragraph", "start", "end"]].to_numpy()
    }
    rows, codes = [], {"", *(codebook(study)["code"] if records else ())}
    for number, record in records:
        coder, doc_id, paragraph, code, words = (record[column].strip() for column in COLUMNS)
        begin, end = places.get((doc_id, paragraph), (-1, -1))
        at = study.texts[doc_id].find(words, begin, end) if begin >= 0 else -1
        for wrong, what, remedy in (
            (not coder, "no coder is named", "Say whose reading it is."),
            (begin < 0, f"there is no paragraph {paragraph} of a document {doc_id}", "Look at the document’s page."),
            (code not in codes, f"there is no code “{code}”", f"Choose one of: {', '.join(sorted(codes - {''}))}."),
            (bool(code) != bool(words), "a code and its words belong together", "Give both, or neither."),
            (begin >= 0 and at < 0, f"“{words}” does not stand in that paragraph", "Copy the words as they stand."),
        ):
            if wrong:
                problems.append(Problem(path.name, what, remedy, number))
        rows.append((coder, doc_id, int(paragraph) if paragraph.isdecimal() else 0, code, words, at, at + len(words)))
    if problems:
        raise StudyError(*problems)
    table = pd.DataFrame(rows, columns=[*COLUMNS, "start", "end"])
    sentence = row_at(study, study.sentences, document_rows(study, table["doc_id"]), table["start"].to_numpy())
    ids = sentence_ids(study.sentences.iloc[sentence]).to_numpy()
    return table.assign(sentence_id=np.where(table["code"] != "", ids, ""))


def codebook(study: Study) -> pd.DataFrame:
    """Return the codes of the study’s codebook: frames first, then functions.

    Parameters
    ----------
    study : Study

    Returns
    -------
    pandas.DataFrame
        One row per code.

        - ``code``; ``axis``, ``frame`` or ``function``
        - ``title``, ``definition``, ``include``, ``exclude``, ``example``: what the codebook says
        - ``policy_frame``, ``generic_frame``: the nearest frame of the Policy Frames Codebook [1]_, and of Semetko and
          Valkenburg [2]_; empty if there is none

    Raises
    ------
    StudyError
        The study has no codebook.

    References
    ----------
    .. [1] Boydstun, A. E., Card, D., Gross, J. H., Resnik, P. & Smith, N. A. (2014). Tracking the development of media
       frames within and across policy issues. APSA 2014 Annual Meeting Paper.
    .. [2] Semetko, H. A. & Valkenburg, P. M. (2000). Framing European politics: a content analysis of press and
       television news. Journal of Communication, 50(2), 93–109.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> set(codebook(load())["axis"]) <= {"frame", "function"}
    True
    """
    if study.frames.empty:
        raise StudyError(Problem("frames.yml", "the study has no codebook", "Write one into this file."))
    axes = {"frame": study.frames, "function": study.functions}
    axes = [table.rename(columns={axis: "code"}).assign(axis=axis) for axis, table in axes.items()]
    columns = ["code", "axis", "title", "definition", "include", "exclude", "example", "policy_frame", "generic_frame"]
    return pd.concat(axes, ignore_index=True)[columns]


def judgements(study: Study, codings: pd.DataFrame) -> pd.DataFrame:
    """Return whether each coder gave each code to each paragraph of the study that she read.

    Parameters
    ----------
    study : Study
    codings : pandas.DataFrame
        From `read_codings`.

    Returns
    -------
    pandas.DataFrame
        One row per coder, paragraph and code, for `reliability.agreement`.

        - ``coder``
        - ``document``, ``unit``: the paragraph, and the document that it is of
        - ``code``; ``given``, whether the coder gave it

    Raises
    ------
    StudyError
        The study has no codebook.

    Notes
    -----
    A paragraph was read by a coder if she has a row for it, were it an empty one.

    Examples
    --------
    >>> from analysis.corpus import SEEDS, load
    >>> study = load()
    >>> table = judgements(study, read_codings(study, SEEDS / "codings.csv"))
    >>> len(table) % len(codebook(study))
    0
    """
    own = codings["doc_id"].isin(set(study.documents["doc_id"]))
    read = codings.loc[own, ["coder", "doc_id", "paragraph"]].drop_duplicates()
    table = read.merge(codebook(study)[["code"]], how="cross")
    keys = [*read.columns, "code"]
    given = pd.MultiIndex.from_frame(table[keys]).isin(pd.MultiIndex.from_frame(codings[keys]))
    unit = table["doc_id"] + "-" + table["paragraph"].astype(str)
    return table.assign(document=table["doc_id"], unit=unit, given=given)[
        ["coder", "document", "unit", "code", "given"]
    ]


def coding_sheet(study: Study, *, sample: int, random_state: int = 0) -> pd.DataFrame:
    """Return paragraphs for a reader to code, in random order, without a word on where they are from.

    Parameters
    ----------
    study : Study
    sample : int
        How many paragraphs to draw, each as likely as any other.
    random_state : int
        The same number draws the same paragraphs in the same order.

    Returns
    -------
    pandas.DataFrame
        ``unit``, a name that says nothing; ``text``; ``read``, to be marked when the paragraph has been read; and a
        column for each code of the codebook, to be marked where it applies: see `read_sheet`.

    Raises
    ------
    StudyError
        More paragraphs than there are, or fewer than 1; a random state below 0; or no codebook.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> coding_sheet(load(), sample=2)[["read"]].to_numpy().tolist()
    [[''], ['']]
    """
    if not 1 <= sample <= len(study.paragraphs):
        what = f"{sample} paragraphs cannot be drawn from {len(study.paragraphs)}"
        raise OptionError(Problem("sample", what, "Give a number in between."))
    if random_state < 0:
        raise OptionError(Problem("random_state", f"{random_state} is below 0", "Give 0 or more."))
    rows = np.random.default_rng(random_state).permutation(len(study.paragraphs))[:sample]
    chosen = study.paragraphs.iloc[rows]
    text = [study.texts[d][a:b] for d, a, b in chosen[["doc_id", "start", "end"]].itertuples(index=False)]
    table = pd.DataFrame({"unit": _units(chosen, random_state), "text": text, "read": ""})
    return table.assign(**dict.fromkeys(codebook(study)["code"], ""))


def read_sheet(study: Study, path: str | Path) -> pd.DataFrame:
    """Read a filled-in sheet as rows of ``codings.csv``; the coder is the path of the file without its ending.

    Parameters
    ----------
    study : Study
        The one from which the sheet was drawn.
    path : path
        A CSV file as `coding_sheet` gives it. A code is marked with ``1``, ``x`` or ``yes``, or with the words of the
        paragraph that carry it, copied as they stand.

    Returns
    -------
    pandas.DataFrame
        ``coder``, ``doc_id``, ``paragraph``, ``code`` and ``words``, as `read_codings` reads them, and for
        `judgements`: where a code is marked without words, the paragraph; a paragraph that was read and given no code
        has one row with the last two empty. Those that were not read are left out.

    Raises
    ------
    StudyError
        With every row that is no paragraph of the study, stands there twice, or holds a mark that is none; or no
        paragraph is marked as read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from analysis.corpus import load
    >>> study = load()
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "sheet.csv")
    ...     coding_sheet(study, sample=3).assign(read="x").to_csv(path, index=False)
    ...     read_sheet(study, path)["words"].tolist()
    ['', '', '']
    """
    path, codes = Path(path), list(codebook(study)["code"])
    records, problems = csv_records(path, (*HEAD, *codes))
    paragraphs = _drawn(study, {record["unit"] for _, record in records})
    coder, rows, seen = str(path.with_suffix("")), [], set()
    for number, record in records:
        unit = record["unit"]
        doc_id, paragraph, text = paragraphs.get(unit, ("", 0, ""))
        given = {code: _words(record[code].strip(), text) for code in codes}
        if unit not in paragraphs:
            wrong = [f"the unit “{unit}” is no paragraph of this study"]
        else:
            wrong = [f"the unit “{unit}” stands there twice"] * (unit in seen) + _wrong_marks(record, given)
        seen.add(unit)
        problems += [Problem(path.name, what, MARK_REMEDY, number) for what in wrong]
        if MARKS.get(_mark(record["read"])) and not wrong:
            found = [(code, words) for code, words in given.items() if words] or [("", "")]
            rows += [(coder, doc_id, paragraph, *one) for one in found]
    if not rows and not problems:
        problems.append(Problem(path.name, "no paragraph is marked as read", "Mark those that you have read."))
    if problems:
        raise StudyError(*problems)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _drawn(study: Study, units: set[str]) -> dict[str, tuple[str, int, str]]:
    """The paragraphs of the study by the names that they have in sheets drawn with the same random states."""
    seeds = {unit.partition("-")[0] for unit in units}
    places = study.paragraphs[["doc_id", "paragraph", "start", "end"]].itertuples(index=False)
    paragraphs = [(doc_id, number, study.texts[doc_id][start:end]) for doc_id, number, start, end in places]
    named = [zip(_units(study.paragraphs, int(seed)), paragraphs) for seed in seeds if LIKE_A_SEED.fullmatch(seed)]
    return {unit: paragraph for own in named for unit, paragraph in own}


def _wrong_marks(record: dict[str, str], given: dict[str, str | None]) -> list[str]:
    """What is wrong with the marks of a row of a sheet."""
    read = MARKS.get(_mark(record["read"]))
    wrong = [f"“{record['read']}” in the column read is no mark"] if read is None else []
    wrong += [
        f"“{record[code]}” in the column {code} is no mark, nor does it stand in the paragraph"
        for code, words in given.items()
        if words is None
    ]
    return wrong + ["it has codes but is not marked as read"] * (read is False and any(given.values()))


def _words(cell: str, text: str) -> str | None:
    """The words that carry a code: those of the cell, or with a mark the whole paragraph; none, or no such words."""
    if _mark(cell) in MARKS:
        return text if MARKS[_mark(cell)] else ""
    whole = regex.search(rf"(?w)\b{regex.escape(cell)}\b", text)  # so that a slip such as “y” is not taken for words
    return cell if whole and regex.search(r"\p{L}", cell) else None


def _mark(cell: str) -> str:
    return cell.strip().lower()


def _units(paragraphs: pd.DataFrame, seed: int) -> list[str]:
    """Names of paragraphs that tell nothing but can be found again."""
    keys = zip(paragraphs["doc_id"], paragraphs["paragraph"])
    return [f"{seed}-{sha256(f'{seed}/{doc_id}/{number}'.encode()).hexdigest()[:8]}" for doc_id, number in keys]
