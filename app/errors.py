"""Errors by meaning. Raised anywhere, turned into a page or `application/problem+json` in one place.

A class is a cause; its docstring is its default message (an English message id, translated at the
edge). A message never repeats what was sent in.
"""

import inspect
from dataclasses import dataclass
from typing import ClassVar


class PomapaError(Exception):
    """Something went wrong."""

    status: ClassVar[int] = 500
    #: Seconds after which the client may try again, for `Retry-After`.
    retry_after_s: int | None = None
    #: Whoever met the cause has written it into the log, once; the requests that it fails add nothing.
    logged_at_its_cause: ClassVar[bool] = False

    def __init__(self, message: str = "") -> None:
        self.message = message or inspect.cleandoc(type(self).__doc__ or "")
        super().__init__(self.message)

    @property
    def code(self) -> str:
        """The cause in lower_snake English, stable for programs."""
        name = type(self).__name__
        return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


class MalformedInput(PomapaError):  # noqa: N818 - families are named by meaning
    """This could not be read."""

    status = 400


class Unauthenticated(PomapaError):  # noqa: N818 - named by what is wrong
    """Sign in first."""

    status = 401


class Forbidden(PomapaError):  # noqa: N818 - named by what is wrong
    """You may not do this."""

    status = 403


class NotFound(PomapaError):  # noqa: N818 - named by what is wrong
    """There is nothing here."""

    status = 404


class Conflict(PomapaError):  # noqa: N818 - named by what is wrong
    """Somebody else was faster. Look at the current version and try again."""

    status = 409


class Gone(PomapaError):  # noqa: N818 - named by what is wrong
    """This is no longer here."""

    status = 410


class TooLarge(PomapaError):  # noqa: N818 - named by what is wrong
    """This is too large."""

    status = 413


class UnsupportedMedia(PomapaError):  # noqa: N818 - named by what is wrong
    """This kind of content is not accepted here."""

    status = 415


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field.

    `path` is the field's place in the content, dotted (`services.0.hours`); `code` is stable for
    programs; `message` is an English message id that says what to write instead.
    """

    path: str
    code: str
    message: str


class InvalidInput(PomapaError):  # noqa: N818 - named by what is wrong
    """Some fields need another look."""

    status = 422

    def __init__(self, *problems: FieldProblem, message: str = "") -> None:
        super().__init__(message)
        self.problems = problems


class TooManyRequests(PomapaError):  # noqa: N818 - named by what is wrong
    """That was a lot at once. Wait a little and try again."""

    status = 429

    def __init__(self, message: str = "", *, retry_after_s: int = 60) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Overloaded(PomapaError):  # noqa: N818 - named by what is wrong
    """The service is busy at the moment. Try again soon."""

    status = 503
    retry_after_s = 30
