"""Files out of the pages: what a notebook's link holds becomes a file of the site, and all of them one data package.

A link of `report.downloads` holds the CSV or the SVG that it saves. In the built book it leads to that file, which lies
in ``tables/`` or ``figures/``, a CSV file beside the same table as Parquet. The directive ``data-dictionary`` lists all
tables with what their columns say. All files, with ``datapackage.json``, are in ``findings.zip``.

In the configuration, ``findings_licenses`` are the licences of the package, as a Frictionless Data Package has them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from html import escape
from pathlib import Path

import regex
from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.errors import SphinxError
from sphinx.util.osutil import relative_uri

import analysis
from analysis.report.dictionary import column_groups, describe
from analysis.report.downloads import LINK, Download, read_link
from analysis.report.package import FOLDERS, archive, fields, package_files, parse_table, problems, study_sources
from analysis.report.prose import count

PACKAGE, ARCHIVE = "datapackage.json", "findings.zip"
ENTRY = "table-"  # before the name of a table, its anchor in the dictionary
NAMES = {"csv": "CSV", "parquet": "Parquet", "svg": "SVG"}


class DownloadError(SphinxError):
    """A download that must not be in a book."""

    category = "Downloads"


class DataDictionary(nodes.General, nodes.Element):
    """The place of the list of all tables."""


class DataDictionaryDirective(Directive):
    """List all tables of the book, and what their columns say."""

    def run(self) -> list[nodes.Node]:
        """Mark the place; the tables are known when all pages have been read."""
        return [DataDictionary()]


class DownloadCollector(EnvironmentCollector):
    """Keeps the downloads of each page, and which page has the dictionary, from one build to the next."""

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Note what a page offers."""
        raw = (node.astext() for node in doctree.findall(nodes.raw) if node.get("format") == "html")
        found = (read_link(link) for text in raw for link in LINK.finditer(text))
        _shelf(app.env)[app.env.docname] = list(dict.fromkeys(found))
        if next(doctree.findall(DataDictionary), None) is not None:
            app.env.data_page = app.env.docname

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Forget a page."""
        _shelf(env).pop(docname, None)
        if getattr(env, "data_page", None) == docname:
            env.data_page = None

    def merge_other(self, app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
        """Take over what another process has read."""
        _shelf(env).update({docname: _shelf(other)[docname] for docname in docnames})
        env.data_page = getattr(env, "data_page", None) or getattr(other, "data_page", None)


def check(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Stop the build at a download that is wrong; have the page with the dictionary written again."""
    study = analysis.load()
    env.data_groups, env.data_sources = column_groups(study), study_sources(study)
    if wrong := problems(_pages(env), _describe(env)):
        raise DownloadError("\n".join(wrong))
    return [env.data_page] if getattr(env, "data_page", None) else []


