"""The command line: one function per command; all the work is done in the package.

Tables go to standard output, remarks to standard error. The exit status is 0, 1 for bad input, 2 for bad usage.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd

import analysis
from analysis.corpus import Study, default_folder
from analysis.corpus.numbers import count
from analysis.corpus.shards import ENDINGS
from analysis.corpus.study import ROLES
from analysis.errors import OptionError, Problem, StudyError, unknown

FORMATS = ("table", "csv", "json")
PROBLEM = ["file", "what", "remedy", "row"]
BROUGHT = ("codings", "events", "findings", "quotations", "published")  # tables that a study may bring along
SORTS = ("text", "left", "right")


def check(options: argparse.Namespace) -> pd.DataFrame:
    """Read the whole study and list every problem in it."""
    try:
        study = analysis.load(options.study)
    except StudyError as error:
        problems = list(error.problems)
    else:
        problems = _brought_problems(study)
    if problems:
        remark(count(len(problems), "problem"))
        options.status = 1
        return pd.DataFrame([(p.file, p.what, p.remedy, p.row) for p in problems], columns=PROBLEM, dtype=object)
    for line in analysis.notes(study):
        remark(line)
    remark(f"{count(len(study.documents), 'document')}, no problem")
    return pd.DataFrame(columns=PROBLEM)


def _brought_problems(study: analysis.Study) -> list[Problem]:
    """What is wrong with the files that a study may bring along besides its documents and lexicons."""
    from analysis.measures.specifications import false_findings

    problems = []
    for name in (*(f"read_{table}" for table in BROUGHT), "check_commentary"):
        try:
            getattr(analysis, name)(study)
        except StudyError as error:
            problems += error.problems
    return problems or false_findings(study, analysis.read_findings(study))


def new(options: argparse.Namespace) -> pd.DataFrame:
    """Write a study folder from files, tables or exports of many kinds, and say what is left to fill in."""
    pairs = [pair.partition("=") for pair in options.columns]
    left = analysis.new_study(options.folder, options.files, columns={name: column for name, _, column in pairs})
    for line in left:
        remark(f"fill in {line}")
    remark(f"then: python -m analysis check --study {options.folder}")
    table = pd.read_csv(Path(options.folder) / "documents.csv", dtype=str, keep_default_na=False)
    return table[["file", "source", "title", "date_from", "date_to", "role", "note"]]


def index(options: argparse.Namespace) -> pd.DataFrame:
    """Make an index of a large corpus in Parquet or JSON Lines files; goes on where it was broken off."""
    inside = (path for folder in options.paths for path in sorted(Path(folder).rglob("*")) if path.is_file())
    out = Path(options.out).resolve()
    others = [p for p in inside if p.suffix.lower() not in ENDINGS and out not in p.resolve().parents]
    if others:
        remark(f"Left out, as no {' or '.join(ENDINGS)} file: {len(others)}, such as {others[0]}.")
    return analysis.make_index(options.paths, options.out, scheduler=options.scheduler, processes=options.processes)


def documents(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """List the documents, with what was kept and what was removed."""
    return study.documents


def duplicates(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """List pairs of documents that share most of their text, with the overlap and the one that counts."""
    return study.duplicates


def residue(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """List what cleaning removed, with its place in the file and the rule that took it."""
    return analysis.residue(study)


def frequency(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """Count terms, or n-grams, by source, year or document."""
    return analysis.frequency(study, by=options.by, ngram=options.ngram, interval=options.interval)


def keyness(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """Compare the terms of one group with those of another, of all others, or of a list; or each group with each."""
    if options.target is None:
        _only_with("--target", options, "reference", "reference_list", "test")
        measures = {"measures": options.measures} if options.measures else {}
        return analysis.keyness_pairs(study, by=options.by, ngram=options.ngram, **measures)
    groups = {"target": options.target, "reference": options.reference, "by": options.by, "ngram": options.ngram}
    if options.test:
        _refuse("--test", options, "measures", "reference_list")
        table = analysis.keyness_test(study, **groups)
    else:
        given = analysis.read_counts(options.reference_list) if options.reference_list else None
        measures = options.measures or ("g2", "log_ratio")
        table = analysis.keyness(study, **groups, measures=measures, reference_list=given)
    if not options.reference_list:
        compared = [options.target, options.reference] if options.reference else [options.target]
        remark(analysis.comparison_verdict(study, compared, by=options.by))
    return table


def _refuse(option: str, options: argparse.Namespace, *others: str) -> None:
    """Stop if an option is given with another that it would make void."""
    for name in _given(options, others):
        raise OptionError(Problem(option, f"it does not go with {name}", "Leave one of them out."))


def _only_with(option: str, options: argparse.Namespace, *others: str) -> None:
    """Stop if options are given that say nothing without another."""
    for name in _given(options, others):
        raise OptionError(Problem(name, f"it goes with {option} only", "Add that, or leave it out."))


def _given(options: argparse.Namespace, names: Iterable[str]) -> list[str]:
    """Those of some options that are given, other than they are without, as a user writes them."""
    given = (name for name in names if getattr(options, name) != options.command.get_default(name))
    return ["a pattern" if name == "pattern" else f"--{name.replace('_', '-')}" for name in given]


def dispersion(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """Say how evenly each term is spread over the documents, or over sources or years."""
    return analysis.dispersion(study, by=options.by, interval=options.interval)


def diversity(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """Say how varied the words of each group are."""
    return analysis.lexical_diversity(study, by=options.by, interval=options.interval)


def readability(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """Give the length of words and sentences of each group, as readability indices."""
    return analysis.readability(study, by=options.by, interval=options.interval)


def collocates(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """List the words that stand near a word or phrase more often than their frequency explains, or than elsewhere."""
    near = {"window": options.window, "interval": options.interval}
    if options.target is None:
        _only_with("--target", options, "by", "reference")
        near |= {} if options.minimum is None else {"minimum": options.minimum}
        return analysis.collocates(study, options.pattern, **near)
    _refuse("--target", options, "minimum")
    groups = {"target": options.target, "reference": options.reference, "by": options.by}
    return analysis.collocate_difference(study, options.pattern, **groups, **near)


def folder(value: str) -> str:
    """A folder, which has a name: that of an unset variable of the shell has none."""
    if not value:
        raise ValueError
    return value


def window(value: str) -> int | str:
    """So many words, or the whole sentence."""
    return value if value == "sentence" else int(value)


def pairs(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """List pairs of words that follow each other more often than their frequencies explain."""
    return analysis.ngram_associations(study, skip=options.skip, minimum=options.minimum, interval=options.interval)


def network(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """List the words that keep each other’s company in sentences, as the edges of a network."""
    strongest = {"measure": options.measure, "edges": options.edges, "minimum": options.minimum}
    return analysis.collocation_network(study, interval=options.interval, **strongest)


def kwic(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """Show every place where a word or phrase stands, or an actor is named, in its context."""
    arranged = {"window": options.window, "sort": options.sort}
    if options.actor:
        _refuse("--actor", options, "pattern", "regex")
        named = analysis.mentions(study)
        if options.actor not in set(study.actors["actor"]):
            raise unknown("actor", options.actor, sorted(set(study.actors["actor"])))
        table = analysis.concordance(study, named[named["actor"] == options.actor], **arranged)
    else:
        table = analysis.kwic(study, options.pattern, regex=options.regex, **arranged)
    remark(count(len(table), "line"))
    return table


def actors(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """Count the mentions of each actor, by the form of the name and by group."""
    return analysis.actor_mentions(study, by=options.by)


def events(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """Count what one actor does or says to another, by class of verb and by group, with the sentences."""
    remark("Events are found by verb and word order: many are missed, some are wrong. Read the sentences.")
    return analysis.event_counts(study, by=options.by)


def frames(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """Give the rate of paragraphs with a cue of each frame; or say how well a coder learns frames from coded texts."""
    if options.train:
        _refuse("--train", options, "by", "where", "role", "without", "index")
        columns = {"text_column": options.text_column, "label_column": options.label_column}
        coded = analysis.read_coded(options.train, **columns, group_column=options.group_column)
        groups = coded["group"] if options.group_column else None
        return analysis.cross_validate(coded["text"], coded["label"], groups=groups, folds=options.cross_validate)
    _only_with("--train", options, "text_column", "label_column", "group_column", "cross_validate")
    remark("Cue rates count words of a list; they are not shares of frames.")
    return analysis.cue_rates(study, by=options.by)


def tone(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """Count hedges, boosters, forecasts and loaded terms, and give the sentences that hold them."""
    remark("These are counts of listed words, those in quotations included; that a term is listed does not judge it.")
    return analysis.tone(study, by=options.by, interval=options.interval)


def voices(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """List what the documents cite in parentheses: the outlet, its country, the date, and whether it is the source."""
    return analysis.citations(study)


def quotations(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """List what stands between quotation marks, with the speaker where one is named."""
    return analysis.quotations(study)


def coding_sheet(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """Write a sheet of paragraphs to be coded: drawn at random, without a word on where they are from."""
    return analysis.coding_sheet(study, sample=options.sample, random_state=options.seed)


def codings(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """Write filled-in sheets as rows of codings.csv; a reader is called as her file."""
    return pd.concat([analysis.read_sheet(study, sheet) for sheet in options.sheets], ignore_index=True)


def agreement(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """Say how far two or more readers agree: filled-in sheets, or else the study's own codings."""
    if options.sheets:
        read = codings(study, options)
    else:
        read = analysis.read_codings(study, Path(options.study) / "codings.csv")
    table = analysis.agreement(analysis.judgements(study, read))
    enough = int((table["units"] >= table["needed_667"]).sum())
    remark(f"Units enough to show an alpha of .667: for {enough} of {len(table)} codes.")
    return table


