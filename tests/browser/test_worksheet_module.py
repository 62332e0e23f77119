"""The worksheet's own rules, without a page: what a file may hold, what is advised, what a calendar gets."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.audit import PAGES

Call = Callable[..., Any]

# The modules as the page has them; fields come as plain objects, so their options become a Map here.
CALL = """async ([name, args]) => {
    const own = await import(document.querySelector("script[type=module]").src);
    const module = name in own ? own : await import(document.getElementById("worksheet").dataset.files);
    const map = (options) => options && new Map(options.map((each) => [each, each]));
    const alive = (value) => Array.isArray(value) && value[0]?.id
        ? value.map((field) => ({ ...field, options: map(field.options) }))
        : value?.now ? { ...value, now: new Date(value.now) } : value;
    try {
        return module[name](...args.map(alive));
    } catch (error) {
        return { thrown: error.message };
    }
}"""


@pytest.fixture(scope="module")
def opened(browser: Browser, site: Any) -> Iterator[Page]:
    """One page for all tests: they change nothing in it."""
    context = browser.new_context(base_url=site.url, timezone_id="Pacific/Auckland")
    page = context.new_page()
    page.goto(PAGES["en/smart-worksheet"])
    yield page
    context.close()


@pytest.fixture
def call(opened: Page) -> Call:
    """A function of the module: `call("isDay", "2027-02-28")`."""
    return lambda name, *args: opened.evaluate(CALL, [name, list(args)])


@pytest.fixture(scope="module")
def fields(root: Path) -> list[dict[str, Any]]:
    """The fields as the site's data give them."""
    data = tomllib.loads((root / "content" / "data" / "smart-worksheet.toml").read_text(encoding="utf-8"))
    return [
        {
            "id": field["id"],
            "kind": field["kind"],
            "limit": field.get("limit", 0),
            "options": {
                "choice": [option["value"] for option in field.get("options", [])],
                "scale": [str(mark) for mark in range(11)],
            }.get(field["kind"]),
        }
        for step in data["steps"]
        for field in step["fields"]
    ]


@pytest.fixture(scope="module")
def scripts(site: Any) -> dict[str, str]:
    """Every script of the site: the page's own, and what it fetches when a text or a calendar is asked for."""
    return {file.name.split(".")[0]: file.read_text(encoding="utf-8") for file in site.folder.rglob("*.js")}


def test_the_modules_are_small_and_alone(scripts: dict[str, str]) -> None:
    assert sorted(scripts) == ["worksheet", "worksheet-files"]
    assert len(gzip.compress(scripts["worksheet"].encode(), 9)) <= 8000
    assert sum(source.count("\n") for source in scripts.values()) <= 680
    for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "document.write", ".style", "confirm("):
        assert not any(sink in source for source in scripts.values())


# A pattern literal, after a sign that no division follows, to the next slash that is neither escaped nor in a class.
PATTERN = re.compile(r"[(\[,=:!&|]\s?/(?![/*])((?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\[\n])+)/")
UNBOUNDED = re.compile(r"(?<!\\)(?:[*+]|\{\d+,\})")


def test_no_pattern_tries_a_long_text_again_and_again(scripts: dict[str, str]) -> None:
    """Two repetitions without an end in one pattern may share a text in as many ways as it has characters."""
    patterns = [pattern for source in scripts.values() for pattern in PATTERN.findall(source)]
    assert len(patterns) > 12
    bare = {pattern: re.sub(r"\[(?:\\.|[^\]\\])*\]", "x", pattern) for pattern in patterns}
    assert [pattern for pattern in patterns if len(UNBOUNDED.findall(bare[pattern])) > 1] == []
    assert len(UNBOUNDED.findall(r"^(\d+)\S*\s(\S+)\s(\d{4})$")) == 3  # what it is to find


def field(name: str, kind: str, label: str, options: list[str] | None = None) -> dict[str, Any]:
    return {"id": name, "kind": kind, "limit": 40, "label": label, "options": options}


MONTHS = ["January", "February", "March", *"456789", "October", "November", "December"]
MOIS = ["janvier", "février", "mars", *"456789", "octobre", "novembre", "décembre"]
FORM = [
    *(field("s", "text", "Spécifique"), field("t", "date", "Étape 1 : date"), field("r", "date", "Point")),
    *(field("s", "text", "Specific"), field("t", "date", "Milestone 1: date"), field("r", "date", "Review")),
]


