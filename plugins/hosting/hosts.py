"""The same rules in the words of each kind of host: `_headers` and `_redirects`, Apache, nginx."""

from __future__ import annotations

from collections.abc import Iterable

from . import aliases
from .headers import ASSETS, FOREVER, REVALIDATED, SECURITY

ORIGIN = "Written by the build (plugins/hosting): change it there."

# What is worth compressing: everything but images and PDFs.
TEXTS = (
    "text/css text/javascript text/plain text/xml application/xml application/atom+xml image/svg+xml "
    "application/manifest+json"
)
# Names of files with compressed copies beside them, where the publisher puts some (tools/publish/compress.py).
COMPRESSED = ("html", "css", "js", "svg", "xml", "txt", "json", "webmanifest")
# The first of the site's languages that the reader's browser names; browsers name them in order of preference.
FIRST_LANGUAGE = "^(?:[^,]*,)*?[ ]*({languages})(?![A-Za-z])"


def headers_file() -> str:
    """`_headers`, for Cloudflare Pages and Workers, Netlify and hosts like them.

    Two rules that set the same header are joined by a comma on Cloudflare, so Cache-Control stands under one rule only;
    for everything else these hosts send `public, max-age=0, must-revalidate` by themselves.
    """
    lines = [f"# {ORIGIN}", "/*", *(f"  {name}: {value}" for name, value in SECURITY.items())]
    return "\n".join([*lines, "", f"{ASSETS}*", f"  Cache-Control: {FOREVER}", ""])


def redirects_file(languages: Iterable[str], old: dict[str, str] | None = None) -> str:
    """`_redirects`, for Netlify: its way to say the language of `/` and of a page that is not there.

    Cloudflare leaves out lines it does not know, and finds the nearest 404.html by itself.
    """
    chosen = [f"/ /{lang}/ 302! Language={lang}" for lang in languages]
    return "\n".join(
        [
            f"# {ORIGIN}",
            *aliases.netlify(old or {}),
            *chosen,
            *(f"/{lang}/* /{lang}/404.html 404" for lang in languages),
            "",
        ]
    )


def apache_root(languages: Iterable[str], old: dict[str, str] | None = None) -> str:
    """`.htaccess` at the root; it needs `AllowOverride All` and mod_headers; mod_rewrite and mod_deflate where loaded.

    `always` is for error pages too. `/` is known by the request line, because DirectoryIndex changes REQUEST_URI. A
    compressed copy has its file's type, because mod_mime reads every extension of a name; and unlike what mod_deflate
    makes, it has a validator that a browser can ask with again (Apache bug 45023).
    """
    first = FIRST_LANGUAGE.format(languages="|".join(languages))
    security = "\n".join(f'Header always set {name} "{value}"' for name, value in SECURITY.items())
    copies = "\n".join(
        f"""RewriteCond %{{HTTP:Accept-Encoding}} "\\b{coding}\\b"
RewriteCond %{{REQUEST_FILENAME}}{suffix} -f
RewriteRule "^(.+)$" "/$1{suffix}" [L]"""
        for coding, suffix in (("br", ".br"), ("gzip", ".gz"))
    )
    return f"""# {ORIGIN}
ErrorDocument 404 /404.html
ErrorDocument 403 /404.html
AddDefaultCharset utf-8
AddType application/manifest+json .webmanifest
AddType image/avif .avif
AddType image/webp .webp
RemoveType .br .gz
RemoveLanguage .br
AddEncoding br .br
AddEncoding gzip .gz
Options -Indexes
RedirectMatch 404 "/(\\.(?!well-known/)|_headers$|_redirects$)"
{aliases.apache(old or {})}
{security}
Header set Cache-Control "{REVALIDATED}"
Header always merge Vary Accept-Language "expr=%{{THE_REQUEST}} =~ m#^[A-Z]+ /(\\?.*)? #"
<FilesMatch "\\.({"|".join(COMPRESSED)})(\\.(br|gz))?$">
Header merge Vary Accept-Encoding
</FilesMatch>

<IfModule mod_rewrite.c>
RewriteEngine On
RewriteCond %{{HTTP:Accept-Language}} "{first}"
RewriteRule ^$ /%1/ [R=302,L]

RewriteCond %{{REQUEST_FILENAME}} -d
RewriteCond %{{REQUEST_FILENAME}}/index.html !-f
RewriteRule ^ - [R=404,L]

{copies}
</IfModule>

<IfModule mod_deflate.c>
AddOutputFilterByType DEFLATE text/html {TEXTS}
</IfModule>
"""


def apache_language(lang: str) -> str:
    """`.htaccess` in the folder of one language."""
    return f"# {ORIGIN}\nErrorDocument 404 /{lang}/404.html\n"


def apache_assets() -> str:
    """`.htaccess` in the folder of the theme's files."""
    return f'# {ORIGIN}\nHeader set Cache-Control "{FOREVER}"\n'


def nginx(languages: Iterable[str], old: dict[str, str] | None = None) -> str:
    """A file to include in a `server` block that has its own name, certificate and root.

    Every header is set at the level of the server, because a location with an `add_header` of its own loses all those
    above it (ngx_http_headers_module); what differs goes through variables, and an empty one sends nothing.
    """
    languages = list(languages)
    first = FIRST_LANGUAGE.format(languages="|".join(languages))
    security = "\n".join(f'add_header {name} "{value}" always;' for name, value in SECURITY.items())
    folders = "\n\n".join(
        f"""location /{lang}/ {{
    error_page 403 404 =404 /{lang}/404.html;
    location ~ "\\.webmanifest$" {{ default_type application/manifest+json; }}
}}"""
        for lang in languages
    )
    return f"""# {ORIGIN}
# In the server's own file:
#   server {{ listen …; server_name …; ssl_certificate …;
#            root /srv/site/current; include /srv/site/current/.hosting/nginx*.conf; }}
# With ngx_brotli, add `brotli_static on;` there: the .br files lie beside the pages already.
index index.html;
charset utf-8;
absolute_redirect off;
server_tokens off;
error_page 403 404 =404 /404.html;

set $site_cache "{REVALIDATED}";
set $site_vary "";
if ($uri ~ "^{ASSETS}") {{ set $site_cache "{FOREVER}"; }}
if ($request_uri ~ "^/(\\?|$)") {{ set $site_vary Accept-Language; }}
add_header Cache-Control $site_cache;
add_header Vary $site_vary;
{security}

gzip on;
gzip_static on;
gzip_vary on;
gzip_comp_level 9;
gzip_types {TEXTS} application/javascript;

{aliases.nginx(old or {})}
location = / {{
    if ($http_accept_language ~ "{first}") {{ return 302 /$1/; }}
}}

{folders}

location ~ "\\.avif$" {{ default_type image/avif; }}

location ~ "/(\\.(?!well-known/)|_headers$|_redirects$)" {{ return 404; }}
"""
