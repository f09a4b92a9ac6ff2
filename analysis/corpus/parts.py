"""The parts of an index on disk, and the documents in them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.corpus.arrow_files import read_file
from analysis.corpus.records import NAMES


def read_documents(folder: Path) -> pd.DataFrame:
    """Return the documents, without their texts."""
    table = documents_table(folder).drop_columns(["text"]).to_pandas()
    return table.astype({c: str for c in table.columns if c != "tokens"}).assign(duplicate_of="")


def documents_table(folder: Path) -> pa.Table:
    """Return the documents of all parts, in order, mapped; a column that some shards lack is empty there."""
    tables = [read_file(path) for path in part_files(folder, "documents")]
    nothing = pa.table({name: pa.array([], pa.large_string()) for name in (*NAMES, "shard", "text")})
    table = pa.concat_tables(
        [nothing.append_column("tokens", pa.array([], pa.int64())), *tables], promote_options="default"
    )
    names = [name for name in table.column_names if name not in ("text", "tokens")]
    for name in names:
        if table.column(name).null_count:
            column = pc.fill_null(table.column(name), "")
            table = table.set_column(table.column_names.index(name), name, column)
    return table


def part_files(folder: Path, kind: str) -> list[Path]:
    """The files of one kind of all parts, in the order of the shards."""
    keys = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    return [path for key in keys for path in sorted((folder / "parts" / key).glob(f"*.{kind}.arrow"))]