@pytest.mark.parametrize(
    ("text", "values", "astray"),
    [
        ("A sheet\n=======\n\nSpecific\n    One\n\n      set in\n", {"s": "One\n\n  set in"}, []),
        ("Specific\n--------\n    under a title\n", {}, []),
        ("Spécifique\n    Une\n\nReview\n    1er mars 2027\n", {"s": "Une", "r": "2027-03-01"}, []),
        ("Étape 1\u00a0: date\n    30 mars 2027\n", {"t": "2027-03-30"}, []),
        ("Etape 1 ? date\n    30 mars 2027\n", {}, ["Etape 1 ? date"]),
        ("Étape 1 ? date\n    30\u00a0mars 2027\n", {"t": "2027-03-30"}, []),
        ("Milestone 1: date\n    3 December 2027\n", {"t": "2027-12-03"}, []),
        ("Review\n    2027-03-01\n", {"r": "2027-03-01"}, []),
        ("Review\n    3 or 4 March 2027\n", {"r": "3 or 4 March 2027"}, []),
        ("Review\n    3-4 March 2027\n", {"r": "3-4 March 2027"}, []),
        ("Specific\n    One\nand by hand\n\nNo field\n    x\n", {"s": "One"}, ["and by hand", "No field"]),
        ("A sheet\n\nAnother\n    x\n", {}, ["A sheet", "Another"]),
    ],
)
def test_a_text_is_read_by_its_labels_in_either_language(
    call: Call, text: str, values: dict[str, str], astray: list[str]
) -> None:
    """Titles and their rulings are passed over; a line that belongs nowhere is counted."""
    assert call("readText", text, FORM, [*MOIS, *MONTHS]) == {"values": values, "astray": astray}


@pytest.mark.parametrize("answer", ["9" * 99_000, " ".join("9" * 49_000), "9" * 49_000 + " mars " + "9" * 49_000])
def test_a_day_of_any_length_is_no_day(call: Call, answer: str) -> None:
    found = call("readText", f"Review\n    {answer}\n", FORM, [*MOIS, *MONTHS])
    assert found == {"values": {"r": answer}, "astray": []}


def test_no_label_of_one_language_means_another_field_in_the_other(root: Path) -> None:
    data = tomllib.loads((root / "content" / "data" / "smart-worksheet.toml").read_text(encoding="utf-8"))
    meant: dict[str, set[str]] = {}
    for step in data["steps"]:
        for each in step["fields"]:
            for label in each["label"].values():
                meant.setdefault(re.sub(r"\W", "", label), set()).add(each["id"])
    assert {label: names for label, names in meant.items() if len(names) > 1} == {}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_bytes_are_text_however_an_editor_has_written_them(opened: Page, encoding: str) -> None:
    text = "Mon œuvre – « déléguer », 30 €"
    script = """async (bytes) => {
        const { decode } = await import(document.querySelector("script[type=module]").src);
        return decode(new Uint8Array(bytes).buffer);
    }"""
    assert opened.evaluate(script, list(text.encode(encoding))) == text


def test_the_largest_sheet_fits_what_is_read_back(call: Call, fields: list[dict[str, Any]]) -> None:
    full = {field["id"]: "€" * field["limit"] for field in fields if field["limit"]}
    assert len(call("write", full, "fr", "2027-01-01").encode()) < 50_000


# Days


@pytest.mark.parametrize(
    ("text", "real"),
    [
        ("2027-02-28", True),
        ("2028-02-29", True),
        ("2027-02-29", False),
        ("2027-02-30", False),
        ("2027-13-01", False),
        ("2027-00-10", False),
        ("0202-06-30", False),  # a year half typed
        ("12027-06-30", False),
        ("2027-6-3", False),
        ("30/06/2027", False),
        ("2027-06-30T00:00", False),
        ("By Friday", False),
        ("", False),
        (None, False),
        (20270630, False),
    ],
)
def test_a_day_is_a_real_day(call: Call, text: Any, real: bool) -> None:
    assert call("isDay", text) is real


def test_today_is_the_reader_s_today(opened: Page) -> None:
    """In Auckland it is already the next day."""
    script = """async () => {
        const { localDay } = await import(document.querySelector("script[type=module]").src);
        return localDay(new Date("2027-01-31T12:30:00Z"));
    }"""
    assert opened.evaluate(script) == "2027-02-01"


# Files


def file(answers: Any, **others: Any) -> str:
    return json.dumps({"format": "htm-smart-worksheet", "version": 1, "answers": answers} | others)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "broken"),
        ("{", "broken"),
        ("SMART worksheet\n===============\n", "broken"),  # the readable text
        ("%PDF-1.7", "broken"),
        ("\x00\x01", "broken"),
        ("null", "foreign"),
        ("42", "foreign"),
        ('"text"', "foreign"),
        ("[]", "foreign"),
        ("{}", "foreign"),
        ('{"name": "package", "version": "1.0.0"}', "foreign"),
        ('{"format": "htm-smart-worksheet", "version": 1}', "foreign"),
        (file([]), "foreign"),
        (file("text"), "foreign"),
        (file(None), "foreign"),
        (file({}, format="another"), "foreign"),
        (file({}, version="2"), "foreign"),
        (file({}, version=1.5), "foreign"),
        (file({}, version=2), "newer"),
    ],
)
def test_a_file_that_is_not_a_sheet_is_refused_with_its_reason(
    call: Call, fields: list[dict[str, Any]], text: str, reason: str
) -> None:
    assert call("read", text, fields) == {"thrown": reason}


