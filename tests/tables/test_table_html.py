"""Web pages, read back with Beautiful Soup."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from bantar_qual import Table, table
from bantar_qual.stats import barriers, frequency
from bantar_qual.tables.quotes import anchor, legible


def page(made: Table, tmp_path: Path) -> BeautifulSoup:
    """Save a table and read the page."""
    return BeautifulSoup(made.save(tmp_path / "t.html").read_text("utf-8"), "html.parser")


@pytest.fixture
def soup(ranked: pd.DataFrame, quotes: pd.DataFrame, tmp_path: Path) -> BeautifulSoup:
    """Return the page of a table with quotes."""
    return page(table(ranked, title="Hambatan", number="4.3").quote(quotes), tmp_path)


def test_golden(soup: BeautifulSoup) -> None:
    """The table as a reader of the page hears it."""
    rows = [
        [c.get_text().strip() for c in row.find_all(["th", "td"])] for row in soup.find_all("tr")
    ]
    assert soup.caption.get_text() == "Tabel 4.3 Hambatan"
    assert rows == [
        ["Variabel", "Indikator", "Hambatan", "Pendukung", "Campuran", "Netral", "Belum dinilai",
         "Informan (hambatan), n\xa0(%)", "Informan (pendukung), n\xa0(%)"],
        ["Sumber daya", "Anggaran", "3", "1", "0", "0", "0", "2 (50,0%)", "1 (25,0%)"],
        ["Sumber daya (tidak dirinci)", "1", "0", "0", "0", "0", "1 (25,0%)", "0"],
        ["Staf", "1", "0", "0", "0", "1", "1 (25,0%)", "0"],
        ["Fasilitas", "0", "0", "0", "0", "0", "0", "0"],
        ["Komunikasi", "Kejelasan", "0", "1", "1", "0", "0", "0", "1 (25,0%)"],
    ]  # fmt: skip


def test_every_number_leads_to_its_quotes(soup: BeautifulSoup) -> None:
    """A count of codings leads to exactly as many quotes; a zero leads nowhere."""
    checked = 0
    for cell in soup.select("td.n"):
        text = cell.get_text().strip()
        if text == "0":
            assert cell.a is None
            continue
        target = soup.find(id=cell.a["href"].removeprefix("#"))
        assert target is not None
        if "(" not in text:
            assert len(target.find_all("blockquote")) == int(text)
            checked += 1
    assert checked == 7


def test_quotes_lead_back(soup: BeautifulSoup) -> None:
    """Every section of quotes leads back to the row of its code."""
    for link in soup.select("p.back a"):
        row = soup.find(id=link["href"].removeprefix("#"))
        title = link.find_parent("section").find(re.compile("^h")).get_text()
        label = row.find("th", scope="row").get_text()
        assert title.split(" › ")[-1] in label


def test_names_on_the_page_are_unique(soup: BeautifulSoup) -> None:
    """No two elements share a name, and every link on the page has its target."""
    names = [element["id"] for element in soup.find_all(id=True)]
    assert len(names) == len(set(names))
    assert {a["href"][1:] for a in soup.find_all("a")} <= set(names)


def test_accessible(soup: BeautifulSoup) -> None:
    """The page says its language and title; every header says what it heads."""
    assert soup.html["lang"] == "id"
    assert soup.title.get_text() == "Tabel 4.3 Hambatan"
    assert {th["scope"] for th in soup.find_all("th")} == {"col", "row", "rowgroup"}
    assert [th["rowspan"] for th in soup.find_all("th", scope="rowgroup")] == ["4", "1"]


def test_nothing_is_loaded(soup: BeautifulSoup) -> None:
    """The page forbids scripts and loads nothing from anywhere."""
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert "default-src 'none'" in policy
    assert not soup.find_all(["script", "link", "iframe", "object", "embed", "base", "form"])
    assert not soup.find_all(src=True)
    assert not re.search(r"url\(|@import|https?:", str(soup))


def test_hostile_texts_are_texts(
    hostile: pd.DataFrame, ranked: pd.DataFrame, tmp_path: Path
) -> None:
    """Hostile quotes, titles, notes, labels and columns make no element and no handler."""
    plain = page(table(ranked, title="T").quote(hostile.assign(quote="a")), tmp_path)
    bad = "<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}</style>"
    frame = ranked.assign(**{bad: bad})
    made = table(frame, title=bad, number=bad).note(bad).sourced(bad)
    made = made.quote(hostile.assign(attribution=bad))
    soup = page(made, tmp_path)
    assert {e.name for e in soup.find_all(True)} <= {e.name for e in plain.find_all(True)}
    for element in soup.find_all(True):
        assert not [key for key in element.attrs if key.startswith("on")]
        assert not str(element.get("href", "")).lower().startswith("javascript")
    shown = [p.get_text() for p in soup.select("blockquote p")]
    assert shown == [legible(text).replace("\r", "\n") for text in hostile["quote"]]
    assert "{{7*7}}" in soup.get_text()
    assert bad in soup.title.get_text()


def test_hostile_codes_have_their_own_anchors(tmp_path: Path) -> None:
    """Codes by other hands, whatever they are called, never share an anchor."""
    codes = ["a b", "a-b", "A b", "<b>", "../x", "a b", "é", ""]
    assert len({anchor(code) for code in codes}) == len(set(codes))
    frame = pd.DataFrame({"codings": range(1, 8)}, index=pd.Index(codes[:7], name="code"))
    quotes = pd.DataFrame({"code": codes[:7], "quote": "q", "attribution": "a"})
    soup = page(table(frame).quote(quotes), tmp_path)
    names = [element["id"] for element in soup.find_all(id=True)]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[\w.\-]+", name) for name in names)


def test_frequencies_lead_to_all_quotes_of_a_code(
    codings: pd.DataFrame, quotes: pd.DataFrame, tmp_path: Path
) -> None:
    """A number that is of no valence leads to all quotes of its code."""
    soup = page(table(frequency(codings)).quote(quotes), tmp_path)
    row = soup.find(id=f"t-{anchor('resources.budget')}")
    target = soup.find(id=row.a["href"][1:])
    assert row.a.get_text() == "4"
    assert len(target.find_all("blockquote")) == 4


def test_compared_groups(codings: pd.DataFrame, quotes: pd.DataFrame, tmp_path: Path) -> None:
    """With groups a code's name covers its rows, and names on the page stay unique."""
    soup = page(table(barriers(codings, by="role")).quote(quotes), tmp_path)
    names = [element["id"] for element in soup.find_all(id=True)]
    assert len(names) == len(set(names))
    spans = [int(th["rowspan"]) for th in soup.find_all("th", scope="rowgroup")]
    assert sum(spans) == 2 * 15  # variables cover all rows, and so do indicators
