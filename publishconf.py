"""What differs when the site is published: nothing may be missing, and the cache is not trusted."""

from dataclasses import replace

from pelicanconf import *  # noqa: F403

FILES = {name: place for name, place in BUILD.files.items() if name != "style"}  # noqa: F405
BUILD = replace(BUILD, published=True, trust_cache=False, files=FILES)  # noqa: F405
