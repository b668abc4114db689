"""Why a photo is not taken, as sentences that say what to do instead."""

from collections.abc import Mapping
from typing import Final

from app.errors import FieldProblem
from app.i18n import N_

#: The largest file that is looked at, in bytes.
MOST_BYTES: Final = 8 * 1024 * 1024

#: By stable code. English message ids, translated at the edge.
MESSAGES: Final[Mapping[str, str]] = {
    "photo_large": N_("This photo is larger than 8 MB. Choose a smaller one."),
    "photo_unreadable": N_("We cannot read this file. Choose a photo as JPEG, PNG or WebP."),
    "photo_pixels": N_("This picture has too many pixels. Choose a smaller one."),
    "photo_small": N_("This picture is too small to show anything. Choose a larger one."),
    "photo_moves": N_("This picture moves. Choose one that stands still."),
    "photos_full": N_("That is too many. Keep the most important ones."),
    "photos_busy": N_("Very many photos are being sent. Wait a few minutes, or send the rest without one."),
    "photo_gone": N_("This photo is no longer here. Choose it again."),
}


def problem(code: str, path: str) -> FieldProblem:
    """The problem of an input."""
    return FieldProblem(path, code, MESSAGES[code])
