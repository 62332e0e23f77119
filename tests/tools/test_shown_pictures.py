"""Pictures and files to download, from the owner's folders to what a reader's browser is given."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from html import unescape
from zipfile import ZipFile

import pikepdf
import pytest
from bs4 import BeautifulSoup, Tag
from PIL import Image

from plugins.picture_sizes import HEAVIEST
from tests.tools.copied_site import Project, errors, files_in, told
from tests.tools.pictures import photograph, png, saved
from tools.preview.viewer import Browsers

PAGE, OUT = "content/en/pages/faq.md", "en/faq/index.html"
PHOTO = saved(photograph(1300, 860), quality=92)


@pytest.fixture
def site(project: Project) -> Iterator[Project]:
    """The copy, with folders for pictures and downloads, and a photograph."""
    for folder in ("images", "downloads"):
        project.path(f"content/{folder}").mkdir()
    project.path("content/images/two-chairs.jpg").write_bytes(PHOTO)
    yield project
    for folder in ("images", "downloads"):
        shutil.rmtree(project.path(f"content/{folder}"), ignore_errors=True)


def page(site: Project, place: str = OUT) -> BeautifulSoup:
    return BeautifulSoup((site.output / place).read_text(encoding="utf-8"), "html.parser")


def choices(tag: Tag) -> dict[int, str]:
    """The addresses of a srcset, by width."""
    parts = [part.split() for part in str(tag["srcset"]).split(",")]
    return {int(width.removesuffix("w")): address for address, width in parts}


def made(site: Project) -> set[str]:
    return {name for name in files_in(site.output) if name.startswith("theme/pictures/")}


def test_a_browser_chooses_among_sizes_and_formats_that_are_there(site: Project) -> None:
    site.append(PAGE, "![Two chairs]({static}../../images/two-chairs.jpg)")
    built = site.build()
    assert built.ok, told(built)
    (picture,) = page(site).select(".prose picture")
    image = picture.select_one("img")
    assert image
    assert [source["type"] for source in picture.select("source")] == ["image/avif", "image/webp"]
    assert (image["alt"], image["src"]) == ("Two chairs", "/images/two-chairs.jpg")
    assert (image["width"], image["height"]) == ("1300", "860")
    shown = set()
    for tag in (*picture.select("source"), image):
        assert tag["sizes"] == "(min-width: 42.75rem) 38.75rem, calc(100vw - 4rem)"
        for width, address in choices(tag).items():
            data = (site.output / address.removeprefix("/")).read_bytes()
            shown.add(address.removeprefix("/"))
            assert len(data) <= HEAVIEST
            with Image.open(io.BytesIO(data)) as opened:
                assert opened.width == width
    assert made(site) == shown
    assert files_in(site.output)["images/two-chairs.jpg"]  # for feeds, documents and links
    site.path("content/images/two-chairs.jpg").write_bytes(saved(photograph(1300, 860, 2), quality=92))
    assert site.build().ok
    assert made(site)
    assert not made(site) & shown, "another picture has the name of the one before"
    site.edit(PAGE, "![Two chairs]({static}../../images/two-chairs.jpg)", "")
    assert site.build().ok
    assert made(site) == set()


def test_the_same_site_comes_out_cold_and_warm(site: Project) -> None:
    site.append(PAGE, "![Two chairs]({static}../../images/two-chairs.jpg)")
    assert site.build().ok
    first = files_in(site.output)
    assert site.build().ok
    assert files_in(site.output) == first
    shutil.rmtree(site.path("cache/shown-pictures"))
    assert site.build().ok
    assert files_in(site.output) == first


def test_a_preview_makes_the_jpeg_alone_so_that_nobody_waits_for_a_save(site: Project) -> None:
    site.append(PAGE, "![Two chairs]({static}../../images/two-chairs.jpg)")
    viewer = Browsers(frozenset(), set, None, lambda: False, {})
    assert site.build(viewer=viewer).ok
    (image,) = page(site).select(".prose img")
    assert not page(site).select("picture")
    assert {address.removeprefix("/") for address in choices(image).values()} == made(site)
    assert {name.rpartition(".")[2] for name in made(site)} == {"jpg"}
    assert (image["width"], image["height"]) == ("1300", "860")


def test_only_what_stands_below_the_first_screen_waits(site: Project) -> None:
    image = "![Two chairs]({static}../../images/two-chairs.jpg)"
    site.path(PAGE).write_text(
        re.sub(r"(\n---\n).*", rf"\1\nA few words.\n\n{image}\n\n{image}\n", site.path(PAGE).read_text(), flags=re.S)
    )
    site.append("content/en/pages/sessions.md", image)
    assert site.build().ok
    waits = [image.get("loading") for image in page(site).select(".prose img")]
    assert waits == [None, "lazy"]
    (low,) = page(site, "en/method/sessions/index.html").select(".prose img")
    assert (low["loading"], low["decoding"]) == ("lazy", "async")


def test_the_portrait_is_given_at_two_and_three_times_its_width(site: Project) -> None:
    facts = 'photo = "two-chairs.jpg"\nphoto_alt = { en = "At a window", fr = "À une fenêtre" }\n'
    site.edit("practice.toml", "[coach]\n", f"[coach]\n{facts}")
    built = site.build(published=True)
    assert built.ok, told(built)
    for place, alt in (("en/about/index.html", "At a window"), ("fr/a-propos/index.html", "À une fenêtre")):
        (picture,) = page(site, place).select("picture")
        image = picture.select_one("img")
        assert image
        assert (image["alt"], image["width"], image["height"]) == (alt, "240", "159")
        assert image["sizes"] == "(min-width: 19rem) 15rem, calc(100vw - 4rem)"
        for tag in picture.select("[srcset]"):
            assert list(choices(tag)) == [480, 720]


def test_a_feed_shows_the_picture_itself_by_its_full_address(site: Project) -> None:
    article = next(site.path("content/en/articles").glob("*.md"))
    site.append(f"content/en/articles/{article.name}", "![Two chairs]({static}../../images/two-chairs.jpg)")
    site.append(f"content/en/articles/{article.name}", "[Leaflet]({static}../../downloads/leaflet.pdf)")
    site.path("content/downloads/leaflet.pdf").write_bytes(b"%PDF-1.7\n%%EOF\n")
    assert site.build().ok
    feed = unescape((site.output / "en/feed.xml").read_text(encoding="utf-8"))
    assert re.search(r'<img [^>]*src="https?://[^"]*/images/two-chairs\.jpg"', feed)
    assert "<picture" not in feed


def test_a_small_picture_that_is_shown_large_is_told(site: Project) -> None:
    site.path("content/images/small.png").write_bytes(png(100, 80))
    line = site.append(PAGE, '![A dot]({static}../../images/small.png){: width="300" }')
    site.append(PAGE, "![A dot]({static}../../images/small.png)")
    built = site.build()
    assert built.ok, told(built)
    (problem,) = [problem for problem in built.problems if "blurred" in problem.message]
    assert (problem.line, problem.severity) == (line, "warning")
    assert "100 pixels wide and is shown 300 wide" in problem.message
    first, second = page(site).select(".prose img")
    assert (first["width"], first["height"]) == ("300", "240")
    assert (second["width"], second["height"]) == ("100", "80")
    assert made(site) == set()


def test_a_picture_without_words_is_told_unless_it_says_that_it_decorates(site: Project) -> None:
    site.append(PAGE, "![]({static}../../images/two-chairs.jpg){: .decoration }")
    built = site.build()
    assert built.ok, told(built)
    (image,) = page(site).select(".prose img")
    assert image["alt"] == ""
    line = site.append(PAGE, "![]({static}../../images/two-chairs.jpg){: .decorations }")
    (problem,) = errors(site.build())
    assert (problem.line, ".decoration }" in problem.remedy) == (line - 2, True)


def pdf(day: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/ModDate"] = f"D:{day}120000+01'00'"
        document.save(out)
    return out.getvalue()


def word(day: str) -> bytes:
    out = io.BytesIO()
    said = f'<p xmlns:t="http://purl.org/dc/terms/"><t:modified>{day}T10:00:00Z</t:modified></p>'
    with ZipFile(out, "w") as file:
        file.writestr("[Content_Types].xml", "x")
        file.writestr("word/document.xml", "x" * 1_234_567)
        file.writestr("docProps/core.xml", said)
    return out.getvalue()


def test_a_link_to_a_download_says_its_kind_size_and_date_in_the_page_s_language(site: Project) -> None:
    site.path("content/downloads/leaflet.pdf").write_bytes(pdf("20260301"))
    plan = word("2026-05-04")
    site.path("content/downloads/my plan.docx").write_bytes(plan)
    site.path("content/downloads/calm.mp3").write_bytes(b"ID3" + b"\0" * 3_000)
    for name in (PAGE, "content/fr/pages/faq.md"):
        site.append(name, "[The leaflet]({static}../../downloads/leaflet.pdf)")
        site.append(name, "[*My* plan](<{static}../../downloads/my plan.docx>)")
        site.append(name, "[Calm]({static}../../downloads/calm.mp3)")
    built = site.build()
    assert built.ok, told(built)
    links = [link.get_text().replace("\N{NO-BREAK SPACE}", "~") for link in page(site).select('a[href^="/downloads"]')]
    assert links == ["The leaflet (PDF, 1~kB, 1 March 2026)", "My plan (DOCX, 1.2~MB, 4 May 2026)", "Calm (MP3, 3~kB)"]
    french = page(site, "fr/faq/index.html").select('a[href^="/downloads"]')
    assert [link.get_text().replace("\N{NO-BREAK SPACE}", "~") for link in french] == [
        "The leaflet (PDF, 1~ko, 1er~mars 2026)",
        "My plan (DOCX, 1,2~Mo, 4~mai 2026)",
        "Calm (MP3, 3~ko)",
    ]
    assert [link.has_attr("download") for link in french] == [False, False, True]
    assert files_in(site.output)["downloads/my plan.docx"] == plan


def test_a_new_size_of_a_download_is_told_though_its_page_did_not_change(site: Project) -> None:
    place = site.path("content/downloads/calm.mp3")
    place.write_bytes(b"ID3" + b"\0" * 3_000)
    site.append(PAGE, "[Calm]({static}../../downloads/calm.mp3)")
    assert site.build().ok
    assert "(MP3, 3\N{NO-BREAK SPACE}kB)" in page(site).get_text()
    place.write_bytes(b"ID3" + b"\0" * 9_000)
    assert site.build().ok
    assert "(MP3, 9\N{NO-BREAK SPACE}kB)" in page(site).get_text()