def topics(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """Fit topics and give their mean share by source, year or document; or compare numbers of topics; or periods."""
    model = {"unit": options.unit, "random_state": options.random_state}
    number = 4 if options.topics is None else options.topics
    if options.choose:
        _refuse("--choose", options, "by", "windows", "topics")
        return analysis.choose_topics(study, method=options.method, **model)
    if options.windows:
        if options.method != "nmf":
            raise unknown("method with --windows", options.method, ["nmf"])
        return getattr(analysis.windowed_topics(study, by=options.by, topics=number, **model), options.windows)
    fitted = analysis.fit_topics(study, topics=number, method=options.method, **model)
    table = analysis.mean_shares(study, fitted.shares, by=options.by)
    table.insert(1, "terms", table["topic"].map(analysis.topic_labels(fitted)))
    articles = analysis.topic_table(study, fitted)["rediscovers"].sum()
    remark(f"Of {number} topics {articles} just rediscover a document. {analysis.confounding_verdict(study)}")
    return table


def drift(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """Say how far years, months or sources are apart, beyond what chance and a change of sources explain."""
    from analysis.measures.contrasts import ALL

    drawn = {"permutations": options.permutations, "random_state": options.random_state, "order": options.order}
    shares = None
    if options.topics is not None:
        if options.topics < 2:
            raise OptionError(Problem("topics", f"{options.topics} cannot drift", "Give 2 or more."))
        shares = analysis.fit_topics(study, topics=options.topics, random_state=options.random_state).shares
    if not options.timeline:
        _only_with("--timeline", options, "days")
        table = analysis.drift(study, by=options.by, shares=shares, **drawn)
        whole = table[table["slice"] == ALL].iloc[-1]
        remark(f"{whole['contrast']}: {whole['verdict']}")
        return table
    _refuse("--timeline", options, "by")
    table = analysis.before_and_after(study, shares=shares, days=options.days, **drawn)
    remark(f"Documents on both sides: of {table['contrast'].nunique()} of {len(study.timeline)} entries.")
    return table


def changes(study: Study, options: argparse.Namespace) -> pd.DataFrame:
    """Find the periods of a long series with which the mix of words becomes another one."""
    table = analysis.change_points(study, by=options.by, permutations=options.permutations)
    remark(f"{analysis.series_verdict(study, by=options.by)} Changes found: {len(table)}.")
    return table


WITHOUT_STUDY = (check, new, index)
COUNTING = (frequency, keyness, dispersion, diversity, collocates, pairs, network, drift, changes)
WITH_INTERVAL = (frequency, dispersion, diversity, readability, collocates, pairs, network, tone)
FILES_ONLY = (check, new, index, duplicates, residue, agreement)  # about the files of a study folder


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(prog="python -m analysis", description=analysis.__doc__.splitlines()[0])
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(function: Callable, *, role: str = "all", by: str = "") -> argparse.ArgumentParser:
        line = function.__doc__.splitlines()[0]
        command = commands.add_parser(function.__name__.replace("_", "-"), help=line, description=line)
        command.set_defaults(function=function, command=command, role="all")
        if function not in (new, index):
            command.add_argument(
                "--study",
                default=default_folder(),
                type=folder,
                metavar="DIR",
                help="the study folder (default: seeds)",
            )
        if function not in FILES_ONLY:
            instead = "an index of a corpus in place of the study's documents; the lexicons stay those of the study"
            command.add_argument("--index", type=folder, metavar="DIR", help=instead)
        command.add_argument("--format", choices=FORMATS, default="table", help="default: table")
        if function not in WITHOUT_STUDY:
            left_out = "cleaning rules to leave out, by name"
            command.add_argument("--without", nargs="+", action="extend", default=[], metavar="RULE", help=left_out)
            command.add_argument("--role", choices=(*ROLES, "all"), default=role, help=f"documents (default: {role})")
            only = "only documents of one group, such as source=NAME or year=2018; again for another column"
            command.add_argument("--where", action="append", default=[], metavar="COLUMN=VALUE", help=only)
        if function in COUNTING:
            command.add_argument("--stem", default="", metavar="LANGUAGE", help="count words by their stem")
            counts_as = "a CSV file with term and counts_as: words that are to count as others"
            command.add_argument("--aliases", metavar="FILE", help=counts_as)
        if function in WITH_INTERVAL:
            command.add_argument("--interval", action="store_true", help="say how sure it is, by whole documents")
        if by:
            columns = f"source, year, month, document or another column of the documents (default: {by})"
            command.add_argument("--by", default=by, metavar="COLUMN", help=columns)
        return command

    add(check)
    command = add(new)
    command.add_argument("folder", metavar="DIR", help="the study folder to make")
    command.add_argument("files", nargs="+", metavar="FILE", help="documents, or tables of documents")
    names = "for tables: which column holds the text, title, date, source, url or language"
    command.add_argument("--columns", nargs="+", default=[], metavar="NAME=COLUMN", help=names)
    command = add(index)
    command.add_argument(
        "paths", nargs="+", type=folder, metavar="PATH", help=".parquet or .jsonl files, or folders of them"
    )
    command.add_argument("--out", required=True, type=folder, metavar="DIR", help="the folder of the index")
    command.add_argument("--scheduler", default="", metavar="ADDRESS", help="that of a Dask cluster to do the work")
    command.add_argument(
        "--processes",
        type=int,
        default=0,
        metavar="N",
        help="other processes of this machine to do it (default: threads of this one)",
    )
    add(documents)
    add(duplicates)
    add(residue)
    command = add(frequency, by="source")
    command.add_argument("--ngram", type=int, choices=range(1, 6), default=1, help="words to a term")
    command = add(keyness, by="source")
    described = "the group to describe (default: each, compared with each other)"
    command.add_argument("--target", metavar="GROUP", help=described)
    command.add_argument("--reference", metavar="GROUP", help="the group to compare with (default: all others)")
    command.add_argument("--reference-list", metavar="FILE", help="a CSV file with term and count to compare with")
    command.add_argument("--measures", nargs="+", metavar="NAME", help="default: g2 log_ratio")
    command.add_argument("--test", action="store_true", help="intervals and p-values, by whole documents")
    command.add_argument("--ngram", type=int, choices=range(1, 6), default=1, help="words to a term")
    add(dispersion, by="document")
    add(diversity, by="source")
    add(readability, by="source")
    command = add(collocates, by="source")
    command.add_argument("pattern", metavar="PATTERN", help="one or more words; * and ? are wildcards")
    beside = "words on either side, or “sentence” (default: 5)"
    command.add_argument("--window", type=window, default=5, metavar="N", help=beside)
    command.add_argument("--minimum", type=int, metavar="N", help="at least so often (default: 3)")
    command.add_argument("--target", metavar="GROUP", help="collocates of this group rather than of another, instead")
    command.add_argument("--reference", metavar="GROUP", help="that other group (default: all others)")
    command = add(pairs)
    command.add_argument("--skip", type=int, default=0, metavar="N", help="words that may stand between (default: 0)")
    command.add_argument("--minimum", type=int, default=3, metavar="N", help="at least so often (default: 3)")
    command = add(network)
    command.add_argument("--measure", default="log_dice", metavar="NAME", help="the weight (default: log_dice)")
    command.add_argument("--edges", type=int, default=50, metavar="N", help="the strongest so many (default: 50)")
    command.add_argument("--minimum", type=int, default=3, metavar="N", help="sentences at least (default: 3)")
    command = add(kwic)
    command.add_argument(
        "pattern", nargs="*", default=[], metavar="PATTERN", help="one or more words each; * and ? are wildcards"
    )
    command.add_argument("--regex", action="store_true", help="the patterns are regular expressions")
    command.add_argument("--actor", metavar="NAME", help="an actor of actors.yml, under any name, in place of patterns")
    command.add_argument("--window", type=int, default=8, metavar="N", help="words on either side (default: 8)")
    command.add_argument(
        "--sort", choices=SORTS, default="text", help="by place, or by the words beside (default: text)"
    )
    add(actors, by="source")
    add(events, by="source")
    command = add(frames, role="ties", by="source")
    command.add_argument("--train", metavar="CODED.csv", help="coded texts, one a row, in place of the study")
    command.add_argument("--text-column", default="text", metavar="NAME", help="which holds the text (default: text)")
    command.add_argument("--label-column", default="label", metavar="NAME", help="which, the code (default: label)")
    command.add_argument("--group-column", default="", metavar="NAME", help="which, the document, if texts are parts")
    command.add_argument("--cross-validate", type=int, default=10, metavar="FOLDS", help="how many parts (default: 10)")
    add(tone, by="source")
    add(voices)
    add(quotations)
    command = add(coding_sheet)
    command.set_defaults(format="csv")
    command.add_argument("--sample", type=int, required=True, metavar="N", help="how many paragraphs")
    command.add_argument("--seed", type=int, default=0, metavar="S", help="another one draws others (default: 0)")
    command = add(codings)
    command.set_defaults(format="csv")
    command.add_argument("sheets", nargs="+", metavar="SHEET", help="filled-in sheets")
    command = add(agreement)
    command.add_argument("sheets", nargs="*", metavar="SHEET", help="filled-in sheets (default: the study's codings)")
    command = add(topics, by="year")
    command.add_argument("--topics", type=int, metavar="K", help="how many topics (default: 4)")
    command.add_argument("--method", choices=("nmf", "lda"), default="nmf", help="default: nmf")
    command.add_argument("--unit", choices=("paragraph", "document"), default="paragraph", help="default: paragraph")
    command.add_argument("--choose", action="store_true", help="compare numbers of topics, from 2 to 8, instead")
    tables = ("topics", "links", "changes")
    by_period = "topics of each period by itself: a table of them, of how they go on, or of how their shares change"
    command.add_argument("--windows", choices=tables, help=by_period)
    command.add_argument("--random-state", type=int, default=0, metavar="SEED", help="default: 0")
    command = add(drift, by="year")
    often = "relabellings, where there are too many for all (default: 999)"
    command.add_argument("--permutations", type=int, default=999, metavar="N", help=often)
    command.add_argument("--topics", type=int, metavar="K", help="of so many topics instead of words")
    command.add_argument("--order", type=int, choices=(1, 2), default=1, help="2 weighs frequent words more")
    command.add_argument("--timeline", action="store_true", help="before and after what timeline.csv lists, instead")
    command.add_argument("--days", type=int, default=0, metavar="N", help="so many before and after (default: all)")
    command.add_argument("--random-state", type=int, default=0, metavar="SEED", help="default: 0")
    command = add(changes, by="year")
    command.add_argument("--permutations", type=int, default=199, metavar="N", help="relabellings (default: 199)")
    return top


def _study(options: argparse.Namespace) -> Study:
    """The study, or the index, that a command is about, as far as the command is about it."""
    if getattr(options, "index", None):
        _refuse("--index", options, "without")
        study = analysis.open_index(options.index, lexicons=options.study)
    else:
        study = analysis.load(options.study, without=options.without)
    if options.role != "all":
        study = analysis.select(study, role=options.role)
    for column, equals, value in (one.partition("=") for one in options.where):
        if not equals:
            raise OptionError(Problem("--where", f"“{column}” has no “=”", "Give COLUMN=VALUE, such as year=2018."))
        study = analysis.select(study, **{column: value})
    if options.function in COUNTING and (options.stem or options.aliases):
        aliases = analysis.read_aliases(options.aliases) if options.aliases else None
        study = analysis.merge_terms(study, aliases=aliases, stem=options.stem)
    return study


def show(table: pd.DataFrame, form: str) -> str:
    """A table as text: floats rounded in a table only."""
    if form == "csv":
        text = table.to_csv(index=False, lineterminator="\n").rstrip("\n")
        return text.replace("\r", " ")  # which some programs take for the end of a row
    if form == "json":
        known = table.notna() & ~table.isin([np.inf, -np.inf])  # JSON has neither
        records = table.astype(object).where(known, None).to_dict("records")
        return json.dumps(records, ensure_ascii=False, indent=1, allow_nan=False)
    if list(table.columns) == PROBLEM:
        return "\n".join(str(analysis.Problem(*row)) for row in table.itertuples(index=False))
    return table.to_string(index=False, float_format="{:.3f}".format, na_rep="", max_colwidth=72) if len(table) else ""


def remark(line: str) -> None:
    """A line for the person at the terminal, apart from the table."""
    print(line, file=sys.stderr)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit status."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = parser().parse_args(arguments)
    options.status = 0
    try:
        if options.function in WITHOUT_STUDY:
            table = options.function(options)
        else:
            table = options.function(_study(options), options)
    except OptionError as error:
        remark(str(error))
        return 2
    except StudyError as error:
        remark(str(error))
        return 1
    except OSError as error:
        remark(f"{error.filename or 'a file'}: {error.strerror or error}")
        return 1
    if table.empty and options.function is not check:
        remark("There is nothing to list.")
    try:
        print(show(table, options.format))
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        remark(f"the output could not be written: {error.strerror}")
        return 1
    return options.status


if __name__ == "__main__":
    sys.exit(main())
