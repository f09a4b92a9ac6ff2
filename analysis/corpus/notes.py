"""What is worth a look in a study that has no fault."""

from __future__ import annotations

from analysis.corpus import Study
from analysis.corpus.duplicates import NO_COPY
from analysis.corpus.encoding import repair
from analysis.corpus.numbers import count, percent
from analysis.corpus.readers import fingerprint


def notes(study: Study) -> list[str]:
    """Return what is not wrong with a study but worth a look, such as a missing date, a broken encoding or a copy.

    Parameters
    ----------
    study : Study
        Of a folder, not of an index.

    Returns
    -------
    list of str
        A line for each, beginning with the file or document; empty if there is nothing to say.

    Examples
    --------
    >>> from analysis.corpus import load
    >>> all(isinstance(line, str) for line in notes(load()))
    True
    """
    titled = set(study.spans.loc[study.spans["kind"] == "title", "doc_id"])
    remarks = []
    if not (study.folder / "study.yml").exists():
        remarks.append(f"study.yml: there is none; the book is called “{study.about.title}”")
    if study.documents["source"].nunique() == 1:
        remarks.append("documents.csv: all documents are from one source, so no source can be compared with another")
    for doc_id, record in zip(study.documents["doc_id"], study.documents.to_dict("records")):
        if not record["sha256"]:
            digest = fingerprint(study.texts[doc_id].encode())
            remarks.append(f"{doc_id}: no sha256 is recorded, so a change in the file would go unseen; it is {digest}")
        if record["year"] == "undated":
            remarks.append(f"{doc_id}: no date is given; it counts as “undated”")
        if doc_id not in titled:
            remarks.append(f"{doc_id}: its title does not stand at the head of its file as a line of its own")
        if (meant := repair(study.texts[doc_id])[0]) != study.texts[doc_id]:
            changed = sum(a != b for a, b in zip(study.texts[doc_id].split(), meant.split()))
            words = count(changed, "word")
            remarks.append(f"{doc_id}: its encoding was broken once, in {words}; it counts as it was meant")
        if not record["tokens"] and not record["duplicate_of"]:
            remarks.append(f"{doc_id}: nothing is left of it after cleaning")
    for pair in study.duplicates.query("not recorded").itertuples():
        counts = "neither counts" if pair.counted == "neither" else f"only {pair.counted} counts"
        share = f"{percent(pair.containment)} of the shorter stands in the other, so {counts}"
        remedy = f"record in duplicate_of the id of the one that counts, or “{NO_COPY}” to count both"
        remarks.append(f"{pair.doc_id} and {pair.other_id}: {share}; {remedy}")
    return remarks
