"""A workbook as openpyxl reads it, as JSON: `workbook.py FILE`."""

import json
import sys

from openpyxl import load_workbook


def cell(found):
    value = found.value
    if value is None:
        return None
    typed = value if isinstance(value, (bool, int, float, str)) else value.isoformat()
    return {
        "value": typed,
        "type": type(value).__name__,
        "kind": found.data_type,
        "format": found.number_format,
        "quoted": bool(found.quotePrefix),
        "link": found.hyperlink is not None,
        "bold": bool(found.font.b),
    }


def sheet(found):
    return {
        "name": found.title,
        "frozen": found.freeze_panes,
        "filter": found.auto_filter.ref,
        "widths": [found.column_dimensions[letter].width for letter in sorted(found.column_dimensions)],
        "rows": [[cell(each) for each in row] for row in found.iter_rows()],
    }


book = load_workbook(sys.argv[1])
print(json.dumps([sheet(each) for each in book.worksheets]))
