"""Pictures and files that arrive on the desk: each kind as the site keeps it, and what is refused, in words."""

from __future__ import annotations

import errno
import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageDraw

from tests.desk.asking import ask
from tests.desk.uploads import Owner, form, kept, owner_of, pdf, photograph, saved

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


@pytest.fixture
def owner(tmp_path: Path) -> Owner:
    return owner_of(tmp_path)


def taken_with_a_camera(turned: int = 1) -> Image.Exif:
    """What a telephone writes into a photograph: where it was, who made it, how it was held."""
    exif = Image.Exif()
    exif[MAKER], exif[ORIENTATION] = "Apple", turned
    place = exif.get_ifd(GPS)
    place[1], place[2], place[3], place[4] = "N", (48.0, 51.0, 30.0), "E", (2.0, 17.0, 40.0)
    return exif


def is_red(pixel: Any) -> bool:
    return bool(pixel[0] > 150 and pixel[1] < 80 and pixel[2] < 80)


def test_a_photograph_of_12_megapixels_from_an_iphone_is_small_upright_and_says_nothing_of_where_it_was(
    owner: Owner,
) -> None:
    """A HEIC of 4032 × 3024 with a GPS position, the telephone held upright."""
    picture = Image.linear_gradient("L").resize((4032, 3024)).convert("RGB")
    picture.paste((220, 10, 10), (0, 0, 1000, 700))
    data = saved(picture, "HEIF", quality=40, exif=taken_with_a_camera(6).tobytes())
    assert b"Apple" in data
    assert b"irot" in data
    answer = owner.add(data, "IMG_4711.HEIC")
    image = kept(owner, answer)
    assert answer.json["path"] == "images/img-4711.jpg"
    assert (image.format, image.size) == ("JPEG", (1800, 2400))
    assert is_red(image.getpixel((1780, 20)))
    assert not is_red(image.getpixel((20, 20)))


@pytest.mark.parametrize(
    ("kind", "turned", "size"),
    [("JPEG", 6, (600, 800)), ("JPEG", 1, (800, 600)), ("WEBP", 6, (600, 800)), ("AVIF", 1, (800, 600))],
)
def test_each_kind_of_photograph_is_kept_as_an_upright_jpeg(
    owner: Owner, kind: str, turned: int, size: tuple[int, int]
) -> None:
    data = saved(photograph((800, 600)), kind, quality=90, exif=taken_with_a_camera(turned))
    image = kept(owner, owner.add(data, f"Au bureau.{kind}"))
    assert (image.format, image.size) == ("JPEG", size)
    corner = image.getpixel((size[0] - 20, 20) if turned == 6 else (20, 20))  # held upright: turned to the right
    assert is_red(corner)


def test_a_picture_that_fits_keeps_its_pixels(owner: Owner) -> None:
    data = saved(photograph((800, 600)), "JPEG", quality=90, exif=taken_with_a_camera())
    image = kept(owner, owner.add(data, "a.jpg"))
    assert image.tobytes() == Image.open(io.BytesIO(data)).tobytes()


def test_a_photograph_in_other_colours_looks_the_same_in_srgb(owner: Owner) -> None:
    """With a profile in which grey is brighter, as many screens have one."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ"))
    data = saved(photograph((800, 600)), "PNG", icc_profile=lab.tobytes())
    image = kept(owner, owner.add(data, "a.png"))
    assert image.getpixel((20, 20)) != (220, 10, 10)  # drawn anew: the numbers are others, the colour is the same


def test_drawings_and_what_shines_through_stay_png_and_a_photograph_in_one_does_not(owner: Owner) -> None:
    drawing = Image.new("RGB", (3000, 1000), "white")
    ImageDraw.Draw(drawing).ellipse((100, 100, 900, 900), outline="navy", width=9)
    image = kept(owner, owner.add(saved(drawing, "PNG"), "Courbe d’apprentissage.png"))
    assert (image.format, image.size) == ("PNG", (2400, 800))
    cut_out = photograph((400, 300))
    cut_out.putalpha(Image.linear_gradient("L").resize((400, 300)))
    image = kept(owner, owner.add(saved(cut_out, "WEBP"), "cut out.webp"))
    assert (image.format, image.mode) == ("PNG", "RGBA")
    assert kept(owner, owner.add(saved(photograph((800, 600)), "PNG"), "photo.png")).format == "JPEG"
    grey = Image.new("I;16", (300, 200), 40_000)
    assert kept(owner, owner.add(saved(grey, "PNG"), "scan.png")).getpixel((5, 5)) in (156, (156, 156, 156), 40_000)
    cmyk = kept(owner, owner.add(saved(photograph((800, 600)).convert("CMYK"), "JPEG"), "printed.jpg"))
    assert (cmyk.mode, cmyk.format) == ("RGB", "JPEG")
    assert is_red(cmyk.getpixel((20, 20)))
    assert owner.files() == [
        "images/courbe-d-apprentissage.png",
        "images/cut-out.png",
        "images/photo.jpg",
        "images/printed.jpg",
        "images/scan.png",
    ]


def test_a_drawing_is_cleaned_or_refused_with_its_line(owner: Owner) -> None:
    clean = b'<?xml version="1.0"?>\n<!-- mine -->\n<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9"/></svg>'
    answer = owner.add(clean, "logo.svg")
    assert answer.json["path"] == "images/logo.svg"
    assert b"mine" not in owner.file("images/logo.svg").read_bytes()
    bad = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    answer = owner.add(bad, "bad.svg")
    assert answer.status == 422
    assert "<script>" in answer.json["wrong"][0]
    assert "plain SVG" in answer.json["wrong"][0]
    assert owner.files() == ["images/logo.svg"]


def test_a_pdf_goes_to_the_downloads_as_it_is(owner: Owner) -> None:
    answer = owner.add(pdf(), "Plaquette Coaching 2026.PDF")
    assert answer.json["path"] == "downloads/plaquette-coaching-2026.pdf"
    assert answer.json["address"] == "{static}../../downloads/plaquette-coaching-2026.pdf"
    assert owner.file("downloads/plaquette-coaching-2026.pdf").read_bytes() == pdf()


def bomb(side: int = 40_000) -> bytes:
    """A PNG of a few bytes that says it has so many pixels a side."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"\0" * 9)) + part(b"IEND", b"")


