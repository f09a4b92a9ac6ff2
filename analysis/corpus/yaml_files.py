"""YAML files of a study folder, read so that nothing in them changes its meaning."""

from __future__ import annotations

from pathlib import Path

import yaml

from analysis.corpus.readers import read_text
from analysis.errors import Problem, StudyError


def read_yaml(path: Path) -> tuple[object, list[Problem]]:
    """Return what a YAML file holds, and what is wrong with it; nothing for no file, or only comments."""
    if not path.exists():
        return None, []
    try:
        return yaml.load(read_text(path), _Loader), []
    except StudyError as error:
        return None, list(error.problems)
    except RecursionError:
        return None, [Problem(path.name, "it is nested too deeply", "Write it with fewer levels.")]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "somewhere"
        what = f"it is not YAML ({getattr(error, 'problem', None) or 'unreadable'}, {where})"
        return None, [Problem(path.name, what, "Mend the line.")]


class _Loader(yaml.BaseLoader):
    """YAML in which every value is text (no dates, numbers or `NO` for false) and a key stands once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key, (where, _) in zip(keys, node.value):
            if not isinstance(key, str) or keys.count(key) > 1:
                what = f"the key {key} stands there twice" if isinstance(key, str) else "a key is not a word"
                raise yaml.constructor.ConstructorError(None, None, what, where.start_mark)
        return super().construct_mapping(node, deep)
