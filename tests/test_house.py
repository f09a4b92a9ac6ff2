"""The house stays in order: import floors, what may be named where, notebooks executed, nothing of a machine in the files."""

import ast
import json
import subprocess

import pytest
import regex
import yaml
from made_up import ROOT

FLOORS = {
    "corpus": [
        "readers",
        "english",
        "numbers",
        "boilerplate",
        "cleaning",
        "tokens",
        "compiling",
        "scanning",
        "segments",
        "encoding",
        "jobs",
        "arrow_files",
        "index",
        "counting",
        "duplicates",
        "study",
        "timeline",
        "yaml_files",
        "about",
        "lexicons",
        "wordlists",
        "__init__",
        "search",
        "commentary",
        "quotes",
        "notes",
        "merging",
        "codings",
        "findings",
        "records",
        "shards",
        "parts",
        "places",
        "store",
        "sentences",
        "opening",
    ],
    "measures": [
        "__init__",
        "contingency",
        "inference",
        "resampling",
        "association",
        "differences",
        "divergence",
        "periods",
        "contrasts",
        "topics",
        "countings",
        "specifications",
        "coder",
    ],
    "report": [
        "evidence",
        "prose",
        "downloads",
        "dictionary",
        "figures",
        "plots",
        "commentary",
        "statements",
        "groups",
        "words",
        "topics",
        "drift",
    ],
    "site": ["stamp"],
    "intake": ["drafts", "exports", "tables", "formats", "__init__"],
}
MODULES = sorted((ROOT / "analysis").rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "book").glob("*.ipynb"))
FILES = [
    ROOT / name
    for name in subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.splitlines()
]


def imports(path):
    """The full names of all modules that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def place(module):
    """The floor and the room of a module of the package: ("corpus", "index")."""
    parts = module.split(".")[1:3]
    return (parts[0], parts[1] if len(parts) > 1 else "__init__") if parts and parts[0] in FLOORS else None


@pytest.mark.parametrize(
    "path", [p for p in MODULES if p.parent.name in FLOORS], ids=lambda p: f"{p.parent.name}.{p.stem}"
)
def test_data_flows_up_through_the_floors_once(path):
    """A module imports from the floors below, and from its own floor only the ground that stands before it."""
    floor, ground = path.parent.name, FLOORS[path.parent.name]
    before = ground[: ground.index(path.stem)] if path.stem in ground else ground
    order = list(FLOORS)
    files = {(m.parent.name, m.stem) for m in MODULES}
    for target in filter(None, map(place, imports(path))):
        if target not in files:
            continue  # a name within a module
        assert order.index(target[0]) <= order.index(floor), f"{path.name} reaches up to {target}"
        if target[0] == floor and target[1] != path.stem:
            assert target[1] in before, f"{path.name} reaches across to {target}"


def test_only_plots_draw():
    drawing = {p.name for p in MODULES if any(i.split(".")[0] == "matplotlib" for i in imports(p))}
    assert drawing == {"plots.py"}


def test_the_package_names_nothing_of_the_study(seeds):
    names = (
        {alias.strip("*") for alias in seeds.actors["alias"]}
        | set(seeds.documents["source"])
        | set(seeds.documents["file"])
    )
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        found = [n for n in names if regex.search(rf"\b{regex.escape(n)}\b", text, regex.IGNORECASE)]
        assert not found, f"{path.name} names {found}"


def test_every_public_name_exists_and_is_documented():
    import analysis

    for name in analysis.__all__:
        assert (getattr(analysis, name).__doc__ or "").strip(), name
    with pytest.raises(AttributeError, match="its public names are"):
        analysis.no_such_name  # noqa: B018


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_code_cell_is_executed_and_folded(path):
    """A cell that was never run is not compared with anything."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert notebook["metadata"]["language_info"] == {"name": "python"}, (
        "the version of a Python is not part of the book"
    )
    cells = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    assert cells
    assert [c["execution_count"] for c in cells] == list(range(1, len(cells) + 1))
    unfolded = [c["id"] for c in cells if "hide-input" not in c["metadata"].get("tags", [])]
    assert not unfolded, "a reader sees the code of a cell when asking for it"
    outputs = [o for c in cells for o in c["outputs"]]
    assert not [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"]


def test_document_pages_are_current(seeds):
    from analysis.report.evidence import document_page

    pages = {p.stem: p.read_text(encoding="utf-8") for p in (ROOT / "book" / "documents").glob("*.md")}
    assert pages == {doc_id: document_page(seeds, doc_id) for doc_id in seeds.documents["doc_id"]}


def test_the_page_explore_is_current(seeds):
    from analysis.report.explore import explore_page

    assert (ROOT / "book" / "explore.md").read_text(encoding="utf-8") == explore_page(seeds)


def test_the_table_of_contents_names_every_page():
    listed = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    pages = [p for p in (ROOT / "book").glob("*.*") if p.suffix in (".md", ".ipynb")]
    assert not [p.stem for p in pages if f"book/{p.stem}\n" not in listed]


def test_no_file_speaks_of_a_machine():
    """No absolute path of somebody's folders; and what sets things up names no host to fetch from."""
    texts = {p: p.read_text(encoding="utf-8") for p in FILES if p.exists() and p.suffix != ".png"}
    own = regex.compile(rf"(?<![\w.])/(?:root|home|Users)/|{regex.escape(str(ROOT))}/")
    assert not [p.name for p, text in texts.items() if own.search(text) and p.name != "test_house.py"]
    set_up = ("requirements.in", "requirements.txt", "Makefile", "pyproject.toml", "run", "book.yml")
    assert not [p.name for p, text in texts.items() if p.name in set_up and "://" in text]


def test_the_lock_pins_every_package_with_its_hash():
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    packages = regex.findall(r"(?m)^[a-z0-9][\w.\[\]-]*==\S+(?: ; [^\\]+)? \\\n    --hash=sha256:", lock)
    assert len(packages) == len(regex.findall(r"(?m)^[a-z0-9]", lock)) > 100
    names = {
        regex.match(r"[\w-]+", line).group().lower()
        for line in (ROOT / "requirements.in").read_text().splitlines()
        if line[:1].isalpha()
    }
    assert not {n for n in names if not regex.search(rf"(?m)^{n}(\[[\w,]+\])?==", lock)}


def test_the_workflow_runs_what_the_readme_says():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "book.yml").read_text(encoding="utf-8"))
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    for text in ((ROOT / ".ci" / "run").read_text(), str(workflow["jobs"]["test"]["steps"])):
        assert "make test" in text
