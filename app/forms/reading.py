"""The data that a form is read into, and the way back from a path in it to the input that it came from."""

from collections.abc import Iterable
from typing import Any

from app.errors import FieldProblem


class Reading:
    """Nested plain data as JSON knows it, the problems of inputs, and which input each path came from.

    `language` is the language that the person writes in, for texts that can be translated.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.data: dict[str, Any] = {}
        #: Paths are names of inputs.
        self.problems: list[FieldProblem] = []
        #: What a person may have meant, by input: it replaces what they typed, and they look at it.
        self.suggestions: dict[str, str] = {}
        self._inputs: dict[str, str] = {}

    def put(self, path: str, value: Any, name: str) -> None:
        """Set the value at a dotted path; a number in the path is a place in a list, the next one at most."""
        self.came_from(path, name)
        *way, last = path.split(".")
        _set(_walk(self.data, way, last), last, value)

    def came_from(self, path: str, name: str) -> None:
        """Say that problems at a path, or below it, are shown at the input with that name."""
        self._inputs.setdefault(path, name)

    def size(self, path: str) -> int:
        """How many elements the list at a path has so far."""
        node: Any = self.data
        for key in path.split("."):
            node = node.get(key, {}) if isinstance(node, dict) else node[int(key)]
        return len(node)

    def refuse(self, name: str, code: str, message: str) -> None:
        """Add a problem of an input."""
        self.problems.append(FieldProblem(name, code, message))

    def at_inputs(self, problems: Iterable[FieldProblem]) -> list[FieldProblem]:
        """Problems of the content with the names of their inputs as paths, "" where no input is meant.

        A problem belongs to the input of the longest path above it; failing that, to the first input
        below it, as a place without a position does.
        """
        return [
            FieldProblem(self._input_of(problem.path), problem.code, problem.message) for problem in problems
        ]

    def _input_of(self, path: str) -> str:
        parts = path.split(".")
        for length in range(len(parts), 0, -1):
            above = ".".join(parts[:length])
            if above in self._inputs:
                return self._inputs[above]
        below = (name for known, name in self._inputs.items() if known.startswith(f"{path}."))
        return next(below, "")


def _walk(node: Any, way: list[str], last: str) -> Any:
    for key, following in zip(way, [*way, last][1:], strict=True):
        empty: Any = [] if following.isdecimal() else {}
        if isinstance(node, list):
            if int(key) == len(node):
                node.append(empty)
            node = node[int(key)]
        else:
            node = node.setdefault(key, empty)
    return node


def _set(node: Any, key: str, value: Any) -> None:
    if isinstance(node, dict):
        node[key] = value
    elif int(key) == len(node):
        node.append(value)
    else:
        node[int(key)] = value


def value_at(data: Any, path: str) -> Any:
    """What stands at a dotted path of nested data; None when nothing does."""
    for key in path.split("."):
        if isinstance(data, dict):
            data = data.get(key)
        elif isinstance(data, list) and key.isdecimal() and int(key) < len(data):
            data = data[int(key)]
        else:
            return None
    return data
