"""The site's other data files: menus (navigation.toml) and the SMART worksheet's definition (smart-worksheet.toml)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from plugins.build import Build, build_of

from ..problems import Problem, reason_of, say, shown_path, unreadable
from ..problems.lines import line_of_entry


class Strict(BaseModel):
    """A table whose unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Strict):
    """A text in both languages."""

    en: str
    fr: str


class Prompts(Strict):
    """Questions to think about, the same number in both languages."""

    en: list[str]
    fr: list[str]


class Option(Strict):
    value: str
    label: Words


class Field(Strict):
    """One thing to fill in. `id` is its name in HTML and in the PDF; `limit` is in characters."""

    id: str
    kind: Literal["line", "text", "date", "choice", "scale"]
    label: Words
    hint: Words | None = None
    limit: int | None = None
    options: list[Option] = []
    row: str | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Field:
        if self.kind in ("line", "text") and not self.limit:
            raise ValueError(say('the field "{id}" needs a limit in characters', id=self.id))
        if (self.kind == "choice") != bool(self.options):
            raise ValueError(say('the field "{id}" needs options if, and only if, it is a choice', id=self.id))
        return self


class Step(Strict):
    """Fields shown together under one title."""

    id: str
    title: Words
    fields: list[Field]
    intro: Words | None = None
    prompts: Prompts | None = None


class Worksheet(Strict):
    """The SMART worksheet: one definition for the web page and the PDF."""

    title: Words
    steps: list[Step]
    example: dict[str, Any]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Worksheet:
        ids = [field.id for step in self.steps for field in step.fields]
        if twice := {name for name in ids if ids.count(name) > 1}:
            raise ValueError(say("these field ids are used twice: {ids}", ids=", ".join(sorted(twice))))
        if unknown := set(self.example) - set(ids) - {"note"}:
            raise ValueError(say("the example fills fields that do not exist: {ids}", ids=", ".join(sorted(unknown))))
        return self


MOST_IN_HEADER = 9  # entries that the header holds with wide fonts in both languages: tests/browser/test_fonts.py


class Navigation(Strict):
    """Menus, as ordered translation keys."""

    primary: list[str]
    footer: list[str]
    legal: list[str]
    modalities: list[str]

    @field_validator("primary")
    @classmethod
    def _fit_in_the_header(cls, keys: list[str]) -> list[str]:
        if len(keys) > MOST_IN_HEADER:
            raise ValueError(
                say(
                    "the header holds at most {most} pages, and here are {number}",
                    most=MOST_IN_HEADER,
                    number=len(keys),
                )
            )
        return keys

    @field_validator("modalities")
    @classmethod
    def _fit_on_the_line(cls, keys: list[str]) -> list[str]:
        if not 2 <= len(keys) <= 7:
            raise ValueError(
                say("the line holds from two to seven modalities, and here are {number}", number=len(keys))
            )
        return keys


Model = TypeVar("Model", bound=BaseModel)


def read_toml(path: Path, model: type[Model], build: Build) -> Model | None:
    """The file at `path` as a `model`, or None after its problems were reported."""
    shown = shown_path(path)
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return model.model_validate(tomllib.loads(text))
    except ValidationError as error:
        for wrong in error.errors():
            place = ".".join(str(step) for step in wrong["loc"]) or say("the file")
            message = say("{place}: {reason}", place=place, reason=reason_of(wrong))
            remedy = say("Correct this entry; the ones beside it show the form.")
            build.report(Problem(shown, line_of_entry(text, wrong["loc"]), message, remedy))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        build.report(unreadable(shown, error, text))
    return None


def load_data(pelican: Any) -> None:
    """On `initialized`: build.menus (menu -> keys) and build.worksheet (plain dictionaries)."""
    build = build_of(pelican.settings)
    data = build.content / "data"
    navigation = read_toml(data / "navigation.toml", Navigation, build)
    build.menus = navigation.model_dump() if navigation else {name: [] for name in Navigation.model_fields}
    worksheet = read_toml(data / "smart-worksheet.toml", Worksheet, build)
    build.worksheet = (
        worksheet.model_dump() if worksheet else {"title": {"en": "", "fr": ""}, "steps": [], "example": {}}
    )
