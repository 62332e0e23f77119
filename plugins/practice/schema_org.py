"""JSON-LD for search engines (schema.org): only facts that are known, never a mark or a guess."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from plugins.build import Build

from ..i18n.catalogs import localized
from ..i18n.languages import Site, is_article
from .formats import as_date, is_known


def _known(**values: Any) -> dict[str, Any]:
    """The values that are known and not empty; `type_` and `id_` become @type and @id."""
    renamed = {{"type_": "@type", "id_": "@id"}.get(name, name): value for name, value in values.items()}
    return {name: value for name, value in renamed.items() if is_known(value) and value != {} and value != []}


def graph(content: Any, site: Site, build: Build) -> list[dict[str, Any]]:
    """Organization, WebSite, BreadcrumbList and the page itself (Service on the method page, Article on articles)."""
    practice, lang = build.facts, content.lang
    root = site.absolute("/")
    organization, website, url = f"{root}#practice", f"{root}#website", site.absolute(content)
    nodes = [
        _known(
            type_="Organization",
            id_=organization,
            name=practice.trade_name,
            legalName=practice.derived()["practice_name"] if is_known(practice.legal_name) else None,
            url=root,
            email=practice.email,
            telephone=practice.phone,
            taxID=practice.siren,
            vatID=practice.vat_number,
            address=_postal_address(practice.address, lang),
        ),
        _known(
            type_="WebSite",
            id_=website,
            url=root,
            name=practice.trade_name,
            inLanguage=list(build.languages),
            publisher={"@id": organization},
        ),
    ]
    page = _known(
        type_="Article" if is_article(content) else "WebPage",
        id_=url,
        url=url,
        description=content.description,
        inLanguage=lang,
        isPartOf={"@id": website},
        dateModified=as_date(content.modified).isoformat(),
        publisher={"@id": organization},
    )
    page["headline" if is_article(content) else "name"] = content.title
    if is_article(content):
        page |= {
            "datePublished": as_date(content.date).isoformat(),
            "author": {"@id": organization},
            "mainEntityOfPage": url,
        }
    nodes.append(page)
    if content.key == "method":
        home = site.find("home", lang)
        nodes.append(
            _known(
                type_="Service",
                name=home.title,
                serviceType=home.title,
                description=home.description,
                provider={"@id": organization},
                url=url,
            )
        )
    trail = site.breadcrumbs(content)
    if len(trail) > 1:
        items = [
            {"@type": "ListItem", "position": place, "name": step.nav_title, "item": site.absolute(step)}
            for place, step in enumerate(trail, start=1)
        ]
        nodes.append({"@type": "BreadcrumbList", "itemListElement": items})
    return nodes


def _postal_address(address: Any, lang: str) -> dict[str, Any] | None:
    if not is_known(address.street):
        return None
    return _known(
        type_="PostalAddress",
        streetAddress=address.street,
        postalCode=address.postcode,
        addressLocality=address.city,
        addressCountry=localized(address.country, lang),
    )


def json_ld(content: Any, site: Site, build: Build) -> Markup:
    """The graph as JSON that is safe inside a `<script type="application/ld+json">`."""
    text = json.dumps(
        {"@context": "https://schema.org", "@graph": graph(content, site, build)},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return Markup(text.replace("<", "\\u003c"))
