"""Tables of a clipboard's HTML: a grid with a head, each cell one line; or words that a mail arranged with one."""

from __future__ import annotations

from collections import Counter

from bs4 import Tag

from .clean import BLOCKS, HEADINGS, PARTS, has_blocks, new

WIDEST = 50  # columns that a cell may claim


def make_tables(root: Tag, counts: Counter[str]) -> None:
    """Have each table of a tree as rows of cells, the first row its head. Counts cells `merged`, and joined `lines`."""
    for table in root.find_all("table")[::-1]:  # those within others first
        cells, merged = _grid(table)
        used = [place for place, cell in cells.items() if cell.get_text(strip=True) or cell.find("img")]
        rows, columns = (sorted({place[n] for place in used}) for n in (0, 1))
        for_looks = table.get("role") in ("presentation", "none") or len(rows) < 2 or len(columns) < 2
        if for_looks or table.find(["table", *HEADINGS]):
            for tag in [table, *table.find_all(PARTS)]:
                tag.name = "div"
            continue
        counts["merged"] += merged
        if caption := table.find("caption"):
            caption.name = "p"
            caption.insert(0, "Table: ")
            table.insert_before(caption.extract())
        made = new("table")
        for y in rows:
            made.append(row := new("tr"))
            for x in columns:
                row.append(box := new("th" if y == rows[0] else "td"))
                if cell := cells.get((y, x)):
                    counts["lines"] += _one_line(cell)
                    box.extend(list(cell.contents))
        for strong in made.select("th strong"):
            strong.unwrap()
        table.replace_with(made)


def _grid(table: Tag) -> tuple[dict[tuple[int, int], Tag], int]:
    """The cells of a table by (row, column), and how many reach over several."""
    rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    cells: dict[tuple[int, int], Tag] = {}
    taken: set[tuple[int, int]] = set()
    merged = 0
    for y, row in enumerate(rows):
        x = 0
        for cell in row.find_all(["td", "th"], recursive=False):
            while (y, x) in taken:
                x += 1
            wide, high = _span(cell, "colspan"), min(_span(cell, "rowspan"), len(rows) - y)
            taken |= {(y + down, x + right) for down in range(high) for right in range(wide)}
            cells[y, x] = cell
            merged += wide > 1 or high > 1
            x += wide
    return cells, merged


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name, ""))
    return min(int(value), WIDEST) if value.isdecimal() and int(value) else 1


def _one_line(cell: Tag) -> bool:
    """Take the blocks out of a cell and leave their words. Whether there were several."""
    blocks = cell.find_all([*BLOCKS, "br"])
    several = sum(not has_blocks(one) and bool(one.get_text(strip=True)) for one in blocks) > 1
    for one in blocks:
        one.insert_before(" ")
        one.insert_after(" ")
        one.unwrap()
    return several or any(one.name == "br" for one in blocks)
