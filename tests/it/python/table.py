"""The rows of a CSV, or of the one CSV in a zip, as JSON: `table.py FILE`."""

import csv
import io
import json
import sys
import zipfile

path = sys.argv[1]
if zipfile.is_zipfile(path):
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        (name,) = packed.namelist()
        data = packed.read(name)
else:
    name = None
    with open(path, "rb") as plain:
        data = plain.read()
csv.field_size_limit(10_000_000)
rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
print(json.dumps({"name": name, "rows": rows}))
