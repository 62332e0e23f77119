"""The menus as their owner arranges them: each button's page has the new order, and only Save writes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from plugins.practice.data import MOST_IN_HEADER
from tests.desk.asking import Answer
from tests.desk.site_copy import Site, site_in
from tools.desk.pages.menu import TITLES

NINTH = ["faq", "glossary", "process-guide"]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return site_in(tmp_path / "site")


def fields_of(page: BeautifulSoup) -> dict[str, Any]:
    """What a browser sends of the form, but for the button."""
    found: dict[str, Any] = {}
    for one in page.select("form.menus input[type=hidden]"):
        found.setdefault(str(one["name"]), []).append(str(one["value"]))
    return found


def press(site: Site, page: BeautifulSoup, act: str, **more: str) -> Answer:
    """Press the button that says so, which has to be there and not be disabled."""
    button = page.find("button", {"name": "act", "value": act})
    assert isinstance(button, Tag), act
    assert not button.has_attr("disabled")
    return site.post("menu", act=act, **fields_of(page), **more)


def test_an_entry_moves_keeps_the_focus_and_is_saved_at_the_end(site: Site) -> None:
    before = site.menus
    page = site.get("menu").page
    page = press(site, page, "up primary confidentiality").page
    assert [field["value"] for field in page.select("input[name=primary]")][:2] == ["confidentiality", "method"]
    focused = page.select("[autofocus]")
    assert [one["id"] for one in focused] == ["down-primary-confidentiality"]  # it is first: it can only go down again
    assert "“Confidentiality” is number 1 of 6. Nothing is saved yet." in page.text
    page = press(site, page, "down primary method").page
    assert [one["id"] for one in page.select("[autofocus]")] == ["down-primary-method"]
    assert site.menus == before
    answer = press(site, page, "save")
    assert answer.headers["location"] == "/.preview/menu?saved"
    assert site.menus["primary"] == ["confidentiality", "for-hr", "method", *before["primary"][3:]]
    assert {name: site.menus[name] for name in ("footer", "legal", "modalities")} == {
        name: before[name] for name in ("footer", "legal", "modalities")
    }
    assert "Menus" in site.get("history").page.select(".rows > li")[0].text


def test_a_page_is_taken_out_and_put_in_elsewhere(site: Site) -> None:
    page = press(site, site.get("menu").page, "out footer faq").page
    assert [one["id"] for one in page.select("[autofocus]")] == ["in-footer"]
    page = press(site, page, "in primary", **{"add-primary": "faq"}).page
    assert [one["id"] for one in page.select("[autofocus]")] == ["up-primary-faq"]
    press(site, page, "save")
    assert site.menus["primary"][-1] == "faq"
    assert "faq" not in site.menus["footer"]


def test_how_many_it_holds_is_told_before_and_the_ninth_fills_it(site: Site) -> None:
    page = site.get("menu").page
    assert f"It holds {MOST_IN_HEADER}; there are 6." in page.text
    for key in NINTH:
        if key in site.menus["footer"]:
            page = press(site, page, f"out footer {key}").page
        page = press(site, page, "in primary", **{"add-primary": key}).page
    assert "It is full: before another page can be put in, take one out." in page.text
    assert page.find("button", {"value": "in primary"}) is None
    page = site.post("menu", act="in primary", **fields_of(page), **{"add-primary": "sessions"}).page  # all the same
    assert len(page.select("input[name=primary]")) == MOST_IN_HEADER
    assert press(site, page, "save").status == 303
    assert len(site.menus["primary"]) == MOST_IN_HEADER


def test_the_first_cannot_go_up_nor_the_last_down(site: Site) -> None:
    page = site.get("menu").page
    disabled = [str(one["value"]) for one in page.select("form button[disabled]")]
    assert disabled == [
        f"{act} {name} {key}"
        for name in TITLES
        for act, key in (("up", site.menus[name][0]), ("down", site.menus[name][-1]))
    ]


def test_only_pages_that_both_languages_publish_are_offered(site: Site) -> None:
    site.change("fr/pages/sessions", status="draft")
    offered = [option["value"] for option in site.get("menu").page.select("#add-primary option")]
    assert "actions" in offered
    assert not {"sessions", "method", "faq", "three-chairs"} & set(offered)


def test_an_entry_that_cannot_stay_is_told_and_hinders_the_save(site: Site) -> None:
    site.change("fr/pages/method", status="draft")
    page = site.get("menu").page
    assert "Not published in both languages: take it out." in page.text
    assert press(site, page, "save").status == 400
    page = press(site, page, "out primary method").page
    assert press(site, page, "save").status == 303
    assert "method" not in site.menus["primary"]


def test_what_was_changed_elsewhere_meanwhile_is_not_lost(site: Site) -> None:
    page = press(site, site.get("menu").page, "up primary about").page
    file = site.desk.content / "data" / "navigation.toml"
    theirs = file.read_text(encoding="utf-8").replace('"for-hr", ', "")
    file.write_text(theirs, encoding="utf-8")
    answer = press(site, page, "save")
    assert (answer.status, "changed elsewhere meanwhile" in answer.text) == (409, True)
    assert file.read_text(encoding="utf-8") == theirs
    assert "for-hr" not in [field["value"] for field in answer.page.select("input[name=primary]")]


def test_what_no_form_of_the_desk_sends_changes_nothing(site: Site) -> None:
    before = site.all()
    assert site.post("menu", act="save").status == 409
    assert site.post("menu", act="save", seen="x", primary=["nowhere"]).status == 400
    fields = fields_of(site.get("menu").page)
    for act in ("up primary", "up nowhere about", "out primary nothing", "in nowhere", "", "jump primary about"):
        assert site.post("menu", act=act, **fields).status == 200
    assert site.all() == before


def test_menus_that_cannot_be_read_are_told(site: Site) -> None:
    (site.desk.content / "data" / "navigation.toml").write_text("primary = [", encoding="utf-8")
    assert "The menus cannot be read." in site.get("menu").text
