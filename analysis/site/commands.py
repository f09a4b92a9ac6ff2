"""The command line as a page: a directive that reads the commands and their options from their parser."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from analysis.__main__ import parser

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PROGRAM = "python -m analysis"


class Commands(SphinxDirective):
    """Every command under a heading of its own, after the options that most of them take."""

    def run(self) -> list[nodes.Node]:
        """Write the commands in Markdown, and have it read in the place of the directive."""
        here = nodes.section()
        here.document = self.state.document
        self.state.nested_parse(StringList(commands_page().split("\n")), self.content_offset, here, match_titles=True)
        return here.children


def commands_page() -> str:
    """Return the commands and their options, in Markdown."""
    commands = parser()._subparsers._group_actions[0].choices
    options = {name: _options(command) for name, command in commands.items()}
    times = Counter(line for lines in options.values() for line in lines)
    common = [line for line, often in times.items() if 2 * often > len(commands)]
    parts = ["## Options of most commands", *common]
    for name, command in commands.items():
        own = [line for line in options[name] if line not in common]
        left_out = [line for line in common if line not in options[name]]
        parts += [f"## {name}", command.description, f"`{_usage(name, command)}`", *own]
        if left_out:
            parts.append(f"Without {', '.join(line.split()[0].strip('`').join('``') for line in left_out)}.")
    return "\n\n".join(parts)


def _options(command: argparse.ArgumentParser) -> list[str]:
    """Each option with what it does, as an entry of a definition list."""
    actions = [action for action in command._actions if action.dest != "help"]
    return [f"`{_called(action)}`\n: {_sentence(action)}" for action in actions]


def _called(action: argparse.Action) -> str:
    """An option with the name of its value, or what stands in the place of an argument."""
    value = "" if action.nargs == 0 else action.metavar or "|".join(map(str, action.choices))
    more = " …" if action.nargs in ("+", "*") else ""
    return " ".join(filter(None, [*action.option_strings[-1:], value])) + more


def _sentence(action: argparse.Action) -> str:
    """The help of an option, and whether it has to be given."""
    return f"{'Required: ' if action.option_strings and action.required else ''}{action.help}"


def _usage(name: str, command: argparse.ArgumentParser) -> str:
    """The shortest call of a command: with what has to be given."""
    needed = [action for action in command._actions if action.required]
    optional = [action for action in command._actions if not action.option_strings and not action.required]
    return " ".join([PROGRAM, name, *map(_called, needed), *(f"[{_called(action)}]" for action in optional)])


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the directive known."""
    app.add_directive("commands", Commands)
    return {"parallel_read_safe": True}
