"""Photos made for tests: as cameras write them, with everything beside the pixels, and files that pretend to be one."""

import io
import struct
import zlib
from typing import Final

from PIL import Image, ImageCms, PngImagePlugin

#: Stands in every corner of a file where something can be written beside the pixels.
CANARY: Final = "KANAREK-48213"


def picture(width: int = 800, height: int = 600) -> Image.Image:
    """A picture with something in it: its left side is red, its right side blue."""
    made = Image.new("RGB", (width, height), (30, 60, 200))
    made.paste((220, 30, 30), (0, 0, width // 2, height))
    return made


def jpeg(width: int = 800, height: int = 600, *, orientation: int = 1) -> bytes:
    """A photo with place, device, thumbnail, comment, XMP, IPTC and a profile."""
    exif = Image.Exif()
    exif[0x010F] = exif[0x0110] = exif[0x010E] = exif[0x013B] = CANARY
    exif[0x0112] = orientation
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (50.0, 52.0, 13.37), "E", (20.0, 37.0, 42.42)
    gps[27] = CANARY.encode()
    exif.get_ifd(0x8769)[0x927C] = CANARY.encode()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = io.BytesIO()
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>{CANARY}</a></x:xmpmeta>'.encode()
    picture(width, height).save(
        out, "JPEG", quality=88, exif=exif, comment=CANARY.encode(), icc_profile=profile, xmp=xmp
    )
    sent = out.getvalue()
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(CANARY)) + CANARY.encode()
    app13 = b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc
    # Behind the picture, as phones put films and maps there.
    return sent[:2] + app13 + sent[2:] + b"PK\x03\x04" + CANARY.encode()


def png(width: int = 800, height: int = 600) -> bytes:
    """A picture that lets something through, with texts in it."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", CANARY)
    texts.add_itxt("XML:com.adobe.xmp", CANARY, zip=True)
    made = picture(width, height)
    made.putalpha(128)
    out = io.BytesIO()
    made.save(out, "PNG", pnginfo=texts, exif=_exif())
    return out.getvalue()


def webp(width: int = 800, height: int = 600) -> bytes:
    """The same as WebP."""
    out = io.BytesIO()
    picture(width, height).save(out, "WEBP", exif=_exif(), xmp=CANARY.encode())
    return out.getvalue()


def bombs() -> dict[str, tuple[bytes, str]]:
    """Files that are no photo, or too much of one, by what they are: with the code of why they are refused."""
    whole = jpeg()
    moving = io.BytesIO()
    picture().save(moving, "WEBP", save_all=True, append_images=[Image.new("RGB", (800, 600))])
    moving_png = io.BytesIO()
    picture().save(moving_png, "PNG", save_all=True, append_images=[Image.new("RGB", (800, 600))])
    gif = io.BytesIO()
    picture().save(gif, "GIF", save_all=True, append_images=[Image.new("RGB", (800, 600))] * 9)
    wide = io.BytesIO()
    Image.new("1", (9000, 9000)).save(wide, "PNG", optimize=True)
    rough = io.BytesIO()
    Image.new("RGB", (7000, 7000), "green").save(rough, "JPEG", progressive=True, subsampling=0)
    cut_short, mixed = whole[: len(whole) // 3], bytearray(whole)
    mixed[600:] = b"\x00" * (len(mixed) - 600)
    return {
        "PNG of 50,000 x 50,000 in a kilobyte": (_png_head(50_000, 50_000), "photo_pixels"),
        "PNG of 2^31 pixels a side": (_png_head(2**31 - 1, 2**31 - 1), "photo_pixels"),
        "PNG of 81 million pixels, all there": (wide.getvalue(), "photo_pixels"),
        "PNG with a text that unpacks to 60 MB": (_png_with(b"zTXt", b"a\x00\x00"), "photo_unreadable"),
        "PNG with a profile that unpacks to 60 MB": (_png_with(b"iCCP", b"a\x00\x00"), "photo_unreadable"),
        "PNG with a megabyte beside it": (_png_with(b"eXIf", b"", packed=False), "photo_unreadable"),
        "JPEG of 65,000 x 65,000": (_jpeg_head(65_000, 65_000), "photo_pixels"),
        "JPEG of 49 million pixels that gets finer": (rough.getvalue(), "photo_pixels"),
        "JPEG cut short": (cut_short, "photo_unreadable"),
        "JPEG that goes on with nothing": (bytes(mixed), "photo_unreadable"),
        "JPEG in a PDF": (b"%PDF-1.7\n" + whole, "photo_unreadable"),
        "JPEG behind a page": (b"<html><script>alert(1)</script>" + whole, "photo_unreadable"),
        "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "photo_unreadable"),
        "page that says it is a picture": (b"<!doctype html><img src=x>", "photo_unreadable"),
        "GIF of many frames": (gif.getvalue(), "photo_unreadable"),
        "WebP that moves": (moving.getvalue(), "photo_moves"),
        "PNG that moves": (moving_png.getvalue(), "photo_moves"),
        "ZIP": (b"PK\x03\x04" + bytes(5000), "photo_unreadable"),
        "zlib of 60 MB": (zlib.compress(bytes(60_000_000)), "photo_unreadable"),
        "TIFF": (b"II*\x00\x08\x00\x00\x00" + bytes(2000), "photo_unreadable"),
        "EPS": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "photo_unreadable"),
        "XBM": (b"#define x_width 9\n#define x_height 9\nstatic char x_bits[] = {0};", "photo_unreadable"),
        "picture of 3 x 3": (png(3, 3), "photo_small"),
        "picture of one line": (png(3000, 20), "photo_small"),
        "nothing": (b"", "photo_unreadable"),
        "one byte": (b"\xff", "photo_unreadable"),
        "more than 8 MB": (whole + bytes(8 * 1024 * 1024), "photo_large"),
    }


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = CANARY
    return exif


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png_head(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(bytes(100))) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _png_with(kind: bytes, before: bytes, *, packed: bool = True) -> bytes:
    plain = io.BytesIO()
    picture().save(plain, "PNG")
    whole = plain.getvalue()
    data = before + (zlib.compress(bytes(60_000_000), 9) if packed else bytes(1_100_000))
    return whole[:33] + _chunk(kind, data) + whole[33:]


def _jpeg_head(width: int, height: int) -> bytes:
    frame = (
        b"\xff\xc0\x00\x11\x08"
        + struct.pack(">HH", height, width)
        + b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
    )
    return (
        b"\xff\xd8"
        + frame
        + b"\xff\xda\x00\x0c\x03\x01\x00\x02\x11\x03\x11\x00\x3f\x00"
        + bytes(50)
        + b"\xff\xd9"
    )