def list_tables(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the list of all tables into its place."""
    for place in list(doctree.findall(DataDictionary)):
        place.replace_self(nodes.raw("", "\n".join(_dictionary(app, docname)), format="html"))


def link_files(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    """Let the links of a page lead to the files."""
    if "body" in context:
        context["body"] = LINK.sub(partial(_links, app, pagename), context["body"])


def write_files(app: Sphinx, exception: Exception | None) -> None:
    """Write the files, the package and the archive into the site."""
    if exception or app.builder.format != "html":
        return
    about = {"title": app.config.html_title or app.config.project}
    if app.config.findings_licenses:
        about["licenses"] = [dict(sorted(licence.items())) for licence in app.config.findings_licenses]
    about["sources"] = app.env.data_sources
    files = package_files(list(_files(app.env).values()), about=about, describe=_describe(app.env))
    site = Path(app.outdir)
    for folder in sorted(set(FOLDERS.values())):
        shutil.rmtree(site / folder, ignore_errors=True)
        (site / folder).mkdir()
    for path, data in (files | {ARCHIVE: archive(files)}).items():
        (site / path).write_bytes(data)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension."""
    app.add_config_value("findings_licenses", [], "env")
    app.add_node(DataDictionary)
    app.add_directive("data-dictionary", DataDictionaryDirective)
    app.add_env_collector(DownloadCollector)
    app.connect("env-updated", check)
    app.connect("doctree-resolved", list_tables)
    app.connect("html-page-context", link_files)
    app.connect("build-finished", write_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _shelf(env: BuildEnvironment) -> dict[str, list[Download]]:
    """The downloads of each page."""
    if not hasattr(env, "downloads"):
        env.downloads = {}
    return env.downloads


def _pages(env: BuildEnvironment) -> dict[str, list[Download]]:
    """The downloads of each page, in the order of the book."""
    order = {docname: place for place, docname in enumerate(_in_order(env, env.config.root_doc))}
    return dict(sorted(_shelf(env).items(), key=lambda entry: (order.get(entry[0], len(order)), entry[0])))


def _in_order(env: BuildEnvironment, docname: str) -> Iterator[str]:
    """A page and all below it in the table of contents."""
    yield docname
    for below in env.toctree_includes.get(docname, []):
        yield from _in_order(env, below)


def _files(env: BuildEnvironment) -> dict[str, Download]:
    """All downloads of the book by their names."""
    return {download.file: download for downloads in _pages(env).values() for download in downloads}


def _describe(env: BuildEnvironment) -> partial:
    """What a column says, for the groups of the study."""
    return partial(describe, groups=env.data_groups)


def _links(app: Sphinx, page: str, link: regex.Match) -> str:
    """The links to a file, and if it is a table, to the same as Parquet and to what its columns say."""
    download = read_link(link)
    if _files(app.env).get(download.file) != download:
        raise DownloadError(f"{download.file}, on the page {page}: no notebook shows it, or not this one")
    stem, _, ending = download.file.rpartition(".")
    if ending != "csv":
        return _file_link(app, page, download.file)
    links = [_file_link(app, page, download.file, place=True), _file_link(app, page, f"{stem}.parquet")]
    if getattr(app.env, "data_page", None):
        address = f"{app.builder.get_relative_uri(page, app.env.data_page)}#{ENTRY}{stem}"
        links.append(f'<a href="{address}" aria-label="dictionary: {stem}">dictionary</a>')
    return " · ".join(links)


def _file_link(app: Sphinx, page: str, file: str, *, place: bool = False) -> str:
    """A link that saves a file of the site; the dictionary leads back to one that is marked as a place."""
    ending = file.rpartition(".")[2]
    address, mark = _address(app, page, f"{FOLDERS[ending]}/{file}"), f' id="{file}"' if place else ""
    return f'<a{mark} href="{address}" download="{file}" aria-label="{NAMES[ending]}: {file}">{NAMES[ending]}</a>'


def _address(app: Sphinx, page: str, path: str) -> str:
    """The way from a page to a file of the site."""
    return relative_uri(app.builder.get_target_uri(page), path)


def _dictionary(app: Sphinx, docname: str) -> Iterator[str]:
    """All tables, page by page, as HTML."""
    whole = (f'<a href="{_address(app, docname, file)}" download="{file}">{file}</a>' for file in (ARCHIVE, PACKAGE))
    yield f"<p>{' · '.join(whole)}</p>"
    seen = set()
    for page, downloads in _pages(app.env).items():
        tables = [d for d in downloads if d.file.endswith(".csv") and d.file not in seen]
        seen.update(table.file for table in tables)
        if tables:
            yield f"<h2>{escape(app.env.titles[page].astext())}</h2>"
        for table in tables:
            yield _dictionary_entry(app, docname, page, table)


def _dictionary_entry(app: Sphinx, docname: str, page: str, table: Download) -> str:
    """What a table is, where it stands, and what each of its columns says."""
    stem = table.file.removesuffix(".csv")
    names = fields(table, _describe(app.env))
    columns = "".join(
        f'<tr><th scope="row"><code>{escape(field["name"])}</code><br>{field["type"]}</th>'
        f"<td>{escape(field['description'])}</td></tr>"
        for field in names
    )
    where = f"{app.builder.get_relative_uri(docname, page)}#{table.file}"
    links = " · ".join(_file_link(app, docname, file) for file in (table.file, f"{stem}.parquet"))
    return (
        f"<h3>{stem}</h3>\n<p>{escape(table.about)}</p>\n"
        f'<p>{count(parse_table(table).num_rows, "row")} · {links} · <a href="{where}">where it stands</a></p>\n'
        '<details class="columns"><summary>What the columns say</summary>\n'
        f'<div id="{ENTRY}{stem}" class="pst-scrollable-table-container" tabindex="0" role="region" '
        f'aria-label="columns of {stem}">'
        '<table class="table"><thead><tr><th scope="col">Column</th><th scope="col">What it says</th></tr></thead>\n'
        f"<tbody>{columns}</tbody></table></div></details>"
    )
