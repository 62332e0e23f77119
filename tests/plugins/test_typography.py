"""French typography: each row of the house rule, what it leaves alone, and that twice is the same as once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st

from plugins.i18n.catalogs import localized
from plugins.reader.source import Source
from plugins.typography import NBSP, NNBSP, french, french_html

# `_` stands for a no-break space and `~` for a narrow one, so that a reader of this file can see them.
MENDED = {
    "narrow space before ;": ("un mot ; un autre", "un mot~; un autre"),
    "narrow space before !": ("Venez !", "Venez~!"),
    "narrow space before ?": ("Qui décide ?", "Qui décide~?"),
    "narrow space before ?!": ("Vraiment ?!", "Vraiment~?!"),
    "narrow space before !!": ("Non !!", "Non~!!"),
    "no-break space before :": ("trois parties : vous", "trois parties_: vous"),
    "a wrong no-break space before ?": ("Qui_?", "Qui~?"),
    "a wrong narrow space before :": ("Qui~: vous", "Qui_: vous"),
    "spaces inside quotation marks": ("Dites « oui » ici", "Dites «_oui_» ici"),
    "missing spaces inside quotation marks": ("«oui»", "«_oui_»"),
    "straight quotation marks": ('le mot "cadre" ici', "le mot «_cadre_» ici"),
    "no spaces inside nested quotation marks": ("« il a dit “ non ” hier »", "«_il a dit “non” hier_»"),
    "thousands": ("10 000 personnes", "10~000 personnes"),
    "millions": ("2 500 000 euros", "2~500~000 euros"),
    "a SIREN in threes": ("SIREN 987 654 321", "SIREN 987~654~321"),
    "percent with a space": ("50 % du temps", "50_% du temps"),
    "percent without a space": ("50% du temps", "50_% du temps"),
    "euros": ("1 200 € par an", "1~200_€ par an"),
    "hours": ("pendant 4 h en tout", "pendant 4_h en tout"),
    "decimal and unit": ("1,2 Mo", "1,2_Mo"),
    "time of day": ("à 14 h 30", "à 14_h_30"),
    "n°": ("loi n° 78-17", "loi n°_78-17"),
    "art.": ("art. 13 du RGPD", "art._13 du RGPD"),
    "art. with a letter": ("art. L612-1", "art._L612-1"),
    "p.": ("p. 3", "p._3"),
    "M.": ("M. Imaginaire", "M._Imaginaire"),
    "Mme": ("Mme Imaginaire", "Mme_Imaginaire"),
    "day and month": ("le 24 novembre 2026", "le 24_novembre 2026"),
    "the first of the month": ("le 1er janvier", "le 1er_janvier"),
    "§": ("§ 2", "§_2"),
    "phone number": ("01 99 00 12 34", "01_99_00_12_34"),
    "apostrophe": ("l'engagement d'une personne", "l’engagement d’une personne"),
    "ellipsis": ("et puis...", "et puis…"),
    "ellipsis with a space before": ("et puis ... rien", "et puis… rien"),
    "ellipsis at the beginning": ("« ... et puis »", "«_… et puis_»"),
    "etc. without ellipsis": ("séances, actions, etc...", "séances, actions, etc."),
    "a pair of dashes": ("la loi – un danger – prévoit", "la loi –_un danger_– prévoit"),
    "a single dash": ("Une seule règle – la vôtre", "Une seule règle –_la vôtre"),
    "2ème": ("la 2ème séance", "la 2e séance"),
}
LEFT_ALONE = {
    "an address": "https://exemple.fr/page?lieu=ici;encore:oui!",
    "a time": "14:30",
    "a ratio": "3:1",
    "a year": "en 2026",
    "a postcode": "75000 Paris",
    "a year before a number of three digits": "en 2026, 100 personnes",
    "a page number of four digits": "page 1204",
    "a month without a day": "en novembre 2026",
    "a number before an ordinary word": "3 personnes",
    "a word that begins like a unit": "4 histoires",
    "a hyphen": "demi-journée",
    "a range": "2021–2026",
    "an exclamation mark without a space": "Non! dit-elle",
    "an opening dash in a list": "– premier point",
    "Mme at the end of a sentence": "dit Mme.",
}


def visible(text: str) -> str:
    """`text` with its no-break spaces shown as `_` and `~`."""
    return text.replace(NBSP, "_").replace(NNBSP, "~")


def real(text: str) -> str:
    return text.replace("_", NBSP).replace("~", NNBSP)


@pytest.mark.parametrize(("typed", "printed"), MENDED.values(), ids=MENDED)
def test_each_row_of_the_rule_is_mended_in_text_and_in_a_page(typed: str, printed: str) -> None:
    assert visible(french(real(typed))) == printed
    sup = re.sub(r"\b(1)(er)|\b(2)(e)\b", lambda m: f"{m[1] or m[3]}<sup>{m[2] or m[4]}</sup>", printed)
    assert visible(french_html(f"<p>{real(typed)}</p>")) == f"<p>{sup}</p>"


@pytest.mark.parametrize("printed", [printed for _, printed in MENDED.values()], ids=MENDED)
def test_each_mended_row_is_left_as_it_is_the_second_time(printed: str) -> None:
    assert visible(french(real(printed))) == printed


@pytest.mark.parametrize("text", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_only_looks_like_a_row_is_left_alone(text: str) -> None:
    assert french(text) == text


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("le 1er mars", "le 1<sup>er</sup>_mars"),
        ("la 1re séance", "la 1<sup>re</sup> séance"),
        ("la 2ème séance", "la 2<sup>e</sup> séance"),
        ("le XXIe siècle", "le XXI<sup>e</sup> siècle"),
    ],
)
def test_ordinals_are_raised(typed: str, printed: str) -> None:
    assert visible(french_html(f"<p>{typed}</p>")) == f"<p>{printed}</p>"
    assert visible(french_html(real(f"<p>{printed}</p>"))) == f"<p>{printed}</p>"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("<p><em>Qui</em> ?</p>", "<p><em>Qui</em>~?</p>"),
        ("<p><em>Qui </em>?</p>", "<p><em>Qui~</em>?</p>"),
        ("<p>Qui <strong>?</strong></p>", "<p>Qui~<strong>?</strong></p>"),
        ("<p>Voir <a href='x'>la page</a> : tout y est.</p>", "<p>Voir <a href='x'>la page</a>_: tout y est.</p>"),
        ("<p>« <em>oui</em> »</p>", "<p>«_<em>oui</em>_»</p>"),
        ('<p>"<em>oui</em>"</p>', "<p>«_<em>oui</em>_»</p>"),
        ("<p>le <strong>24</strong> novembre</p>", "<p>le <strong>24</strong>_novembre</p>"),
        ("<p><em>1er</em> janvier</p>", "<p><em>1<sup>er</sup></em>_janvier</p>"),
        ("<p><strong>50</strong> %</p>", "<p><strong>50</strong>_%</p>"),
        ("<p><strong>4</strong> h</p>", "<p><strong>4</strong>_h</p>"),
        ("<p>l'<em>accord</em></p>", "<p>l’<em>accord</em></p>"),
        ("<p><em>l</em>'accord</p>", "<p><em>l</em>’accord</p>"),
        ("<p>Qui&nbsp;?</p>", "<p>Qui~?</p>"),
        ("<p>a &amp; b ; c</p>", "<p>a &amp; b~; c</p>"),
        ("<p>Qui<br>? Vous !</p>", "<p>Qui<br>? Vous~!</p>"),
        ("<p>Une ligne\n: une autre</p>", "<p>Une ligne_: une autre</p>"),
    ],
)
def test_the_rule_reaches_across_inline_tags(typed: str, printed: str) -> None:
    assert visible(french_html(typed)) == printed


def test_a_quotation_mark_never_reaches_into_the_next_paragraph() -> None:
    assert french_html('<p>5" de haut</p><p>6" de large</p>') == '<p>5" de haut</p><p>6" de large</p>'


@pytest.mark.parametrize("name", ["title", "alt", "aria-label", "data-label", "placeholder"])
def test_attributes_that_are_read_aloud_or_shown_are_mended(name: str) -> None:
    markup = french_html(f'<p {name}="Qui décide ? L\'accord : &quot;oui&quot; &amp; non">texte</p>')
    assert visible(str(BeautifulSoup(markup, "html.parser").p[name])) == "Qui décide~? L’accord_: «_oui_» & non"  # type: ignore[index]


@pytest.mark.parametrize(
    "markup",
    [
        "<code>if (a ; b) ? 'c' : \"d\"</code>",
        "<pre><code>a ; b\nc : d ...</code></pre>",
        "<pre>nested <pre>a ; b</pre> c ; d</pre>",
        "<kbd>Option : I</kbd>",
        '<a href="https://exemple.fr/a ; b?c : d">lien</a>',
        '<a href="#l\'accord ; ici">lien</a>',
        '<img src="a ; b.png" srcset="c : d" class="e ; f" id="g\'h" data-s="S01 ; S02">',
        '<script type="application/ld+json">{"a" : "b ; c"}</script>',
        "<svg><text>a ; b</text></svg>",
        "<!-- a ; b : c -->",
        '<span lang="en">Who decides ? The coachee : "you" ... it\'s 50%</span>',
        '<span lang="en-GB">Who decides ?</span>',
        "<span lang='en'>Who decides ?</span>",
        '<blockquote class="x" lang="en"><p>a ; b</p><blockquote>c ; d</blockquote> e ; f</blockquote>',
        '<img lang="en" alt="Who ; what">',
        '<span lang="en" title="Who ; what">Who</span>',
    ],
)
def test_code_addresses_and_foreign_words_are_never_touched(markup: str) -> None:
    assert french_html(f"<p>{markup}</p>") == f"<p>{markup}</p>"


def test_french_resumes_after_foreign_words_and_code() -> None:
    markup = '<p><span lang="en">Who <em>me</em> ?</span> Qui ? <code>a ; b</code> Vous ! <img alt=""> Oui !</p>'
    expected = '<p><span lang="en">Who <em>me</em> ?</span> Qui~? <code>a ; b</code> Vous~! <img alt=""> Oui~!</p>'
    assert visible(french_html(markup)) == expected


def test_the_mark_after_a_foreign_word_is_french() -> None:
    assert (
        visible(french_html('<p><span lang="en">feedback</span> ?</p>')) == '<p><span lang="en">feedback</span>~?</p>'
    )


def test_a_french_page_is_mended_in_its_text_title_description_and_next_step(read: Callable[..., Source]) -> None:
    matter = (
        'title: "Qui décide ?"\nnav_title: "L\'accord"\nslug: qui\nmodified: 2026-11-24\n'
        'description: "Qui décide ? Cette page le dit : la personne accompagnée, et personne d\'autre, à 100 %."\n'
        'action: {page: faq, text: "Vous hésitez ?"}\n'
    )
    source = read('Qui ? ![Qui ?](x.png "Qui ?")', lang="fr", matter=matter)
    meta = source.metadata
    assert (visible(meta["title"]), meta["nav_title"]) == ("Qui décide~?", "L’accord")
    assert visible(meta["description"]) == (
        "Qui décide~? Cette page le dit_: la personne accompagnée, et personne d’autre, à 100_%."
    )
    assert visible(meta["action"]["text"]) == "Vous hésitez~?"
    assert visible(source.html).count("Qui~?") == 3


def test_an_english_page_is_never_touched(read: Callable[..., Source]) -> None:
    text = 'Who decides ? It\'s « you » : 10 000 ; 50% ... – yes – "really" 2nd 1er etc...'
    matter = (
        f"title: '{text.replace(chr(39), chr(39) * 2)}'\nslug: who\nmodified: 2026-11-24\ndescription: |-\n  {text}\n"
    )
    source = read(text, matter=matter)
    shown = BeautifulSoup(source.html, "html.parser").get_text()
    assert (shown, source.title, source.metadata["description"]) == (text, text, text)


def test_bilingual_data_is_mended_in_french_only() -> None:
    words = {"en": "Who ? You !", "fr": "Qui ? Vous !"}
    assert localized(words, "en") == "Who ? You !"
    assert visible(localized(words, "fr")) == "Qui~? Vous~!"


# Text made of what the rule is about, so that rules meet in ways nobody thought of.
PIECES = st.sampled_from(
    [
        *list(" \n  ;:!?%€«»“”\"'’–…...,()"),
        NBSP,
        NNBSP,
        "…",
        "..",
        "etc.",
        "etc",
        "a",
        "l",
        "À",
        "mot",
        "h",
        "km",
        "Mo",
        "min",
        "n°",
        "art.",
        "p.",
        "§",
        "M.",
        "Mme",
        "mai",
        "août",
        "1",
        "1er",
        "2e",
        "2ème",
        "XXI",
        "24",
        "100",
        "000",
        "2026",
        "01",
        "99",
        "https://a.fr/?b;c",
    ]
)
TEXT = st.lists(PIECES, max_size=14).map("".join)
VERBATIM = ["<code>", "<pre>", "<kbd>", '<span lang="en">', '<em lang="en-GB">']


def _element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = st.sampled_from(
        [
            "p",
            "em",
            "strong",
            "li",
            "a href='x ; y'",
            'span lang="fr"',
            'td data-label="x"',
            *(tag[1:-1] for tag in VERBATIM),
        ]
    )
    return st.builds(lambda tag, text: f"<{tag}>{text}</{tag.split()[0]}>", tags, inner)


ESCAPED = TEXT.map(lambda text: text.replace('"', "&quot;") if len(text) % 2 else text)
LEAF = st.one_of(
    ESCAPED, st.sampled_from(["<br>", '<img src="a ; b" alt="Qui ?">', "&nbsp;", "&amp;", "<!-- a ; b -->"])
)
HTML = st.recursive(LEAF, lambda inner: _element(st.lists(inner, max_size=3).map("".join)), max_leaves=8)


@given(TEXT)
@example("a – b – c – d –")
@example('"" ""')
@example('"";""')
@example("etc.……")
@example("etc.…..")
def test_mending_text_twice_is_mending_it_once(text: str) -> None:
    once = french(text)
    assert visible(french(once)) == visible(once)


@given(HTML)
@example("etc …")
@example(' 1er" ;"')
@example('<p> " "<img src="a" alt="Qui ?"> " "</p>')
def test_mending_a_page_twice_is_mending_it_once(markup: str) -> None:
    once = french_html(markup)
    assert visible(french_html(once)) == visible(once)


@given(HTML)
def test_no_tag_is_lost_added_or_moved(markup: str) -> None:
    tag = re.compile(r"<[^>]*>")
    mended = [found for found in tag.findall(french_html(markup)) if found not in ("<sup>", "</sup>")]
    assert [real_tag.split()[0] for real_tag in mended] == [real_tag.split()[0] for real_tag in tag.findall(markup)]


@given(TEXT)
def test_no_letter_or_figure_is_ever_lost(text: str) -> None:
    ordinal = re.compile(r"(\d)[èe]me\b")  # the one thing that is shortened
    assert re.findall(r"\w", french(text)) == re.findall(r"\w", ordinal.sub(r"\1e", text))


@given(HTML, st.sampled_from(["en", "en-GB", "de"]))
def test_whatever_is_inside_a_foreign_element_stays_as_it_is(markup: str, lang: str) -> None:
    page = f'<section lang="{lang}">{markup}</section>'
    assert french_html(page) == page
