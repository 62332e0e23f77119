"""The four sets of fonts that pages are read in, each a fontconfig file that names its own fonts and no others (#12).

A page holds whatever its reader's fonts: `narrow` is what Windows has or what measures the same, `liberation` many
Linux desktops, `android` a telephone, `dejavu` the widest of all. Their packages are in tools/extras.py.
"""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
FONT_SETS = ("narrow", "liberation", "android", "dejavu")
USUAL = "liberation"  # for a test that is not about fonts


def environment(fonts: str = USUAL) -> dict[str, str]:
    """The variables of a browser that sees one of FONT_SETS, and nothing of the machine's own fonts."""
    return os.environ | {"FONTCONFIG_FILE": str(FOLDER / f"{fonts}.conf")}
