"""Text files as people and programs write them: encodings, delimiters, quotes, damage."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Any

import pytest

from sources.errors import BadConfig, Unavailable
from tests.sheet_files import only, records, rows, source

if TYPE_CHECKING:
    from pathlib import Path

ADA = {"Lead ID": "00123", "Name": "Zoë Müller", "City": "Café"}
TEXT = "Lead ID,Name,City\r\n00123,Zoë Müller,Café\r\n"


def write(path: Path, text: str, encoding: str = "utf-8", mark: bytes = b"") -> Path:
    path.write_bytes(mark + text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("cp1252", b""),
        ("latin-1", b""),
    ],
)
async def test_encodings_are_told_apart(tmp_path: Path, encoding: str, mark: bytes) -> None:
    write(tmp_path / "leads.csv", TEXT, encoding, mark)
    assert await rows(source(tmp_path, "leads.csv")) == [ADA]


async def test_ad_platforms_export_tabs_in_utf_16(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", TEXT.replace(",", "\t"), "utf-16-le", codecs.BOM_UTF16_LE)
    assert await rows(source(tmp_path, "leads.csv")) == [ADA]
    assert "utf-16, separated by tabs" in await source(tmp_path, "leads.csv").check()


async def test_a_guessed_encoding_is_said(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", TEXT, "cp1252")
    page = await only(source(tmp_path, "leads.csv"))
    assert len(page.notes) == 1
    assert page.notes[0].startswith("leads.csv is not UTF-8: it is read as cp1252; state `encoding`")


async def test_a_stated_encoding_is_not_guessed_at(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", TEXT, "mac_roman")
    spreadsheet = source(tmp_path, "leads.csv", encoding="mac_roman")
    assert await rows(spreadsheet) == [ADA]
    assert (await only(spreadsheet)).notes == []


async def test_polish_is_not_taken_for_western(tmp_path: Path) -> None:
    name = "Łukasz Wójcik ze Świętochłowic"
    write(tmp_path / "leads.csv", "Lead ID,Name\n" + f"1,{name}\n" * 20, "cp1250")
    assert (await rows(source(tmp_path, "leads.csv")))[0]["Name"] == name


@pytest.mark.parametrize("rows_before", [10, 30_000])
async def test_one_byte_far_below_decides_too(tmp_path: Path, rows_before: int) -> None:
    lines = b"Lead ID,Name,Notes\n" + b"1,Ada,plain text that is ASCII all along\n" * rows_before
    (tmp_path / "leads.csv").write_bytes(lines + "2,José,\n".encode("cp1252"))
    assert (await rows(source(tmp_path, "leads.csv")))[-1]["Name"] == "José"


async def test_a_file_of_two_encodings_is_refused_with_the_place(tmp_path: Path) -> None:
    head = "Lead ID,Name\n1,Zoë\n".encode()
    (tmp_path / "leads.csv").write_bytes(head + "2,José\n".encode("cp1252"))
    with pytest.raises(BadConfig) as caught:
        await rows(source(tmp_path, "leads.csv"))
    assert caught.value.setting == "encoding"
    assert f"byte 0xE9 at offset {len(head) + 5} (line 3) is not" in str(caught.value)


async def test_garbage_is_refused_and_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_bytes(b"Lead ID,Name\n1,Ada\n2,\x81\x8d\x00\xff\xfe\x90\n")
    with pytest.raises(BadConfig, match=r"offset 21 \(line 3\)"):
        await rows(source(tmp_path, "leads.csv"))


async def test_a_wrong_stated_encoding_says_where(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", TEXT, "cp1252")
    with pytest.raises(BadConfig, match=r"byte 0xEB at offset 27 \(line 2\) is not utf-8"):
        await rows(source(tmp_path, "leads.csv", encoding="UTF8"))


async def test_a_stated_utf_8_still_takes_its_mark_off(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", TEXT, "utf-8", codecs.BOM_UTF8)
    assert await rows(source(tmp_path, "leads.csv", encoding="utf-8")) == [ADA]


async def test_a_character_cut_in_two_is_a_file_being_written(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_bytes("Lead ID,Name\n1,Zoë\n2,Jos\u00e9".encode()[:-1])
    with pytest.raises(Unavailable, match="ends in the middle of a character"):
        await rows(source(tmp_path, "leads.csv"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
async def test_delimiters_are_told_apart(tmp_path: Path, delimiter: str) -> None:
    lines = [["Lead ID", "Name", "Price"], ["1", "Ada, Countess", "12,50"], ["2", "Bob; Builder", "7|8"]]
    quoted = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in lines) + "\n"
    write(tmp_path / "leads.csv", quoted)
    assert await rows(source(tmp_path, "leads.csv")) == [
        dict(zip(lines[0], row, strict=True)) for row in lines[1:]
    ]


async def test_german_excel_with_decimal_commas(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", "Lead ID;Preis\n1;12,50\n2;7,25\n3;1,00\n", "cp1252")
    assert (await rows(source(tmp_path, "leads.csv")))[1] == {"Lead ID": "2", "Preis": "7,25"}


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
async def test_excels_sep_line_is_honoured_and_no_row(tmp_path: Path, first: str) -> None:
    write(tmp_path / "leads.csv", f"{first}\r\nLead ID;Name,Title\r\n1;Ada,Countess\r\n")
    found = await records(source(tmp_path, "leads.csv"))
    assert found[0].fields == {"Lead ID": "1", "Name,Title": "Ada,Countess"}
    assert found[0].where == "leads.csv, row 2"


@pytest.mark.parametrize("stated", [";", "semicolon"])
async def test_a_stated_delimiter_is_not_guessed_at(tmp_path: Path, stated: str) -> None:
    write(tmp_path / "leads.csv", "Lead ID;a,b,c\n1;2,3,4\n")
    assert await rows(source(tmp_path, "leads.csv", delimiter=stated)) == [{"Lead ID": "1", "a,b,c": "2,3,4"}]


async def test_one_column_with_commas_in_its_text(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", "Lead ID\nA 1\nA 2\nA 3\n")
    assert await rows(source(tmp_path, "leads.csv")) == [{"Lead ID": f"A {n}"} for n in (1, 2, 3)]


async def test_quotes_line_ends_and_doubled_quotes_in_cells(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", 'Lead ID,Notes\r\n1,"says ""hi"",\r\ntwice"\r\n2,5" pipe\r\n')
    found = await records(source(tmp_path, "leads.csv"))
    assert [record.fields["Notes"] for record in found] == ['says "hi",\r\ntwice', '5" pipe']
    assert [record.where for record in found] == ["leads.csv, row 2", "leads.csv, row 3"]


async def test_a_space_after_each_delimiter(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", '"Lead ID", "Name", "City"\n"1", "Lovelace, Ada", "Richmond"\n')
    [row] = await rows(source(tmp_path, "leads.csv"))
    assert row == {"Lead ID": "1", "Name": "Lovelace, Ada", "City": "Richmond"}


async def test_lines_that_end_in_carriage_returns(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", "Lead ID,Name\r1,Ada\r2,Bob\r")
    assert [row["Name"] for row in await rows(source(tmp_path, "leads.csv"))] == ["Ada", "Bob"]


async def test_p6_a_row_with_a_quote_out_of_place_is_set_aside(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", 'Lead ID,Name\n1,Ada\n2,"Bob "The Builder" Smith"\n3,Cy\n')
    page = await only(source(tmp_path, "leads.csv"))
    assert [record.key for record in page.records] == ["1", "3"]
    assert [record.where for record in page.records] == ["leads.csv, row 2", "leads.csv, row 4"]
    assert [bad.where for bad in page.bad] == ["leads.csv, row 3"]
    assert "Builder" not in str(page.bad[0])
    assert page.bad[0].fields == {"text": '2,"Bob "The Builder" Smith"\n'}


async def test_a_quote_that_swallows_rows_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", 'Lead ID,Name\n1,"Ada\n2,Bob\n3,"Cy"\n')
    with pytest.raises(Unavailable, match=r"leads.csv, row 2: a quoted cell begins there that does not end"):
        await rows(source(tmp_path, "leads.csv"))


async def test_a_file_that_ends_inside_a_quoted_cell_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", 'Lead ID,Name\n1,Ada\n2,"Bob\n')
    with pytest.raises(Unavailable, match=r"leads.csv, row 3: .* the file ends inside it"):
        await rows(source(tmp_path, "leads.csv"))


async def test_a_line_with_an_odd_quote_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", 'Lead ID,Name,Notes\n1,"Ada"x,"a\nb"\n')
    with pytest.raises(Unavailable, match=r"row 2: .* on its line"):
        await rows(source(tmp_path, "leads.csv"))


async def test_p6_a_row_with_a_nul_is_set_aside(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", "Lead ID,Name\n1,Ada\n2,B\0ob\n3,Cy\n" + "\0" * 10)
    page = await only(source(tmp_path, "leads.csv"))
    assert [record.key for record in page.records] == ["1", "3"]
    assert [bad.where for bad in page.bad] == ["leads.csv, row 3", "leads.csv, row 5"]


async def test_a_cell_longer_than_any_cell_is_set_aside(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", f"Lead ID,Notes\n1,{'x' * 200_000}\n2,short\n")
    page = await only(source(tmp_path, "leads.csv"))
    assert [record.key for record in page.records] == ["2"]
    assert [bad.where for bad in page.bad] == ["leads.csv, row 2"]


async def test_values_are_text_and_blank_is_none(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", "Lead ID,a,b,c,d\n 007 , inner  space ,   ,,NO\n")
    found = (await records(source(tmp_path, "leads.csv")))[0]
    assert found.key == "007"
    assert found.fields == {"Lead ID": " 007 ", "a": " inner  space ", "b": None, "c": None, "d": "NO"}


async def test_errors_that_a_spreadsheet_program_saved_are_empty_and_said(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", "Lead ID,Name\n1,#N/A\n2,#REF!\n3,Cy\n")
    page = await only(source(tmp_path, "leads.csv"))
    assert [record.fields["Name"] for record in page.records] == [None, None, "Cy"]
    assert list(page.notes) == [
        "2 cells with an error such as #N/A, read as empty: leads.csv, B2; leads.csv, B3"
    ]


@pytest.mark.parametrize("text", ["", "\n\n", ",,,\n"])
async def test_a_file_without_rows_is_no_empty_source(tmp_path: Path, text: str) -> None:
    write(tmp_path / "leads.csv", text)
    with pytest.raises(Unavailable, match=r"is empty|has no rows"):
        await rows(source(tmp_path, "leads.csv"))


async def test_a_header_alone_is_an_empty_source(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", "Lead ID,Name\n")
    page = await only(source(tmp_path, "leads.csv"))
    assert (page.records, page.last) == ([], True)
    assert page.position is not None


async def test_a_file_without_a_line_end_must_have_stood_still(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", "Lead ID,Name\n1,Ada")
    waiting: Any = source(tmp_path, "leads.csv")
    assert await rows(waiting) == [{"Lead ID": "1", "Name": "Ada"}]
    assert [0 < seconds <= 1 for seconds in waiting._clock.slept] == [True]
    write(tmp_path / "leads.csv", "Lead ID,Name\n1,Ada\n")
    ready: Any = source(tmp_path, "leads.csv")
    assert await rows(ready) == [{"Lead ID": "1", "Name": "Ada"}]
    assert ready._clock.slept == []
