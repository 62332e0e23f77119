"""Who adds pictures to a small site, as a browser sends them; and pictures to add."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image
from pypdf import PdfWriter
from starlette.applications import Starlette

from tests.desk.asking import Answer, ask
from tools.desk.app import desk_application
from tools.desk.desk import Desk
from tools.preview import Preview

pillow_heif.register_heif_opener()


@dataclass
class Owner:
    """Who adds pictures to a site of one page in two languages."""

    desk: Desk
    app: Starlette

    def ask(self, path: str, fields: dict[str, str] | None = None, file: tuple[str, bytes] | None = None) -> Answer:
        """Open a page of the pictures, or send a form, with a file."""
        if fields is None and file is None:
            return ask(self.app, f"/.preview/pictures{path}")
        return ask(self.app, f"/.preview/pictures{path}", *form(fields or {}, file))

    def add(self, data: bytes, name: str) -> Answer:
        return self.ask("/add", {}, (name, data))

    def file(self, path: str) -> Path:
        return self.desk.content / path

    def files(self) -> list[str]:
        """All that lies in the public folders."""
        folders = [self.desk.content / name for name in ("images", "downloads")]
        return sorted(
            file.relative_to(self.desk.content).as_posix() for folder in folders for file in folder.rglob("*.*")
        )

    def undo(self, answer: Answer) -> Answer:
        return ask(
            self.app, "/.preview/history/put-back", f'{{"entry": "{answer.json["undo"]}"}}'.encode(), "application/json"
        )


def form(fields: dict[str, str], file: tuple[str, bytes] | None) -> tuple[bytes, str]:
    """A form as a browser sends it, and the kind that it names."""
    parts = [f'--sign\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()]
    if file:
        head = f'--sign\r\nContent-Disposition: form-data; name="file"; filename="{file[0]}"\r\n\r\n'
        parts.append(head.encode() + file[1] + b"\r\n")
    return b"".join(parts) + b"--sign--\r\n", "multipart/form-data; boundary=sign"


def owner_of(tmp_path: Path) -> Owner:
    """The owner of a new site in this folder."""
    for lang in ("en", "fr"):
        page = tmp_path / "content" / lang / "pages" / "faq.md"
        page.parent.mkdir(parents=True)
        page.write_text(f"---\ntitle: Questions\nslug: faq\n---\n\nText in {lang}.\n", encoding="utf-8")
    desk = Desk(Preview(tmp_path / "builds"), tmp_path)
    return Owner(desk, desk_application(desk))


def photograph(size: tuple[int, int]) -> Image.Image:
    """Something with as many colours as a photograph, its upper left corner red."""
    rough = Image.effect_noise((max(size[0] // 16, 2), max(size[1] // 16, 2)), 90).convert("RGB").resize(size)
    picture = Image.blend(rough, Image.effect_noise(size, 40).convert("RGB"), 0.3)
    picture.paste((220, 10, 10), (0, 0, size[0] // 4, size[1] // 4))
    return picture


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def kept(owner: Owner, answer: Answer) -> Image.Image:
    """The picture that was kept, which knows nothing of where it was taken."""
    assert answer.status == 200, answer.text
    data = owner.file(answer.json["path"]).read_bytes()
    image = Image.open(io.BytesIO(data))
    image.load()
    assert not dict(image.getexif())
    assert not {"exif", "icc_profile", "xmp", "comment"} & image.info.keys()
    assert b"Apple" not in data
    return image


def pdf() -> bytes:
    out, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(out)
    return out.getvalue()
