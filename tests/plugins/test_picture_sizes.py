"""Pictures in the sizes that browsers choose from: light, sharp enough, the same each time, made once."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

from plugins.picture_sizes import FORMATS, HEAVIEST, LIGHT, PictureSizes, Sized, drawing_size
from tests.tools.pictures import photograph, png, saved

WIDTHS = (660, 990, 1240)


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("photo") / "photo.jpg"
    file.write_bytes(saved(photograph(1500, 1000), quality=92))
    return file


@pytest.fixture(scope="module")
def kept(photo: Path) -> Path:
    return photo.parent / "kept"


@pytest.fixture
def sized(photo: Path, kept: Path) -> Sized:
    return PictureSizes(kept).of(photo, WIDTHS)


def digests(sized: Sized) -> dict[str, list[str]]:
    return {
        name: [hashlib.sha256(one.file.read_bytes()).hexdigest() for one in drawn]
        for name, drawn in sized.drawn.items()
    }


def test_each_format_is_what_it_says_and_each_width_is_as_wide(sized: Sized) -> None:
    assert (sized.width, sized.height) == (1500, 1000)
    for name, drawn in sized.drawn.items():
        assert [one.width for one in drawn] == sorted({one.width for one in drawn})
        assert drawn[0].width == WIDTHS[0]
        for one in drawn:
            with Image.open(one.file) as image:
                assert (image.format, image.width) == (name.upper(), one.width)
                assert abs(image.height - one.width * 1000 / 1500) < 1
                assert not image.getexif()
            assert one.weight == one.file.stat().st_size


def test_a_text_wide_photograph_costs_at_most_60_kb_in_each_format(sized: Sized) -> None:
    assert HEAVIEST == 60_000
    assert {name: [one.weight <= HEAVIEST for one in drawn] for name, drawn in sized.drawn.items()} == {
        name: [True] * len(drawn) for name, drawn in sized.drawn.items()
    }


def test_what_weighs_too_much_at_the_least_quality_is_left_out_but_for_the_narrowest(tmp_path: Path) -> None:
    noise = tmp_path / "noise.jpg"
    noise.write_bytes(saved(Image.effect_noise((1300, 900), 90).convert("RGB"), quality=95))
    drawn = PictureSizes(tmp_path / "kept").of(noise, WIDTHS, ["jpeg"]).drawn["jpeg"]
    assert [one.width for one in drawn] == [660]
    assert drawn[0].weight > HEAVIEST


def test_it_is_drawn_once_and_the_same_again_elsewhere(photo: Path, kept: Path, sized: Sized, tmp_path: Path) -> None:
    times = {file: file.stat().st_mtime_ns for file in kept.iterdir()}
    assert PictureSizes(kept).of(photo, WIDTHS) == sized
    assert {file: file.stat().st_mtime_ns for file in kept.iterdir()} == times
    assert digests(PictureSizes(tmp_path).of(photo, WIDTHS)) == digests(sized)


def test_a_kept_file_that_was_damaged_is_made_again(photo: Path, tmp_path: Path) -> None:
    one = PictureSizes(tmp_path).of(photo, [660], ["webp"]).drawn["webp"][0]
    whole = one.file.read_bytes()
    one.file.write_bytes(whole[:500])
    again = PictureSizes(tmp_path).of(photo, [660], ["webp"]).drawn["webp"][0]
    assert again.file.read_bytes() == whole


def test_none_is_wider_than_the_picture(photo: Path, tmp_path: Path) -> None:
    small = tmp_path / "small.jpg"
    with Image.open(photo) as image:
        small.write_bytes(saved(image.resize((750, 500)), quality=92))
    drawn = PictureSizes(tmp_path).of(small, WIDTHS, ["webp"]).drawn["webp"]
    assert [one.width for one in drawn] == [660, 750]


def test_what_is_transparent_stays_so_and_has_no_jpeg(tmp_path: Path) -> None:
    clear = photograph(800, 600)
    clear.putalpha(Image.linear_gradient("L").resize((800, 600)))
    file = tmp_path / "clear.png"
    file.write_bytes(saved(clear, "PNG"))
    drawn = PictureSizes(tmp_path).of(file, WIDTHS).drawn
    assert drawn.keys() == {"avif", "webp"}
    for name in drawn:
        with Image.open(drawn[name][0].file) as image:
            alpha = image.convert("RGBA").getchannel("A").histogram()
            assert sum(alpha[:20]) > 10_000
            assert sum(alpha[230:]) > 10_000


def moving() -> bytes:
    frames = [photograph(300, 200, seed) for seed in (1, 2)]
    return saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=100, quality=90)


@pytest.mark.parametrize(
    ("name", "data", "size"),
    [
        ("light.png", png(300, 200), (300, 200)),
        ("moving.webp", moving(), (300, 200)),
        ("deep.png", saved(Image.effect_noise((300, 200), 90).convert("I;16"), "PNG"), (300, 200)),
        ("still.gif", saved(photograph(300, 200).convert("P"), "GIF"), (300, 200)),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200"/>', (300, 200)),
    ],
)
def test_what_would_lose_or_win_nothing_is_shown_as_it_is(
    tmp_path: Path, name: str, data: bytes, size: tuple[int, int]
) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    assert PictureSizes(tmp_path).of(file, WIDTHS) == Sized(*size, {})
    assert len(data) > LIGHT or name in ("light.png", "drawing.svg")


def test_a_size_that_is_no_lighter_than_the_picture_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "photo.webp"
    file.write_bytes(saved(photograph(660, 440), "WEBP", quality=30))
    drawn = PictureSizes(tmp_path).of(file, WIDTHS).drawn
    assert all(one.weight < file.stat().st_size for each in drawn.values() for one in each)
    assert drawn["jpeg"] == []
    names = {each.name for each in tmp_path.iterdir()}
    assert PictureSizes(tmp_path).of(file, WIDTHS).drawn == drawn
    assert {each.name for each in tmp_path.iterdir()} == names


def test_what_no_build_uses_any_more_is_forgotten(photo: Path, tmp_path: Path) -> None:
    sizes = PictureSizes(tmp_path)
    sizes.of(photo, [100, 200], ["jpeg"])
    sizes.of(photo, [100], ["jpeg"])
    sizes.keep_only_used(0)
    assert len(list(tmp_path.iterdir())) == 2
    later = PictureSizes(tmp_path)
    later.of(photo, [100], ["jpeg"])
    later.keep_only_used(0)
    (left,) = tmp_path.iterdir()
    with Image.open(io.BytesIO(left.read_bytes())) as image:
        assert image.width == 100


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="40" height="30"', (40, 30)),
        ('width="40px" height="30.4px" viewBox="0 0 4 3"', (40, 30)),
        ('viewBox="0,0,4,3"', (4, 3)),
        ('width="100%" viewBox="0 0 4 3"', (4, 3)),
        ('width="10em" height="2em"', (0, 0)),
        ('viewBox="0 0 a b"', (0, 0)),
        ('viewBox="0 0 0 3"', (0, 0)),
        ("", (0, 0)),
    ],
)
def test_the_size_of_a_drawing(attributes: str, size: tuple[int, int]) -> None:
    assert drawing_size(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode()) == size


def test_the_formats_are_in_the_order_in_which_a_browser_takes_the_first() -> None:
    assert list(FORMATS) == ["avif", "webp", "jpeg"]
