"""The response headers of every address, in one place: hosts' files, the preview server and the tests read them here.

Sources: W3C Content Security Policy Level 3, Trusted Types, Referrer Policy, Permissions Policy; WHATWG Fetch (CORP,
nosniff) and HTML (COOP); RFC 6797 (HSTS); RFC 9111 and RFC 8246 (caching, `immutable`); OWASP Secure Headers Project.
"""

from __future__ import annotations

ASSETS = "/theme/"  # every file there is named after its content (plugins/assets)

# What pages use, and nothing else: one style sheet, images, a manifest, their own links. Nothing is ever sent anywhere;
# connect-src is what Lighthouse needs to read robots.txt from within the page.
_USED = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "manifest-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}

# Capabilities that no page asks for, switched off for whatever might get into one. Only names that Chromium knows:
# it reports any other as an error in the console.
_OFF = (
    "accelerometer camera display-capture geolocation gyroscope hid idle-detection local-fonts magnetometer microphone "
    "midi payment publickey-credentials-get screen-wake-lock serial usb xr-spatial-tracking"
)


def page_policy(scripts: bool = False) -> str:
    """The policy of one page, for its `<meta>`: no script at all unless the page has `scripts` of the site's own.

    A `<meta>` cannot carry frame-ancestors, report-uri or sandbox (CSP3 §3.3). It is enforced together with the header,
    so where both are present the stricter of the two decides each question.
    """
    directives = _USED | ({"script-src": "'self'"} if scripts else {})
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def site_policy() -> str:
    """The policy of the header, the same for every address: hosts with a `_headers` file cannot take back what a wider
    rule says. So it allows what any address needs: the worksheet's own script, and a PDF its viewer, which Safari takes
    for an object (humhub/humhub#3945). Each page's own `<meta>` forbids both again where they are not used.
    """
    return f"{page_policy(scripts=True)}; object-src 'self'; frame-ancestors 'none'"


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
