"""The program that draws a photo anew, in a process of its own: it knows no database and no secret, and writes no file.

What somebody sent comes on its standard input. On its standard output leaves a line of JSON, then the photo in both
sizes as WebP; or only the line, with why it was refused. Nothing but pixels gets from one to the other: no place where
it was taken, no name of a device, no hidden second picture.
"""

import io
import json
import os
import resource
import sys
import warnings
from typing import Final

from PIL import ExifTags, Image, ImageCms

from app.photos.names import SIZES, fitted

FORMATS: Final = ("JPEG", "PNG", "WEBP")
#: The shortest side that shows anything, in pixels.
LEAST_SIDE: Final = 100
#: A JPEG can be read at half its size and less; of the others every pixel has to be in memory at once.
MOST_PIXELS: Final = {"JPEG": 50_000_000, "MPO": 50_000_000, "PNG": 20_000_000, "WEBP": 20_000_000}
#: Unless it comes as one rough picture that gets finer: then all of it is held until the last of it is there.
MOST_PROGRESSIVE: Final = 16_000_000
#: What comes beside the pixels may not be longer than any camera makes it, in bytes.
LONGEST_BESIDE: Final = 1_000_000
QUALITY: Final = 80
#: What the process may take of the processor, in seconds, and of memory, in bytes.
MOST_CPU_S: Final = 5
MOST_MEMORY: Final = 400 * 1024**2
_NICENESS: Final = 5
#: What undoes each orientation that a camera notes (Exif 2.32, tag 274).
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Refused(ValueError):  # noqa: N818 - an error's name is its cause
    """A photo that is not taken; its text is a code of `app.photos.refusals`."""


def redrawn(sent: bytes) -> tuple[tuple[int, int], bytes, bytes]:
    """Give width and height of the larger one, and both sizes as WebP; `Refused`."""
    # Its size is asked for first, so that nothing is unpacked of what unpacks to gigabytes.
    Image.MAX_IMAGE_PIXELS = None
    warnings.simplefilter("ignore")
    with Image.open(io.BytesIO(sent), formats=FORMATS) as image:
        _look(image)
        image.draft("RGB", (SIZES["large"], SIZES["large"]))
        image.load()
        # Smaller first: everything after it costs memory for each pixel.
        large = _plain(_turned(image, _reduced(image)), image.info.get("icc_profile"))
    small = large.resize(fitted(*large.size, SIZES["small"]), Image.Resampling.LANCZOS)
    return large.size, _written(large), _written(small)


def _look(image: Image.Image) -> None:
    """Refuse by what the head of the file says."""
    width, height = image.size
    most = MOST_PIXELS[image.format or ""]
    if width * height > (min(most, MOST_PROGRESSIVE) if image.info.get("progressive") else most):
        raise Refused("photo_pixels")
    if min(width, height) < LEAST_SIDE:
        raise Refused("photo_small")
    # A camera's JPEG may hold several pictures, of which the first is the photo; in the others it moves.
    if image.format in ("PNG", "WEBP") and getattr(image, "n_frames", 1) > 1:
        raise Refused("photo_moves")
    if any(isinstance(value, bytes | str) and len(value) > LONGEST_BESIDE for value in image.info.values()):
        raise Refused("photo_unreadable")


def _reduced(image: Image.Image) -> Image.Image:
    """The picture no larger than it is kept, in a mode whose pixels can be mixed."""
    if image.mode not in ("L", "RGB", "RGBA", "CMYK"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    size = fitted(*image.size, SIZES["large"])
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _turned(sent: Image.Image, image: Image.Image) -> Image.Image:
    """The picture as the camera was held, by what `sent` says of that."""
    try:
        orientation = sent.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # noqa: BLE001 - whatever is wrong with what a camera wrote, the picture is there
        return image
    turn = _TURNS.get(orientation or 0)
    return image if turn is None else image.transpose(turn)


def _plain(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The pixels alone, in sRGB, on white where they let something through."""
    if image.mode == "RGBA":
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image)
        image = ground.convert("RGB")
    plain = Image.new("RGB", image.size)
    plain.paste(_in_srgb(image, profile))
    return plain


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile or image.mode not in ("RGB", "CMYK"):
        return image.convert("RGB")
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        found = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image.convert("RGB")
    return found or image.convert("RGB")


def _written(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return out.getvalue()


def main() -> int:
    """Read a photo, write it anew; the exit status."""
    os.nice(_NICENESS)
    for limit, most in (
        (resource.RLIMIT_CPU, MOST_CPU_S),
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    out = sys.stdout.buffer
    try:
        (width, height), large, small = redrawn(sys.stdin.buffer.read())
    except Refused as refused:
        out.write(json.dumps({"refused": str(refused)}).encode() + b"\n")
    except Exception:  # noqa: BLE001 - decoders raise anything on what is no picture
        out.write(json.dumps({"refused": "photo_unreadable"}).encode() + b"\n")
    else:
        head = {"width": width, "height": height, "large": len(large)}
        out.write(json.dumps(head).encode() + b"\n" + large + small)
    return 0


if __name__ == "__main__":
    sys.exit(main())
