"""The name of a photo: a digest of its bytes and its size, so that neither can be another one."""

import hashlib
import re
from typing import Final

#: As a content names a photo: 128 bits of SHA-256, then width and height in pixels.
FILE_PATTERN: Final = r"^[0-9a-f]{32}-[1-9][0-9]{0,3}x[1-9][0-9]{0,3}$"
#: Both sizes of a photo, by the longer side in pixels.
SIZES: Final = {"small": 480, "large": 1600}
TYPE: Final = "image/webp"
_FILE = re.compile(FILE_PATTERN.removesuffix("$") + r"\Z")


def file_of(large: bytes, width: int, height: int) -> str:
    """The name of a photo by its larger size."""
    return f"{hashlib.sha256(large).hexdigest()[:32]}-{width}x{height}"


def is_file(text: str) -> bool:
    """Whether a text may be the name of a photo."""
    return _FILE.match(text) is not None


def size_of(file: str, size: str = "large") -> tuple[int, int]:
    """Width and height in pixels of the photo with that name, in one of `SIZES`."""
    width, height = (int(side) for side in file.rpartition("-")[2].split("x"))
    return fitted(width, height, SIZES[size])


def fitted(width: int, height: int, most: int) -> tuple[int, int]:
    """Width and height scaled down so that the longer one is `most` at most, each at least 1."""
    longer = max(width, height)
    if longer <= most:
        return width, height
    return max(1, round(width * most / longer)), max(1, round(height * most / longer))
