"""The response headers, the same in every form a host understands, and a policy that names what each page carries."""

from __future__ import annotations

import re

import pytest

from plugins.hosting import hosts
from plugins.hosting.headers import FOREVER, REVALIDATED, SECURITY, digest, headers_for, page_policy, site_policy

LANGUAGES = ["en", "fr"]


def directives(policy: str) -> dict[str, str]:
    return dict(part.split(" ", 1) for part in policy.split("; "))


@pytest.mark.parametrize("scripts", [False, True])
def test_a_page_allows_its_own_style_sheet_and_no_script_but_where_it_has_one(scripts: bool) -> None:
    allowed = directives(page_policy(b"body{}", scripts))
    assert allowed["default-src"] == "'none'"
    assert allowed["style-src"] == f"'self' {digest(b'body{}')}"
    assert allowed.get("script-src") == ("'self'" if scripts else None)


def test_the_digest_is_the_one_browsers_compute() -> None:
    """Of the example in CSP level 2: the script `alert('Hello, world.');`."""
    assert digest(b"alert('Hello, world.');") == "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"


def test_the_header_forbids_all_that_a_page_forbids_but_styles() -> None:
    header, page = directives(site_policy()), directives(page_policy(b"", scripts=True))
    fetched = {
        "script-src",
        "img-src",
        "connect-src",
        "font-src",
        "manifest-src",
        "media-src",
        "object-src",
        "worker-src",
    }
    assert fetched | {"child-src", "frame-ancestors"} <= set(header)
    assert {name: header[name] for name in page if name not in ("default-src", "style-src")} == {
        name: value for name, value in page.items() if name not in ("default-src", "style-src")
    }
    assert "style-src" not in header, "it would have to change with every release"


def test_nothing_is_unsafe_or_from_elsewhere() -> None:
    for policy in (site_policy(), page_policy(b""), page_policy(b"", scripts=True)):
        assert not re.search(r"unsafe|http|\*|data:|blob:", policy)


@pytest.mark.parametrize(
    ("address", "caching"),
    [
        ("/theme/main.0123456789.css", FOREVER),
        ("/en/faq/", REVALIDATED),
        ("/en/coaching-process-guide.pdf", REVALIDATED),
        ("/", REVALIDATED),
    ],
)
def test_only_what_is_named_after_its_content_is_kept_for_ever(address: str, caching: str) -> None:
    assert headers_for(address)["Cache-Control"] == caching
    assert SECURITY.items() <= headers_for(address).items()


@pytest.mark.parametrize("text", [hosts.headers_file(), hosts.apache_root(LANGUAGES), hosts.nginx(LANGUAGES)])
def test_each_host_is_told_every_header(text: str) -> None:
    for name, value in SECURITY.items():
        assert re.search(rf'^.*\b{re.escape(name)}:? "?{re.escape(value)}"?(?: always;)?$', text, re.MULTILINE), name


def test_a_headers_file_never_sets_a_header_twice() -> None:
    """Cloudflare joins the values of two rules with a comma."""
    names = re.findall(r"^  ([\w-]+):", hosts.headers_file(), re.MULTILINE)
    assert len(names) == len(set(names))
    assert all(len(line) < 2000 for line in hosts.headers_file().splitlines())


@pytest.mark.parametrize(
    ("said", "lang"),
    [
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("de, en-GB;q=0.7, fr;q=0.5", "en"),
        ("en", "en"),
        ("de-DE,de", None),
        ("frr", None),
        ("", None),
    ],
)
def test_the_first_language_that_the_site_has_is_chosen(said: str, lang: str | None) -> None:
    found = re.match(hosts.FIRST_LANGUAGE.format(languages="|".join(LANGUAGES)), said)
    assert (found and found[1]) == lang


def test_no_header_of_nginx_stands_in_a_location() -> None:
    """A location with an add_header of its own loses all the others."""
    for block in re.findall(r"^location [^{]*\{(.*?)^\}", hosts.nginx(LANGUAGES), re.MULTILINE | re.DOTALL):
        assert "add_header" not in block
