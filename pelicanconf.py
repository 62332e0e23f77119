"""Settings of the site, for preview and publishing alike; publishconf.py holds what differs when published."""

import datetime
import logging
import os
import sys
from pathlib import Path

from jinja2 import StrictUndefined

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))  # Pelican's command does not look here for plugins/

from plugins import assets, documents, hosting, i18n, practice, reader, social_pictures, writing  # noqa: E402
from plugins.build import LANGUAGES, Build  # noqa: E402
from plugins.problems import in_language  # noqa: E402

# Site
SITENAME = "Human Trajectory Makers"
SITEURL = ""  # links are root-relative everywhere; absolute ones come from the fact site_url
TIMEZONE = "Europe/Paris"
LOCALE = ["", "C.UTF-8", "C"]  # the first that this machine has: nothing here depends on it
DEFAULT_LANG = "fr"
PAGE_TRANSLATION_ID = ARTICLE_TRANSLATION_ID = None  # plugins/i18n pairs them; Pelican's way is quadratic

# Content
PATH = str(ROOT / "content")
PAGE_PATHS = ["en/pages", "fr/pages"]
ARTICLE_PATHS = ["en/articles", "fr/articles"]
STATIC_PATHS: list[str] = []  # plugins/public_files.py is the gate for pictures and other files
INTRASITE_LINK_REGEX = r"[{](?P<what>static|filename)[}]"  # of the forms that Pelican knows, those of this site
DEFAULT_METADATA = {
    "category": "articles"
}  # without one, a draft article stops Pelican 4.12 when CATEGORY_SAVE_AS is empty
USE_FOLDER_AS_CATEGORY = False
LOG_FILTER = [(logging.WARNING, "Empty alt attribute for image %s in %s")]  # plugins/reader/references.py tells it
DEFAULT_PAGINATION = False
SUMMARY_MAX_LENGTH = None

# URLs: the same for both languages
PAGE_URL = PAGE_LANG_URL = "{lang}/{slug}/"
PAGE_SAVE_AS = PAGE_LANG_SAVE_AS = "{lang}/{slug}/index.html"
ARTICLE_URL = ARTICLE_LANG_URL = "{lang}/articles/{slug}/"
ARTICLE_SAVE_AS = ARTICLE_LANG_SAVE_AS = "{lang}/articles/{slug}/index.html"
DRAFT_URL = DRAFT_LANG_URL = "{lang}/drafts/{slug}/"
DRAFT_SAVE_AS = DRAFT_LANG_SAVE_AS = "{lang}/drafts/{slug}/index.html"
DRAFT_PAGE_URL = DRAFT_PAGE_LANG_URL = DRAFT_URL
DRAFT_PAGE_SAVE_AS = DRAFT_PAGE_LANG_SAVE_AS = DRAFT_SAVE_AS
AUTHOR_SAVE_AS = AUTHORS_SAVE_AS = CATEGORY_SAVE_AS = CATEGORIES_SAVE_AS = TAG_SAVE_AS = TAGS_SAVE_AS = (
    ARCHIVES_SAVE_AS
) = ""

# Files that are not pages: once, and once per language
DIRECT_TEMPLATES = ["index", "404", "sitemap", "robots"]
INDEX_SAVE_AS = "index.html"
SITEMAP_SAVE_AS = "sitemap.xml"
ROBOTS_SAVE_AS = "robots.txt"
SECURITY_SAVE_AS = ".well-known/security.txt"  # plugins/practice adds the template when a contact is known

# Feeds: templates/feed.xml, because Pelican's have no xml:lang and mix the languages
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
FEED_MAX_ITEMS = 30  # the newest

# Theme
THEME = str(ROOT / "theme")
THEME_STATIC_DIR = "theme"
THEME_STATIC_PATHS: list[str] = []  # plugins/assets writes them, fingerprinted
TEMPLATE_EXTENSIONS = [".html", ".xml", ".txt", ".webmanifest", ".json"]
JINJA_ENVIRONMENT: dict = {
    "extensions": ["jinja2.ext.i18n"],
    "autoescape": True,
    "undefined": StrictUndefined,  # a misspelt name in a template stops the build instead of printing nothing
    "trim_blocks": True,
    "lstrip_blocks": True,
    "auto_reload": False,  # each build has an environment of its own
}
JINJA_FILTERS = {"in_language": in_language}  # for what a preview says to the owner

# Plugins, as modules: one that cannot be imported stops the build, where a name would only be logged
PLUGINS = [reader, i18n, practice, documents, social_pictures, assets, hosting, writing]

# What is ours: all that a build of this site is told
BUILD = Build(
    languages=LANGUAGES,  # texts, documents and legal pages are in these two: plugins/i18n refuses others
    date=(
        datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.UTC)
        if "SOURCE_DATE_EPOCH" in os.environ
        else datetime.datetime.now(datetime.UTC)
    ),
    practice_file=ROOT / "content" / "data" / "practice.toml",
    cache=ROOT / ".cache",  # Pelican's own caches stay off
    files={
        "feed": "{lang}/feed.xml",
        "404-language": "{lang}/404.html",
        "worksheet-example": "{lang}/smart-worksheet.json",
        "site": "{lang}/site.webmanifest",
        "style": "{lang}/style.html",  # in a preview only: publishconf.py leaves it out
    },
)
