"""A photo of a content: its name, and what is to be seen."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field

from app.features.content import Part
from app.features.text import TranslatedNote
from app.photos.names import FILE_PATTERN, SIZES, size_of

MOST_PHOTOS: Final = 3


class Photo(Part):
    """A photo that everybody may see; a protected place has none."""

    file: Annotated[str, Field(pattern=FILE_PATTERN)]
    """Its name: a digest of its bytes, its width and its height."""
    alt: TranslatedNote
    """What is to be seen, for those who do not see it."""


Photos = Annotated[tuple[Photo, ...], Field(strict=False, max_length=MOST_PHOTOS)]


def photo_path(file: str, size: str) -> str:
    """The path of a published photo in one of its sizes."""
    return f"/photos/{size}/{file}.webp"


def with_addresses(photo: Mapping[str, Any]) -> dict[str, Any]:
    """A photo as JSON with where it is, and how large, in each size."""
    sizes = {}
    for size in SIZES:
        width, height = size_of(photo["file"], size)
        sizes[size] = {"url": photo_path(photo["file"], size), "width": width, "height": height}
    return {**photo, **sizes}
