"""The types of problem documents (RFC 9457, 3.1.1): each error class is one, its docstring the description."""

import inspect
from dataclasses import asdict, dataclass
from typing import Any

from app.errors import NotFound, PomapaError
from app.web.problems import NOT_ALLOWED, TITLES, UNEXPECTED


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of error; `title` and `description` are English message ids."""

    code: str
    status: int
    title: str
    description: str

    def as_document(self) -> dict[str, Any]:
        """The description for programs."""
        return asdict(self)


def problem_type(code: str) -> ProblemType:
    """The type of that code; `NotFound` when no answer has it."""
    found = {kind.code: kind for kind in problem_types()}
    if code not in found:
        raise NotFound
    return found[code]


def problem_types() -> list[ProblemType]:
    """All types, by code."""
    types = [
        ProblemType("unexpected", 500, TITLES[500], UNEXPECTED),
        ProblemType("method_not_allowed", 405, TITLES[405], NOT_ALLOWED),
    ]
    waiting: list[type[PomapaError]] = [PomapaError]
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        title = TITLES.get(kind.status, TITLES[500] if kind.status >= 500 else TITLES[400])
        # The code depends on the class alone; some classes cannot be made without knowing more.
        code = kind.__new__(kind).code
        types.append(ProblemType(code, kind.status, title, inspect.cleandoc(kind.__doc__ or "")))
    return sorted(types, key=lambda kind: kind.code)
