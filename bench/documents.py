"""How long the four documents take, cold and warm, beside WeasyPrint with a comparable style sheet in the same run.

    python bench/documents.py [--runs 5] [--weasyprint PYTHON]

Cold: a new process that imports what it needs and renders all four. Warm: the same process renders them again after a
change of one word in each. WeasyPrint gets the same texts as HTML, the same fonts, tagged output (pdf/ua-1), no form
fields. PYTHON is an interpreter that has weasyprint (default: this one). Figures are medians, in seconds.
"""

from __future__ import annotations

import argparse
import json
import pickle
import statistics
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path
from typing import Any

from plugins.pdf.render import PreparedDocument

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

OURS = """
import json, pickle, sys, time
start = time.perf_counter()
from dataclasses import replace
from plugins.pdf.render import render
documents = pickle.load(open(sys.argv[1], "rb"))
times = {}
for document in documents:
    before = time.perf_counter()
    data = render(document)
    times[f"{document.name} {document.lang}"] = [time.perf_counter() - before]
cold = time.perf_counter() - start
start = time.perf_counter()
for document in documents:
    changed = replace(document, value=document.value | {"description": document.value["description"] + " "})
    before = time.perf_counter()
    data = render(changed)
    times[f"{document.name} {document.lang}"].append(time.perf_counter() - before)
    times[f"{document.name} {document.lang}"].append(len(data))
print(json.dumps({"cold": cold, "warm": time.perf_counter() - start, "each": times}))
"""

THEIRS = """
import json, sys, time
start = time.perf_counter()
import weasyprint
for path in sys.argv[1:]:
    weasyprint.HTML(filename=path).write_pdf(path + ".pdf", pdf_variant="pdf/ua-1")
cold = time.perf_counter() - start
start = time.perf_counter()
for path in sys.argv[1:]:
    weasyprint.HTML(filename=path).write_pdf(path + ".pdf", pdf_variant="pdf/ua-1")
print(json.dumps({"cold": cold, "warm": time.perf_counter() - start, "version": weasyprint.__version__}))
"""

STYLE = """
@font-face { font-family: Sans; src: url("file://{fonts}/SourceSansPro-Regular.ttf") }
@font-face { font-family: Sans; font-weight: 600; src: url("file://{fonts}/SourceSansPro-Semibold.ttf") }
@font-face { font-family: Sans; font-style: italic; src: url("file://{fonts}/SourceSansPro-It.ttf") }
@page { size: A4; margin: 16mm 20mm 18mm 53mm; @bottom-right { content: counter(page) } }
body { font: 9.3pt/1.35 Sans; color: #1A2333; hyphens: auto }
h1 { font-size: 21pt; break-after: avoid } h2, h3 { break-after: avoid }
table { border-collapse: collapse; width: 100%; font-size: 8.4pt } tr { break-inside: avoid }
th, td { border-bottom: .35pt solid #A9ADB5; text-align: left; vertical-align: top; padding: 2.6pt 3.5pt }
.box { border-left: 2.2pt solid #C8471F; padding-left: 10pt } .field { border: .5pt solid #8A8F99; height: 30pt }
"""


def prepared() -> list[Any]:
    """The four documents of a preview build, ready to render."""
    from pelican import signals

    from plugins.build import build_of
    from tools.build import build

    kept: list[PreparedDocument] = []

    def keep(pelican: Any) -> None:
        kept.extend(download.prepared for download in build_of(pelican.settings).documents.values())

    signals.finalized.connect(keep)
    with tempfile.TemporaryDirectory() as folder:
        if not build(Path(folder) / "site", overrides={"cache": Path(folder) / "cache"}).ok:
            raise SystemExit("the preview does not build: run “invoke build” to see why")
    return kept


