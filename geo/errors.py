"""The base of every error of this library: a ValueError that a program can tell from another."""

from typing import ClassVar


class GeoError(ValueError):
    """A value is not usable."""

    #: Stable snake_case name of the cause; the caller translates it. The input is never part of the message.
    code: ClassVar[str] = "unusable"

    def __init__(self) -> None:
        super().__init__((type(self).__doc__ or "").strip())