@pytest.mark.parametrize("before", ["", "\ufeff", "\n  "])
def test_what_is_written_is_read_back(call: Call, fields: list[dict[str, Any]], before: str) -> None:
    answers = {
        "title": "Cœur de métier – 30 %, 1 200 €",
        "s": "Déléguer…\nsans « reprendre »\n\n\tœuvre, naïf, Straße, 目標, 🎯",
        "t": "2027-06-30",
        "commitment": "0",
        "action_type": "need",
        "sharing": "hr",
    }
    text = call("write", answers, "fr", "2027-01-01")
    written = json.loads(text)
    assert (written["format"], written["version"]) == ("htm-smart-worksheet", 1)
    assert (written["language"], written["saved"]) == ("fr", "2027-01-01")
    assert written["answers"] == answers
    found = call("read", before + text, fields)
    assert found["answers"] == answers
    assert (found["long"], found["lost"]) == ([], [])


def test_a_file_without_a_version_or_a_language_is_read(call: Call, fields: list[dict[str, Any]]) -> None:
    text = json.dumps({"format": "htm-smart-worksheet", "answers": {"title": "A goal"}})
    assert call("read", text, fields)["answers"] == {"title": "A goal"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"commitment": 8}, {"commitment": "8"}),
        ({"title": "  two\n lines  "}, {"title": "two lines"}),
        ({"s": "one\r\ntwo\rthree"}, {"s": "one\ntwo\nthree"}),
        ({"title": "De\u0301le\u0301guer"}, {"title": "Déléguer"}),  # as macOS writes accents
        ({"title": "", "s": None, "m": "   "}, {}),
        ({"t": " 2027-06-30 "}, {"t": "2027-06-30"}),
    ],
)
def test_a_value_is_taken_for_what_it_means(
    call: Call, fields: list[dict[str, Any]], given: dict[str, Any], kept: dict[str, str]
) -> None:
    found = call("fit", given, fields)
    assert found["answers"] == kept
    assert (found["long"], found["lost"]) == ([], [])


@pytest.mark.parametrize(
    "given",
    [
        {"unknown": "text"},
        {"__proto__x": "text", "constructor": "text", "toString": "text"},
        {"title": ["a"]},
        {"title": {"a": 1}},
        {"title": True},
        {"t": "2027-02-30"},
        {"t": "By Friday"},
        {"t": 20270630},
        {"action_type": "dance"},
        {"commitment": "11"},
        {"commitment": 7.5},
        {"sharing": "everybody"},
    ],
)
def test_a_value_that_does_not_belong_is_left_out_and_counted(
    call: Call, fields: list[dict[str, Any]], given: dict[str, Any]
) -> None:
    found = call("fit", {"m": "kept"} | given, fields)
    assert found["answers"] == {"m": "kept"}
    assert found["lost"] == list(given)


def test_a_prototype_in_a_file_is_only_an_unknown_name(call: Call, fields: list[dict[str, Any]], opened: Page) -> None:
    text = '{"format": "htm-smart-worksheet", "answers": {"__proto__": {"title": "x"}, "title": "mine"}}'
    assert call("read", text, fields)["answers"] == {"title": "mine"}
    assert opened.evaluate("({}).title") is None


def test_a_text_that_is_too_long_is_told_and_left_whole(call: Call, fields: list[dict[str, Any]]) -> None:
    given = {"title": "é" * 81, "s": "x" * 400, "indicators_1_target": "x" * 29 + "🎯"}
    found = call("fit", given, fields)
    assert found["answers"] == given
    assert [field["id"] for field in found["long"]] == ["title", "indicators_1_target"]


# Advice