def html_of(node: Any) -> str:
    """A node of the tree as HTML, for WeasyPrint."""
    if isinstance(node, str):
        return escape(node)
    if isinstance(node, list):
        return "".join(html_of(item) for item in node)
    inside = html_of(node.get("c", []))
    match node["t"]:
        case "h":
            return f"<h{node['level']}>{inside}</h{node['level']}>"
        case "table":
            cells = [[f"<td>{html_of(cell)}</td>" for cell in row] for row in node["rows"]]
            rows = "".join(f"<tr>{''.join(row)}</tr>" for row in cells)
            head = "".join(f"<th>{html_of(cell)}</th>" for cell in node["head"])
            caption = html_of(node["caption"])
            return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>{rows}</table>"
        case "ul" | "ol" | "checklist":
            name = "ol" if node["t"] == "ol" else "ul"
            items = "".join(f"<li>{html_of(item['c'])}</li>" for item in node["items"])
            return f"<{name}>{items}</{name}>"
        case "dl":
            return (
                "<dl>"
                + "".join(f"<dt>{html_of(i['term'])}</dt><dd>{html_of(i['c'])}</dd>" for i in node["items"])
                + "</dl>"
            )
        case "box":
            return f'<div class="box"><p><strong>{html_of(node["title"])}</strong></p>{inside}</div>'
        case "a":
            return f'<a href="{escape(node.get("href", "#"))}">{inside}</a>'
        case kind:
            return f"<{TAGS.get(kind, 'span')}>{inside}</{TAGS.get(kind, 'span')}>"


TAGS = {
    "p": "p",
    "b": "strong",
    "i": "em",
    "sup": "sup",
    "sub": "sub",
    "code": "code",
    "missing": "mark",
    "quote": "blockquote",
}


def page_of(document: Any) -> str:
    """A document's texts and fields as one HTML page."""
    from plugins.pdf.fonts import sans_file

    value = document.value
    style = STYLE.replace("{fonts}", str(sans_file("Regular").parent))
    body = "".join(f"<h1>{escape(chapter['title'])}</h1>{html_of(chapter['c'])}" for chapter in value["chapters"])
    body += "".join(f'<p>{escape(field.label)}</p><div class="field"></div>' for field in document.fields)
    head = f'<html lang="{value["lang"]}"><meta charset="utf-8"><title>{escape(value["title"])}</title>'
    return f"{head}<style>{style}</style><body>{body}"


def run(python: str, script: str, *arguments: str) -> dict[str, Any] | None:
    """What `script` prints last, read as JSON; None where it fails."""
    said = subprocess.run([python, "-c", script, *arguments], capture_output=True, text=True, cwd=ROOT, check=False)
    return json.loads(said.stdout.splitlines()[-1]) if said.returncode == 0 else None


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--weasyprint", default=sys.executable, metavar="PYTHON")
    chosen = options.parse_args()
    documents = prepared()
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "documents"
        ready.write_bytes(pickle.dumps(documents))
        pages = []
        for document in documents:
            page = Path(folder) / f"{document.name}-{document.lang}.html"
            page.write_text(page_of(document), encoding="utf-8")
            pages.append(str(page))
        ours, theirs = [], []
        for _ in range(chosen.runs):  # in turns, so that both meet the same machine
            if (mine := run(sys.executable, OURS, str(ready))) is None:
                raise SystemExit("a document could not be rendered: run “invoke build” to see why")
            ours.append(mine)
            if other := run(chosen.weasyprint, THEIRS, *pages):
                theirs.append(other)
    print(f"{'document':24}{'cold s':>9}{'warm s':>9}{'bytes':>10}")
    for name in ours[0]["each"]:
        cold, warm, size = (statistics.median(entry["each"][name][place] for entry in ours) for place in range(3))
        print(f"{name:24}{cold:9.3f}{warm:9.3f}{size:10.0f}")
    for state in ("cold", "warm"):
        our_time = statistics.median(entry[state] for entry in ours)
        print(f"all four, {state}: {our_time:.2f} s", end="")
        if len(theirs) < chosen.runs:
            print(" (WeasyPrint is not installed there)")
        else:
            their_time = statistics.median(entry[state] for entry in theirs)
            print(f"; WeasyPrint {theirs[0]['version']}: {their_time:.2f} s; ratio {their_time / our_time:.1f}")


if __name__ == "__main__":
    main()
