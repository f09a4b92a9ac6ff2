"""The downloads of a book as one Frictionless Data Package: CSV, Parquet and SVG files, and `datapackage.json`."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from analysis.corpus import Study
from analysis.report.downloads import CSV, SVG, Download

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
ARROW = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
MEDIATYPES = {"csv": CSV, "parquet": "application/vnd.apache.parquet", "svg": SVG}
FOLDERS = {"csv": "tables", "parquet": "tables", "svg": "figures"}
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of a ZIP file: it has no time of its own, so that it is the same each time
Describe = Callable[[str, str], str | None]


def columns(download: Download) -> list[str]:
    """Return the columns of a CSV file, as its first line names them."""
    read = pa.csv.open_csv(io.BytesIO(download.text.encode()), parse_options=_parse())
    return read.schema.names


def parse_table(download: Download, fields: Sequence[Mapping[str, str]] = ()) -> pa.Table:
    """Return a CSV file as a table with the types that it was written with; an empty cell is a missing value.

    Parameters
    ----------
    download : Download
    fields : sequence of mapping, optional
        ``name`` and ``description`` of its columns, to be written into the table.
    """
    names = columns(download)
    types = {name: ARROW[kind] for name, kind in zip(names, download.types, strict=True)}
    options = pa.csv.ConvertOptions(
        column_types=types, null_values=[""], strings_can_be_null=True, true_values=["True"], false_values=["False"]
    )
    table = pa.csv.read_csv(
        io.BytesIO(download.text.encode()),
        read_options=pa.csv.ReadOptions(use_threads=False),
        parse_options=_parse(),
        convert_options=options,
    )
    said = {field["name"]: {"description": field["description"]} for field in fields}
    return table.cast(pa.schema([field.with_metadata(said.get(field.name)) for field in table.schema]))


def problems(pages: Mapping[str, Sequence[Download]], describe: Describe) -> list[str]:
    """Return what is wrong with the downloads of the pages: one name for two files, a column without a description."""
    found, first = [], {}
    for page, downloads in pages.items():
        for download in downloads:
            before, known = first.setdefault(download.file, (page, download))
            if known.text != download.text:
                found.append(f"{download.file}: two different files have this name, on the pages {before} and {page}")
    for page, download in first.values():
        if not download.file.endswith(".csv"):
            continue
        names = columns(download)
        twice = {name for name in names if names.count(name) > 1}
        found += [f"{download.file}, on the page {page}: two columns are called “{name}”" for name in sorted(twice)]
        found += [
            f"{download.file}, on the page {page}: the dictionary does not say what its column “{name}” is"
            for name in names
            if not describe(download.file.removesuffix(".csv"), name)
        ]
    return found


def fields(download: Download, describe: Describe) -> list[dict[str, str]]:
    """Return the columns of a CSV file as the fields of a Table Schema: ``name``, ``type``, ``description``."""
    name = download.file.removesuffix(".csv")
    return [
        {"name": column, "type": kind, "description": describe(name, column)}
        for column, kind in zip(columns(download), download.types, strict=True)
    ]


def package_files(
    downloads: Sequence[Download], *, about: Mapping[str, object], describe: Describe
) -> dict[str, bytes]:
    """Return the files of a data package by their paths in it, ``datapackage.json`` first.

    Parameters
    ----------
    downloads : sequence of Download
        With unique names.
    about : mapping
        The properties of the package itself: its title, its licences, its sources.
    describe : function
        What a column of a table says, by the names of both.
    """
    files, resources = {}, []
    for download in sorted(downloads):
        stem, _, ending = download.file.rpartition(".")
        if ending == "svg":
            entry = {"description": download.about, "encoding": "utf-8"}
            _add(files, resources, download.file, download.text.encode(), entry)
            continue
        schema = fields(download, describe)
        table = {"type": "table", "title": download.about, "encoding": "utf-8", "schema": {"fields": schema}}
        _add(files, resources, download.file, download.text.encode(), table)
        stored = io.BytesIO()
        pa.parquet.write_table(parse_table(download, schema), stored)
        same = {"title": download.about, "description": f"The table of {download.file}, with its types."}
        _add(files, resources, f"{stem}.parquet", stored.getvalue(), same)
    descriptor = {"$schema": PROFILE, "name": "findings", **about, "resources": resources}
    return {"datapackage.json": (json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n").encode()} | files


def study_sources(study: Study) -> list[dict[str, str]]:
    """Return the documents of a study as the sources of a data package: ``title``, and ``path`` if it is on the web."""
    rows = study.documents.reindex(columns=["source", "title", "file", "url"], fill_value="").itertuples(index=False)
    return [
        {"title": f"{source}: {title or file}"} | ({"path": url} if url.startswith(("https://", "http://")) else {})
        for source, title, file, url in rows
    ]


def archive(files: Mapping[str, bytes]) -> bytes:
    """Return files as a ZIP file that is the same to the byte for the same files."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as zipped:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, FIRST_DAY)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            zipped.writestr(entry, data)
    return stored.getvalue()


def _add(files: dict[str, bytes], resources: list[dict], file: str, data: bytes, entry: Mapping[str, object]) -> None:
    """Put a file into the package and describe it."""
    ending = file.rpartition(".")[2]
    path = f"{FOLDERS[ending]}/{file}"
    files[path] = data
    form = {"format": ending, "mediatype": MEDIATYPES[ending]}
    if ending != "parquet":  # which frictionless-py does not count, and takes the missing count for a wrong one
        form["bytes"] = len(data)
    resources.append({"name": file, "path": path} | form | {"hash": f"sha256:{sha256(data).hexdigest()}", **entry})


def _parse() -> pa.csv.ParseOptions:
    """How the CSV files are written."""
    return pa.csv.ParseOptions(newlines_in_values=True)
