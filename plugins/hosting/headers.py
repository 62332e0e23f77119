"""The response headers of every address, in one place: hosts' files, the preview server and the tests read them here.

Sources: W3C Content Security Policy Level 3, Trusted Types, Referrer Policy, Permissions Policy; WHATWG Fetch (CORP,
nosniff) and HTML (COOP); RFC 6797 (HSTS); RFC 9111 and RFC 8246 (caching, `immutable`); OWASP Secure Headers Project.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

ASSETS = "/theme/"  # every file there is named after its content (plugins/assets)

# What pages use beside their styles, and nothing else. Nothing is ever sent anywhere: connect-src is what Lighthouse
# needs to read robots.txt from within the page.
_USED = {
    "img-src": "'self'",
    "manifest-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}

# Capabilities that no page asks for, switched off for whatever might get into one. The few that matter: headers count
# against the first flight as well. Only names that Chromium knows: it reports any other as an error in the console.
_OFF = "camera display-capture geolocation microphone payment usb"


def written(directives: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def digest(styles: bytes) -> str:
    """How a policy names a style sheet that stands in the page itself: by its content (CSP3 §6.7.2.3)."""
    return f"'sha256-{b64encode(sha256(styles).digest()).decode()}'"


def page_policy(styles: bytes, scripts: bool = False) -> str:
    """The policy of one page, for its `<meta>`: the very style sheet that it carries, and no script unless it has one.

    A `<meta>` cannot carry frame-ancestors, report-uri or sandbox (CSP3 §3.3). It is enforced together with the header,
    so each question is decided by the stricter of the two.
    """
    return written(_of_a_page(styles, scripts))


def _of_a_page(styles: bytes, scripts: bool = False) -> dict[str, str]:
    allowed = {"default-src": "'none'", "style-src": f"'self' {digest(styles)}"}
    return allowed | _USED | ({"script-src": "'self'"} if scripts else {})


# The directive that decides about each element (CSP3 §6); those that are not here load and send nothing.
_DECIDES = {
    "audio": "media-src", "base": "base-uri", "embed": "object-src", "form": "form-action", "frame": "frame-src",
    "iframe": "frame-src", "img": "img-src", "object": "object-src", "script": "script-src", "style": "style-src",
    "track": "media-src", "video": "media-src",
}  # fmt: skip


def forbids(element: str) -> bool:
    """Whether the policy of a page takes its use from `<element>`: it loads nothing, or is written in place."""
    policy = _of_a_page(b"")
    allowed = policy.get(_DECIDES.get(element, ""), policy["default-src"]) if element in _DECIDES else ""
    return allowed == "'none'" or (element in ("script", "style") and "'unsafe-inline'" not in allowed)


def site_policy() -> str:
    """The policy of the header, the same for every address and every release.

    Styles are left to the page's own policy, and so there is no default-src; all else that it would forbid is named.
    The digest of the style sheet changes with a release, while nginx reads its rules when it starts: a header with
    yesterday's digest would take the styles off every page. It allows what any address needs, since hosts with a
    `_headers` file cannot take back what a wider rule says: the worksheet's script, and for a PDF its viewer, which
    Safari takes for an object (humhub/humhub#3945). Each page's own policy forbids both again where they are not used.
    """
    named = {"script-src": "'self'", "object-src": "'self'"}
    others = dict.fromkeys(("font-src", "media-src", "child-src", "worker-src", "frame-ancestors"), "'none'")
    return written(named | _USED | others)


# HSTS without includeSubDomains or preload: they bind names that the site does not serve, such as a mailbox's.
# no-referrer: no other site learns which page, about what matter, a reader came from.
SECURITY = {
    "Content-Security-Policy": site_policy(),
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _OFF.split()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

FOREVER = "public, max-age=31536000, immutable"  # the name changes with the content
REVALIDATED = "public, max-age=0, must-revalidate"  # pages, and PDFs: the size and date beside a link must be true


def caching(path: str) -> str:
    """The Cache-Control of an address."""
    return FOREVER if path.startswith(ASSETS) else REVALIDATED


def headers_for(path: str) -> dict[str, str]:
    """Every header of the site for an address such as `/en/faq/` (a query is no matter)."""
    return SECURITY | {"Cache-Control": caching(path)}
