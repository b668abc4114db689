"""What an import has to say about a file, a row or a value: a stable code and its sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.errors import MalformedInput

#: Code → English sentence: imports are the command line's, which speaks English. The values of a row are never part
#: of a sentence, only numbers and names of columns.
SENTENCES: Final[dict[str, str]] = {
    # The file
    "file_empty": "The file is empty.",
    "file_too_large": "The file is larger than %(limit)s.",
    "file_missing": "There is no such file.",
    "encoding_mixed": "Line %(line)s is written in another encoding than the lines before it. Save the whole file as UTF-8.",
    "encoding_wrong": "Line %(line)s is not valid %(encoding)s.",
    "encoding_unknown": "Line %(line)s is neither UTF-8 nor Windows-1250 nor ISO 8859-2. Save the file as UTF-8.",
    "nul": "Line %(line)s holds a NUL character.",
    "line_too_long": "Line %(line)s is longer than %(limit)s characters.",
    "cell_too_large": "A cell at line %(line)s holds more than %(limit)s characters, or its quotation mark is never closed.",
    "quotes": "The quotation marks of the record that begins at line %(line)s do not match.",
    "too_many_columns": "The file has more than %(limit)s columns.",
    "header_missing": "No row has the columns %(columns)s that the mapping needs.",
    "header_repeated": "Two columns have the same name: %(column)s.",
    "json_malformed": "Line %(line)s is not valid JSON.",
    "json_truncated": "The file ends in the middle, at line %(line)s.",
    "json_trailing": "Something follows after the end of the document, at line %(line)s.",
    "json_path": "There is no list at %(path)s in this file.",
    "json_item_too_large": "The record at line %(line)s is larger than %(limit)s characters.",
    "geojson_type": "This is no GeoJSON FeatureCollection.",
    "topojson": "This is TopoJSON. Save it as GeoJSON.",
    "crs_unknown": "The coordinate reference system of the file is not known here. The mapping may declare it.",
    "xlsx_legacy": "This is a workbook of the old XLS kind or one with a password. Save it as XLSX without a password.",
    "xlsx_damaged": "This is no readable XLSX workbook.",
    "xlsx_bomb": "The workbook unpacks to more than may be read.",
    "xlsx_doctype": "The workbook holds a document type declaration, which is not accepted.",
    "xlsx_sheet": "The workbook has no sheet of that name.",
    "hsds_shape": "This is no HSDS package: neither full objects in JSON nor the tables as CSV files.",
    "hsds_orphan": "The table service_at_location.csv names a service or a location that is not there.",
    "hsds_row": "Line %(line)s of %(table)s has no id or another number of cells.",
    "too_many_rows": "The file has more than %(limit)s records.",
    "no_rows": "The file has no records below its header.",
    "header_too_long": "The name of a column is longer than %(limit)s characters.",
    # The row as it was read
    "cells": "This row has %(found)s cells, the header has %(expected)s.",
    "not_an_object": "This record is no object.",
    "repeated_key": "This record says the same key twice.",
    "number_not_finite": "NaN and Infinity are no numbers.",
    "cell_error": "The cell %(column)s holds an error of the spreadsheet.",
    "cell_formula": "The cell %(column)s holds a formula.",
    "excel_date": "The cell %(column)s holds a date before March 1900, which spreadsheets count wrongly.",
    # Identity
    "id_missing": "This row has no id.",
    "id_repeated": "Several rows have this id: %(rows)s.",
    # Position
    "position_missing": "This row has no position.",
    "nowhere": "This row has neither a position nor an address.",
    "position_zero": "The position is 0, 0: the source had none.",
    "position_malformed": "The position is not two numbers.",
    "position_range": "The position is outside the range of degrees.",
    "position_comma": "The position is written with decimal commas, and the mapping does not say so.",
    "position_metres": "The position is not in degrees. It would fit %(grid)s: declare it in the mapping.",
    "position_metres_swapped": "The position is not in degrees. It would fit %(grid)s with northing first: declare it in the mapping.",
    "position_outside_grid": "The position does not lie in the area of its coordinate reference system.",
    "position_outside": "The position lies outside %(countries)s.",
    "position_swapped": "The position lies outside %(countries)s. With longitude and latitude exchanged it would lie inside.",
    "position_impossible": "The position is nowhere on Earth: the place is listed without one.",
    "position_failed_geocode": "The position is a default of a failed address search, far from the address.",
    "position_not_used": "The source says that its position is no place to go to: it was left out.",
    "geometry_kind": "The geometry is no point.",
    "geometry_centre": "The geometry is no point: a point inside it was taken.",
    "geometry_coordinates": "A point has two coordinates, or three with the height.",
    "geocode_failed": "The address could not be found on the map: the place is listed without a position.",
    "geocoded": "The position was found by the address: %(level)s.",
    # Values
    "required": "This row has no %(field)s.",
    "invalid": "The %(field)s cannot be taken. %(reason)s",
    "no_service": "The mapping knows no service for this row.",
    "service_word_unknown": "A service of the source is not in the mapping of the taxonomy and was left out.",
    "protected_service": "This is a protected kind of help. Where it is must not come in by a file: enter it by hand.",
    "phone_scientific": "A phone number was turned into 4.85E+10 by a spreadsheet: its last digits are lost.",
    "phone_range": "A phone number was given with its following numbers: only the first was taken.",
    "phone_dropped": "A phone number could not be read and was left out.",
    "email_dropped": "An e-mail address could not be read and was left out.",
    "website_dropped": "A web address could not be read and was left out.",
    "website_is_email": "A web address was an e-mail address and was moved there.",
    "website_several": "A web address was several: each was taken.",
    "website_repaired": "A web address was written with a blank or a doubled beginning: it was put right.",
    "cyrillic_lookalike": "A Cyrillic letter in the %(field)s was replaced by the Latin one that looks the same.",
    "mixed_alphabets": "The %(field)s mixed letters of two alphabets that look the same: now each word has one.",
    "house_number_dropped": "The house number could not be read and was left out.",
    "text_cut": "The %(field)s was cut to %(limit)s characters.",
    "too_many_contacts": "The row has more contacts than a place may have: the first ones were kept.",
    "postcode_blank": "Blanks in the postcode were removed.",
    "postcode_zero": "The postcode had lost its leading zero.",
    "postcode_dropped": "The postcode is not one of this country and was left out.",
    "hours_unreadable": "The opening hours could not be read: they were kept as a note.",
    "hours_left_out": "The opening hours could not be read and were left out.",
    "hours_expired": "The schedule of the source has ended: the opening hours are not known.",
    "language_dropped": "A text in a language that is not offered was left out.",
    "county_other": "The position lies in another county than the source says.",
}


#: Words for the fields of a content, for people who know their table and not our data; the first that fits counts.
_FIELDS: Final = {
    "name": "name",
    "also_known_as": "other name",
    "description": "description",
    "services.description": "description of a service",
    "services.hours": "opening hours of a service",
    "services": "services",
    "address.street": "street",
    "address.house_number": "house number",
    "address.postcode": "postcode",
    "address.city": "town",
    "address.district": "part of the town",
    "address.country": "country",
    "address.entrance": "way to the entrance",
    "address": "address",
    "place": "position",
    "contacts.label": "words beside a contact",
    "contacts": "phone, e-mail or web address",
    "website": "web address",
    "hours": "opening hours",
    "organisation": "name of the organisation",
    "area_served": "area served",
    "areas": "area served",
    "identifiers": "number in a register",
}


def field_words(path: str) -> str:
    """Give the words for a field of a content by its dotted path; the path itself where there are none."""
    steps = [step for step in path.split(".") if not step.isdecimal()]
    prefixes = (".".join(steps[:length]) for length in range(len(steps), 0, -1))
    return next((_FIELDS[prefix] for prefix in prefixes if prefix in _FIELDS), path)


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know about a file or a row.

    `code` is stable for programs, `path` the field of the content or the column, `detail` fills the
    sentence's places.
    """

    code: str
    path: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence in English."""
        return SENTENCES[self.code] % (
            {"path": self.path, "field": field_words(self.path)} | dict(self.detail)
        )


class UnreadableFile(MalformedInput):
    """The file could not be read."""

    def __init__(self, code: str, **detail: Any) -> None:
        self.note = Note(code, detail=detail)
        super().__init__(self.note.message)


class RefusedRow(Exception):  # noqa: N818 - a refusal is an answer
    """One row cannot be taken; the others can."""

    def __init__(self, code: str, path: str = "", **detail: Any) -> None:
        self.note = Note(code, path, detail)
        super().__init__(self.note.message)
