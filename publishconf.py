"""What differs when the site is published: nothing may be missing, and the cache is not trusted."""

from pelicanconf import *  # noqa: F403

PUBLISHED = True
TRUST_CACHE = False
LANGUAGE_TEMPLATES = {name: place for name, place in LANGUAGE_TEMPLATES.items() if name != "style"}  # noqa: F405
