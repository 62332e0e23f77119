"""The pictures and files that the site has: where it is used, what it shows, another in its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.desk.asking import ask
from tests.desk.uploads import Owner, form, kept, owner_of, pdf, photograph, saved


@pytest.fixture
def owner(tmp_path: Path) -> Owner:
    return owner_of(tmp_path)


@pytest.fixture
def picture(owner: Owner) -> str:
    """A picture that the site has: its path."""
    path: str = owner.add(saved(photograph((640, 480)), "JPEG"), "Deux chaises.jpg").json["path"]
    return path


def use(owner: Owner, path: str, lang: str = "en", text: str = "") -> None:
    """Have a page show it."""
    page = owner.file(f"{lang}/pages/faq.md")
    written = text or f"![Two chairs]({{static}}../../{path})"
    page.write_text(page.read_text(encoding="utf-8") + f"\n{written}\n", encoding="utf-8")


def seen(owner: Owner, path: str) -> str:
    """What the page of a picture was shown."""
    field = owner.ask(f"/one?file={path}").page.find("input", {"name": "seen"})
    assert field is not None
    return str(field["value"])


def test_the_library_shows_each_picture_and_file_with_its_size_and_where_it_is_used(owner: Owner, picture: str) -> None:
    owner.add(pdf(), "Leaflet.pdf")
    use(owner, picture)
    use(owner, "downloads/leaflet.pdf", "fr", "[PDF](<{static}../../downloads/leaflet.pdf>)")
    page = owner.ask("").page
    chairs = page.select_one(".pictures li")
    assert chairs
    assert "deux-chaises.jpg" in chairs.text
    assert "JPEG, 640 × 480" in chairs.text
    assert "In use: 1" in chairs.text
    assert "Say what it shows" in chairs.text
    leaflet = page.select_one(".rows li")
    assert leaflet
    assert "leaflet.pdf" in leaflet.text
    assert "PDF, 1\xa0kB" in leaflet.text
    assert "In use: 1" in leaflet.text
    link = owner.ask(f"/one?file={picture}").page.select_one(".rows a")
    assert link
    assert "Show me" in link.text
    assert link["href"] == "/en/faq/#desk:8"
    small = owner.ask(f"/small?file={picture}")
    assert (small.status, small.headers["content-type"]) == (200, "image/webp")


def test_what_a_picture_shows_is_kept_in_both_languages_and_proposed(owner: Owner, picture: str) -> None:
    texts = {"path": picture, "en": " Two [empty]  chairs ", "fr": "Deux chaises « vides »"}
    answer = owner.ask("/describe", texts)
    assert answer.json["alt"] == {"en": "Two (empty) chairs", "fr": "Deux chaises « vides »"}
    assert owner.ask(f"/one?file={picture}").page.select_one("#text-fr")["value"] == "Deux chaises « vides »"  # type: ignore[index]
    entry = ask(owner.app, f"/.preview/history/{answer.json['undo']}").page
    assert [label.text for label in entry.select(".difference strong")] == [
        "deux-chaises.jpg (EN)",
        "deux-chaises.jpg (FR)",
    ]
    owner.ask("/describe", {"path": picture, "en": "x", "fr": "y", "decoration": "yes"})
    assert '"images/deux-chaises.jpg" = "decoration"' in owner.file("data/pictures.toml").read_text(encoding="utf-8")
    listed = ask(owner.app, "/.preview/history").page.text
    assert "What a picture shows: “deux-chaises.jpg”" in listed
    assert "pictures.toml" not in listed
    assert "Say what it shows" not in owner.ask("").text


def test_texts_in_a_file_that_cannot_be_read_are_not_overwritten(owner: Owner, picture: str) -> None:
    file = owner.file("data/pictures.toml")
    file.parent.mkdir()
    file.write_text("no [toml", encoding="utf-8")
    answer = owner.ask("/describe", {"path": picture, "en": "Chairs", "fr": "Chaises"})
    assert answer.status == 422
    assert "cannot be read" in answer.json["wrong"][0]
    assert file.read_text(encoding="utf-8") == "no [toml"


def test_another_picture_in_its_place_has_the_same_name_and_kind(owner: Owner, picture: str) -> None:
    was = owner.file(picture).read_bytes()
    green = saved(Image.new("RGBA", (3000, 300), (0, 200, 0, 0)), "PNG")
    answer = owner.ask("/replace", {"path": picture, "seen": seen(owner, picture)}, ("new.png", green))
    assert answer.json["path"] == picture
    assert owner.files() == [picture]
    image = kept(owner, answer)
    assert (image.format, image.size, image.getpixel((9, 9))) == ("JPEG", (2400, 240), (255, 255, 255))
    assert owner.undo(answer).status == 200
    assert owner.file(picture).read_bytes() == was
    for data, name, said in ((pdf(), "a.pdf", "cannot take the place"), (b"<svg/>", "a.svg", "drawing (SVG)")):
        answer = owner.ask("/replace", {"path": picture, "seen": seen(owner, picture)}, (name, data))
        assert answer.status == 422
        assert said in answer.json["wrong"][0]
    stale = owner.ask("/replace", {"path": picture, "seen": "another"}, ("new.png", green))
    assert stale.status == 409
    assert owner.file(picture).read_bytes() == was


def test_what_is_used_is_not_deleted_and_what_is_not_comes_back_with_what_it_shows(owner: Owner, picture: str) -> None:
    owner.ask("/describe", {"path": picture, "en": "Chairs", "fr": "Chaises"})
    was = owner.file("data/pictures.toml").read_bytes()
    page = owner.file("en/pages/faq.md")
    text = page.read_text(encoding="utf-8")
    use(owner, picture)
    answer = owner.ask("/delete", {"path": picture, "seen": ""})
    assert answer.status == 422
    assert "It is used" in answer.json["wrong"][0]
    page.write_text(text, encoding="utf-8")
    answer = owner.ask("/delete", {"path": picture, "seen": seen(owner, picture)})
    assert answer.status == 200
    assert owner.files() == []
    assert b"deux-chaises" not in owner.file("data/pictures.toml").read_bytes()
    assert owner.undo(answer).status == 200
    assert owner.files() == [picture]
    assert owner.file("data/pictures.toml").read_bytes() == was


def test_the_portrait_is_in_use_and_shows_what_the_facts_say(owner: Owner, picture: str) -> None:
    owner.file("data").mkdir()
    owner.file("data/practice.toml").write_text(
        '[coach]\nphoto = "deux-chaises.jpg"\nphoto_alt = {en = "Marie", fr = "Marie, souriante"}\n', encoding="utf-8"
    )
    page = owner.ask(f"/one?file={picture}").page
    assert "Portrait" in page.text
    assert page.select_one("#text-fr")["value"] == "Marie, souriante"  # type: ignore[index]
    assert page.select_one('a[href="/.preview/facts#coach.photo"]')
    assert owner.ask("/delete", {"path": picture, "seen": seen(owner, picture)}).status == 422


def test_the_history_shows_a_picture_and_not_its_bytes(owner: Owner, picture: str) -> None:
    green = saved(Image.new("RGB", (300, 300), "green"), "PNG")
    answer = owner.ask("/replace", {"path": picture, "seen": seen(owner, picture)}, ("new.png", green))
    entry = ask(owner.app, f"/.preview/history/{answer.json['undo']}").page
    shown = [image["src"] for image in entry.select("main img")]
    assert len(shown) == 2
    assert "No words are other" not in entry.text
    for address in shown:
        assert ask(owner.app, str(address)).headers["content-type"] == "image/webp"


def test_without_scripts_a_form_adds_several_and_says_what_was_not_added(owner: Owner) -> None:
    """As a browser sends the form of the page itself."""
    body = b"".join(
        f'--sign\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + data + b"\r\n"
        for name, data in (("a.png", saved(Image.new("RGB", (9, 9)), "PNG")), ("b.txt", b"words"))
    )
    answer = ask(owner.app, "/.preview/pictures/add", body + b"--sign--\r\n", form({}, None)[1], accept="text/html")
    wrong = answer.page.select_one("#arrived")
    assert answer.status == 422
    assert wrong
    assert "b.txt: The site takes" in wrong.text
    assert owner.files() == ["images/a.png"]
    again = form({}, ("b.png", saved(Image.new("RGB", (9, 9)), "PNG")))
    answer = ask(owner.app, "/.preview/pictures/add", *again, accept="text/html")
    page = ask(owner.app, answer.headers["location"]).page
    assert page.select_one("h1").text == "a.png"  # type: ignore[union-attr]
    assert "You have this one already." in page.text