GOOD = {
    "date_started": "2027-03-15",
    "m": "Three indicators",
    "indicators_1_name": "Tasks",
    "indicators_1_baseline": "0",
    "indicators_1_target": "3",
    "indicators_1_source": "A list",
    "t": "2027-06-30",
    "milestones_1_date": "2027-04-14",
    "statement": "By 30 June, …",
    "first_action": "List them",
    "first_action_date": "2027-03-22",
    "review_date": "2027-04-30",
}


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        ({}, []),
        ({"indicators_1_name": None}, [("indicators_1_name", "no-indicator")]),
        ({"indicators_1_source": None}, [("indicators_1_source", "unread")]),
        ({"indicators_2_name": "Time"}, [("indicators_2_baseline", "unread")]),
        ({"obstacles_2_obstacle": "Fear"}, [("obstacles_2_response", "unanswered")]),
        ({"obstacles_2_obstacle": "Fear", "obstacles_2_response": "ask"}, []),
        ({"obstacles_1_response": "ask"}, []),
        ({"t": None}, [("t", "no-end")]),
        ({"date_started": None}, [("first_action_date", "far")]),
        ({"t": "2027-03-15", "milestones_1_date": None, "review_date": "2027-03-15"}, [("t", "end-early")]),
        ({"milestones_1_date": "2027-03-14"}, [("milestones_1_date", "outside")]),
        ({"milestones_1_date": "2027-07-01"}, [("milestones_1_date", "outside")]),
        ({"milestones_1_date": "2027-06-30"}, []),
        ({"first_action_date": None}, [("first_action_date", "undone")]),
        ({"first_action_date": "2027-03-23"}, [("first_action_date", "far")]),
        ({"first_action": None, "first_action_date": "2027-03-23"}, [("first_action_date", "far")]),
        ({"review_date": None}, [("review_date", "no-review")]),
        ({"review_date": "2027-07-01"}, [("review_date", "review-late")]),
        ({"review_date": "2027-06-30"}, []),
        ({"review_date": "2027-03-01"}, [("review_date", "review-early")]),
        ({"t": "0202-06-30"}, [("t", "no-end")]),
        ({"statement": None, "t": None, "review_date": None}, []),
    ],
)
def test_advice(
    call: Call, fields: list[dict[str, Any]], change: dict[str, Any], advice: list[tuple[str, str]]
) -> None:
    answers = {name: value for name, value in (GOOD | change).items() if value}
    found = call("advise", answers, [field["id"] for field in fields], "2027-01-01")
    assert [(each["id"], each["name"]) for each in found] == advice


@pytest.mark.parametrize("answers", [{}, {"sharing": "nobody"}, {"title": "A goal"}, {"s": "A thing"}])
def test_nothing_is_advised_before_its_time(call: Call, fields: list[dict[str, Any]], answers: dict[str, str]) -> None:
    assert call("advise", answers, [field["id"] for field in fields], "2027-01-01") == []


def test_without_a_start_the_first_action_counts_from_today(call: Call, fields: list[dict[str, Any]]) -> None:
    ids = [field["id"] for field in fields]
    assert call("advise", {"first_action_date": "2027-01-08"}, ids, "2027-01-01") == []
    assert call("advise", {"first_action_date": "2027-01-09"}, ids, "2027-01-01")[0]["name"] == "far"


def test_advice_for_a_field_that_was_removed_is_not_given(call: Call) -> None:
    assert call("advise", {"statement": "x", "m": "x"}, ["statement", "m"], "2027-01-01") == []


# The calendar


@pytest.mark.parametrize(
    "line",
    [
        "SUMMARY:short",
        "SUMMARY:" + "x" * 67,
        "SUMMARY:" + "x" * 68,
        "SUMMARY:" + "é" * 200,
        "SUMMARY:" + "œ€" * 90,
        "SUMMARY:" + "🎯" * 60,
        "SUMMARY:a" + "🎯" * 60,
    ],
)
def test_long_lines_are_folded_between_characters(call: Call, line: str) -> None:
    folded = call("fold", line)
    pieces = folded.encode().split(b"\r\n")
    assert all(len(piece) <= 75 for piece in pieces)
    assert all(piece.decode() for piece in pieces)  # decoding fails within a character
    assert all(piece.startswith(b" ") for piece in pieces[1:])
    assert folded.replace("\r\n ", "") == line


def test_the_calendar_file_is_rfc_5545(call: Call) -> None:
    title = "Point sur mon objectif – cœur, 30 € ; a\\b"
    text = call("calendar", "2027-12-31", title, {"language": "fr", "now": "2027-01-02T03:04:05.678Z", "uid": "1-a@x"})
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert text.replace("\r\n ", "").split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Human Trajectory Makers//SMART worksheet//FR",
        "BEGIN:VEVENT",
        "UID:1-a@x",
        "DTSTAMP:20270102T030405Z",
        "DTSTART;VALUE=DATE:20271231",
        "DTEND;VALUE=DATE:20280101",
        "SUMMARY:Point sur mon objectif – cœur\\, 30 € \\; a\\\\b",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


# Counting aloud


@pytest.mark.parametrize(
    ("left", "limit", "level"),
    [(300, 300, 0), (61, 300, 0), (60, 300, 1), (10, 300, 2), (0, 300, 3), (-1, 300, 4), (-99, 300, 4), (30, 30, 0)],
)
def test_a_count_is_said_aloud_four_times_at_most(call: Call, left: int, limit: int, level: int) -> None:
    assert call("alarm", left, limit) == level
