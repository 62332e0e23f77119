"""Pictures come out without what they tell of their maker: upright, as they looked, kept under their bytes (#12)."""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from plugins.pictures import FORMATS, cleaned, cleaned_picture
from plugins.problems import ContentError

MARK = b"PLANTED"
GPS, MAKE, ARTIST, DESCRIPTION, ORIENTATION = 0x8825, 0x010F, 0x013B, 0x010E, 0x0112
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>PLANTED-xmp</rdf:RDF></x:xmpmeta>'


def drawing(mode: str = "RGB", size: tuple[int, int] = (48, 32)) -> Image.Image:
    """Four fields of different colours, so that no turn of it looks like another."""
    image = Image.new("RGB", size, "white")
    draw, (x, y) = ImageDraw.Draw(image), (size[0] // 2, size[1] // 2)
    draw.rectangle((0, 0, x - 1, y - 1), "red")
    draw.rectangle((x, 0, size[0], y - 1), "lime")
    draw.rectangle((0, y, x - 1, size[1]), "blue")
    return image.convert(mode)


def exif(turned: int = 1) -> Image.Exif:
    made = Image.Exif()
    made[MAKE], made[ARTIST], made[DESCRIPTION] = "PLANTED-phone", "PLANTED-name", "PLANTED-words"
    made[ORIENTATION] = turned
    made.get_ifd(GPS).update({1: "N", 2: (45.0, 46.0, 1.5), 29: "PLANTED-day"})
    return made


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def profile(name: str) -> bytes:
    """sRGB's profile under another name: one whose colours are said to be others."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made.replace("sRGB".encode("utf-16-be"), name.encode("utf-16-be")[:8]).replace(b"sRGB built", b"PLANTEDbui")


def segment(code: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, code, len(data) + 2) + data


def jpeg() -> bytes:
    """Exif with a position, XMP, IPTC, a comment, thumbnails in JFIF and JFXX, unknown parts, a second picture."""
    plain = saved(drawing(), "JPEG", exif=exif(), comment=b"PLANTED-comment")
    parts = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP)
    parts += segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x10\x1c\x02\x50\0\x0cPLANTED-iptc")
    parts += (
        segment(0xE0, b"JFXX\0\x13PLANTED-thumbnail") + segment(0xE2, b"MPF\0PLANTED") + segment(0xE4, b"PLANTED-app4")
    )
    return plain[:2] + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\3PLANTED-t") + parts + plain[2:] + jpeg_of_the_thumbnail()


def jpeg_of_the_thumbnail() -> bytes:
    return saved(drawing(size=(8, 8)), "JPEG", exif=exif())


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(mode: str = "RGB") -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "PLANTED-author")
    words.add_text("Comment", "PLANTED-packed " * 9, zip=True)
    words.add_itxt("XML:com.adobe.xmp", XMP.decode())
    made = saved(drawing(mode), "PNG", pnginfo=words, exif=exif())
    return made[:-12] + chunk(b"tIME", b"PLANTED") + chunk(b"prVt", b"PLANTED-own") + made[-12:] + b"PLANTED-after"


def webp(**options: object) -> bytes:
    made = saved(drawing(), "WEBP", exif=exif(), xmp=XMP, **options)
    own = made[12:] + struct.pack("<4sI", b"PRVT", 8) + b"PLANTED!"
    return b"RIFF" + struct.pack("<I", len(own) + 4) + b"WEBP" + own


def gif() -> bytes:
    frames = [drawing("P"), drawing("P").rotate(180)]
    made = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=[100, 300], loop=0, comment=MARK)
    xmp = b"\x21\xff\x0bXMP DataXMP" + bytes([len(XMP)]) + XMP + b"\0"
    return made[:-1] + xmp + b"\x21\xfe\x07PLANTED\0" + b"\x21\x01\x07PLANTED\0" + b";" + b"PLANTED-after"


WITH_PROFILE = ("JPEG", "PNG", "WEBP", "AVIF")
CARRIERS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "JPEG": ("JPEG", jpeg),
    "progressive JPEG": ("JPEG", lambda: saved(drawing(), "JPEG", progressive=True, exif=exif(), comment=MARK)),
    "grey JPEG": ("JPEG", lambda: saved(drawing("L"), "JPEG", exif=exif(), comment=MARK)),
    "JPEG for print": ("JPEG", lambda: saved(drawing("CMYK"), "JPEG", exif=exif(), comment=MARK)),
    "JPEG of two pictures": (
        "JPEG",
        lambda: saved(drawing(), "MPO", save_all=True, append_images=[drawing()], exif=exif()),
    ),
    "PNG": ("PNG", png),
    "PNG with a palette": ("PNG", lambda: png("P")),
    "PNG with transparency": ("PNG", lambda: png("RGBA")),
    "PNG of sixteen bits": (
        "PNG",
        lambda: png("I;16") if False else saved(Image.new("I;16", (9, 9), 999), "PNG", exif=exif()),
    ),
    "moving PNG": (
        "PNG",
        lambda: saved(drawing(), "PNG", save_all=True, append_images=[drawing().rotate(180)], duration=99, exif=exif()),
    ),
    "WebP": ("WEBP", webp),
    "WebP without loss": ("WEBP", lambda: webp(lossless=True)),
    "moving WebP": ("WEBP", lambda: webp(save_all=True, append_images=[drawing().rotate(180)], duration=[90, 210])),
    "GIF": ("GIF", gif),
}


def frames(data: bytes) -> list[tuple[bytes, object]]:
    """What is seen of a picture, and for how long."""
    with Image.open(io.BytesIO(data)) as image:
        found = []
        for number in range(getattr(image, "n_frames", 1) if image.format != "MPO" else 1):
            image.seek(number)
            found.append((image.convert("RGBA").tobytes(), image.info.get("duration")))
        return found


def told(data: bytes) -> dict[Any, Any]:
    """What Pillow finds in a picture that is not its looks."""
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        kept = {
            name
            for name in ("exif", "xmp", "comment", "icc_profile", "photoshop", "XML:com.adobe.xmp")
            if image.info.get(name)
        }
        return dict.fromkeys(kept) | dict(image.getexif()) | dict(getattr(image, "text", {}))


@pytest.mark.filterwarnings("ignore:Image appears to be a malformed MPO")  # it is, in one part
@pytest.mark.parametrize("name", CARRIERS)
def test_a_picture_looks_the_same_to_the_last_pixel_and_says_nothing_else(name: str) -> None:
    kind, make = CARRIERS[name]
    data = make()
    assert MARK in data or told(data), "the test's own picture carries nothing"
    clean = cleaned_picture(data, kind)
    assert MARK not in clean
    assert told(clean) == {}
    assert frames(clean) == frames(data)
    assert len(clean) < len(data)
    assert cleaned_picture(clean, kind) == clean


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("turned", range(1, 9))
def test_a_picture_that_lies_on_its_side_stands_upright(kind: str, turned: int) -> None:
    data = saved(drawing(size=(96, 64)), kind, exif=exif(turned))
    with Image.open(io.BytesIO(cleaned_picture(data, kind))) as image:
        assert image.getexif().get(ORIENTATION, 1) == 1
        assert image.size == ((96, 64) if turned < 5 else (64, 96))
        width, height = image.size
        corners = [(width // 4, height // 4), (3 * width // 4, height // 4), (width // 4, 3 * height // 4)]
        pixels: Any = image.convert("RGB")
        seen = [tuple(round(part / 255) for part in pixels.getpixel(at)) for at in corners]
    red, lime, blue, white = (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)
    upright = {1: (red, lime, blue), 2: (lime, red, white), 3: (white, blue, lime), 4: (blue, white, red)}
    upright |= {5: (red, blue, lime), 6: (blue, red, white), 7: (white, lime, blue), 8: (lime, white, red)}
    assert tuple(seen) == upright[turned]


@pytest.mark.parametrize("moving", [False, True])
def test_avif_is_drawn_anew(moving: bool) -> None:
    more = {"save_all": True, "append_images": [drawing().rotate(180)], "duration": [100, 300]} if moving else {}
    data = saved(drawing(), "AVIF", exif=exif(), xmp=XMP, **more)
    assert MARK in data
    clean = cleaned_picture(data, "AVIF")
    assert MARK not in clean
    assert told(clean) == {}
    assert [time for _, time in frames(clean)] == [time for _, time in frames(data)]


@pytest.mark.parametrize(("kind", "mode"), [*((kind, "RGB") for kind in WITH_PROFILE), ("PNG", "RGBA"), ("PNG", "P")])
def test_other_colours_become_srgb_and_the_profile_goes(kind: str, mode: str) -> None:
    data = saved(drawing(mode), kind, icc_profile=profile("Mine"))
    with Image.open(io.BytesIO(data)) as image:
        carried = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
        assert "sRGB" not in ImageCms.getProfileDescription(carried)
    clean = cleaned_picture(data, kind)
    assert told(clean) == {}
    before, after = Image.open(io.BytesIO(data)).convert("RGB"), Image.open(io.BytesIO(clean)).convert("RGB")
    far = [abs(a - b) for a, b in zip(before.tobytes(), after.tobytes(), strict=True)]
    assert sum(far) / len(far) <= (0 if kind == "PNG" else 6)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("damage", ["empty", "text", "cut", "another kind"])
def test_a_damaged_picture_is_told(tmp_path: Path, name: str, damage: str) -> None:
    whole = saved(drawing(), FORMATS[name])
    other = saved(drawing(), "PNG" if name != ".png" else "GIF")
    file = tmp_path / f"x{name}"
    cut = whole[: len(whole) // 2]
    file.write_bytes({"empty": b"", "text": b"not a picture", "cut": cut, "another kind": other}[damage])
    with pytest.raises(ContentError) as error:
        cleaned(file, tmp_path / "kept")
    (problem,) = error.value.args[0]
    assert "damaged" in problem.message
    assert not list((tmp_path / "kept").glob("*"))


def test_a_picture_larger_than_any_memory_is_told(tmp_path: Path) -> None:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0))
    rest = chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    (tmp_path / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n" + head + rest)
    with pytest.raises(ContentError):
        cleaned(tmp_path / "x.png", tmp_path / "kept")


def test_a_picture_is_kept_under_its_bytes_and_read_before_it_is_used(tmp_path: Path) -> None:
    file, kept = tmp_path / "x.jpg", tmp_path / "kept"
    file.write_bytes(data := jpeg())
    first = cleaned(file, kept)
    made = first.read_bytes()
    os.utime(first, (1, 1))
    assert cleaned(file, kept) == first
    assert first.stat().st_mtime == 1, "it was made again"
    first.write_bytes(b"<script>")
    assert cleaned(file, kept).read_bytes() == made
    assert file.read_bytes() == data, "the owner's own picture is as it was"
    file.write_bytes(saved(drawing("L"), "JPEG"))
    assert cleaned(file, kept).read_bytes() != made