def film() -> bytes:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


def cut_short() -> bytes:
    data = saved(photograph((800, 600)), "JPEG")
    return data[: len(data) // 2]


@pytest.mark.parametrize(
    ("make", "name", "said"),
    [
        (lambda: b"", "empty.jpg", "This file is empty"),
        (cut_short, "cut.jpg", "This file is damaged"),
        (lambda: saved(photograph((900, 900)), "HEIF")[:9000], "cut.heic", "This file is damaged"),
        (lambda: b"no picture at all", "words.jpg", "This file is damaged"),
        (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "cut.png", "This file is damaged"),
        (lambda: b"plain words", "words.pdf", "not what its name says"),
        (bomb, "bomb.png", "more than 89 million pixels"),
        (lambda: bomb(9_500), "bomb.png", "more than 89 million pixels"),
        (film, "film.gif", "This picture moves"),
        (lambda: b"PK\x03\x04", "Lettre.docx", "not what its name says"),
        (lambda: b"\xd0\xcf\x11\xe0", "Lettre.doc", "Save it as PDF"),
        (lambda: b"\0" * 99, "IMG_1.MOV", "The site takes JPEG, PNG"),
        (lambda: b"<!doctype html><svg></svg>", "page.html", "The site takes JPEG, PNG"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words_and_nothing_is_written(
    owner: Owner, make: Callable[[], bytes], name: str, said: str
) -> None:
    answer = owner.add(make(), name)
    assert answer.status == 422
    assert said in answer.json["wrong"][0]
    assert owner.files() == []


def test_no_two_files_are_called_alike_and_the_same_one_is_kept_once(owner: Owner) -> None:
    one, other = (saved(Image.new("RGB", (90, 60), colour), "PNG") for colour in ("red", "blue"))
    paths = [
        owner.add(data, name).json["path"] for data, name in ((one, "Été.png"), (other, "ete.PNG"), (one, "x.png"))
    ]
    assert paths == ["images/ete.png", "images/ete-2.png", "images/ete.png"]
    assert owner.add(saved(Image.new("RGB", (9, 9)), "PNG"), "con.png").json["path"] == "images/con-1.png"
    assert owner.add(saved(Image.new("RGB", (9, 8)), "PNG"), "…….png").json["path"] == "images/picture.png"
    assert owner.add(saved(Image.new("RGB", (9, 7)), "PNG"), "../../evil.png").json["path"] == "images/evil.png"


def test_a_picture_is_one_change_that_can_be_undone(owner: Owner) -> None:
    answer = owner.add(saved(Image.new("RGB", (90, 60)), "PNG"), "a.png")
    history = ask(owner.app, "/.preview/history").page
    assert "Picture added: “a.png”" in history.text
    assert owner.undo(answer).status == 200
    assert owner.files() == []
    assert owner.add(saved(Image.new("RGB", (90, 60)), "PNG"), "a.png").json["path"] == "images/a.png"


def test_a_full_disk_is_told_and_leaves_nothing(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    answer = owner.add(saved(Image.new("RGB", (90, 60)), "PNG"), "a.png")
    assert (answer.status, answer.json["wrong"]) == (507, ["It could not be added: the disk of this machine is full."])
    monkeypatch.undo()
    assert owner.files() == []


def test_more_than_40_megabytes_are_refused_before_they_are_read(owner: Owner) -> None:
    answer = owner.add(b"\0" * 41_500_000, "a.jpg")
    assert answer.status == 413
    assert "40 MB" in answer.text
    assert owner.add(b"\0" * 2_000_000, "a.jpg").status == 422  # more than any other address takes
    body, kind = form({}, ("a.jpg", b"\0" * 2_000_000))
    assert ask(owner.app, "/.preview/text", body, kind).status == 413
    assert ask(owner.app, "/.preview/pictures/add", body, kind, entered=False).status == 403
