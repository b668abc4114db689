"""What is sent as a photo comes back as pixels and nothing else, or is refused (SECURITY D5, G7)."""

import asyncio
import io
import resource
import subprocess
import sys

import pytest
from PIL import Image

from app.photos.names import size_of
from app.photos.redraw import redrawn as drawn
from app.photos.redrawing import PhotoRefused, Redrawn, redrawn
from tests.photos import CANARY, bombs, jpeg, png, webp

#: Chunks of a WebP that hold pixels (RFC 9649).
PIXELS = {b"VP8 ", b"VP8L"}
BOMBS = bombs()
#: Runs the program and tells what it took of memory at most, in kB.
MEASURED = """
import sys
from app.photos.redraw import main
main()
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")), file=sys.stderr)
"""


def chunks(content: bytes) -> set[bytes]:
    assert content[:4] == b"RIFF"
    assert content[8:12] == b"WEBP"
    found, at = set(), 12
    while at < len(content):
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        found.add(content[at : at + 4])
        at += 8 + length + length % 2
    return found


@pytest.mark.parametrize("sent", [jpeg(), png(), webp()], ids=["JPEG", "PNG", "WebP"])
async def test_g7_nothing_but_pixels_is_kept(sent: bytes) -> None:
    assert CANARY.encode() in sent
    made = await redrawn(sent)
    for content in (made.large, made.small):
        assert chunks(content) <= PIXELS
        assert CANARY.encode() not in content
        with Image.open(io.BytesIO(content)) as image:
            assert not image.getexif()
            assert "icc_profile" not in image.info
            image.load()


def test_g7_of_a_hundred_files_of_every_kind_no_byte_beside_the_pixels_is_left() -> None:
    """Every orientation and format, sizes from the least on, and what says who made it and how (C2PA, in APP11)."""
    credentials = b"jumb" + b"c2pa" + CANARY.encode()
    app11 = b"\xff\xeb" + (len(credentials) + 2).to_bytes(2, "big") + credentials
    made = 0
    for side in range(4):
        width, height = 100 + 37 * side, 100 + 11 * side
        cameras = [jpeg(width, height, orientation=turned) for turned in range(1, 9)]
        signed = [sent[:2] + app11 + sent[2:] for sent in cameras]
        others = [kind(width + n, height) for kind in (png, webp) for n in range(5)]
        for sent in (*cameras, *signed, *others):
            assert CANARY.encode() in sent
            _, *sizes = drawn(sent)
            for content in sizes:
                assert chunks(content) <= PIXELS
                assert CANARY.encode() not in content
            made += 1
    assert made >= 100


async def test_g7_the_camera_was_held_on_its_side_and_the_picture_stands() -> None:
    made = await redrawn(jpeg(2400, 1200, orientation=6))
    assert size_of(made.file) == (800, 1600)
    with Image.open(io.BytesIO(made.large)) as image:
        assert image.size == (800, 1600)
        # What was on the left is on top.
        red, _, blue = image.convert("RGB").getpixel((400, 100))  # type: ignore[misc]
        assert red > 150 > blue


async def test_g7_a_picture_is_named_by_what_it_shows() -> None:
    one, same = await redrawn(jpeg()), await redrawn(jpeg())
    assert one == same
    with Image.open(io.BytesIO(one.small)) as image:
        assert image.size == size_of(one.file, "small") == (480, 360)


@pytest.mark.parametrize(("sent", "code"), BOMBS.values(), ids=BOMBS)
async def test_d5_what_is_no_photo_is_refused(sent: bytes, code: str) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(PhotoRefused) as refused:
        await redrawn(sent)
    assert refused.value.code == code
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 3


@pytest.mark.parametrize("name", [name for name in BOMBS if "PNG" in name or name.startswith("JPEG of")])
def test_d5_what_would_unpack_to_gigabytes_takes_little_memory(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURED], input=BOMBS[name][0], capture_output=True, check=True, timeout=60
    )
    assert int(done.stderr.split()[1]) < 150_000


async def test_d5_others_are_answered_while_a_photo_is_drawn() -> None:
    """The loop goes on turning: nothing of the work is done in it."""
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    turning = asyncio.create_task(turn())
    made = await redrawn(jpeg(3000, 2000))
    turning.cancel()
    assert isinstance(made, Redrawn)
    assert turns > 100
