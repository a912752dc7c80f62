"""Every kind of bad table: (content of the file, target, the sentence after the file's name)."""

from __future__ import annotations

GOOD = "bmi,bp,y\n32.1,101,151\n21.6,87,75\n30.5,93,141\n25.3,84,206\n"
LONG = "9" * 50


def _row(row: str) -> str:
    """The good table with another second row of data, which is line 3."""
    return GOOD.replace("21.6,87,75", row)


def _header(header: str) -> str:
    return GOOD.replace("bmi,bp,y", header)


CASES: dict[str, tuple[str | bytes, str, str]] = {
    # --- the file as a whole
    "empty": ("", "y", ": the file is empty"),
    "only blank lines": ("\n \r\n\n", "y", ": the file is empty"),
    "only a BOM": (b"\xef\xbb\xbf", "y", ": the file is empty"),
    "header only": ("bmi,bp,y\n", "y", ": a line of names and no row of data"),
    "one row": ("bmi,bp,y\n1,2,3\n", "y", ": 1 row of data for 2 features; at least 3 are needed"),
    "one row, one feature": ("bmi,y\n1,2\n", "y", ": 1 row of data for 1 feature; at least 2 are needed"),
    "as many rows as features": (
        "a,b,c,y\n1,2,3,4\n2,3,5,4\n5,2,1,1\n",
        "y",
        ": 3 rows of data for 3 features; at least 4 are needed",
    ),
    # --- encodings
    "UTF-16": (GOOD.encode("utf-16"), "y", ": the file is in UTF-16 or UTF-32; save it as CSV in UTF-8"),
    "UTF-16, big end first": (
        b"\xfe\xff" + GOOD.encode("utf-16-be"),
        "y",
        ": the file is in UTF-16 or UTF-32; save it as CSV in UTF-8",
    ),
    "UTF-32": (GOOD.encode("utf-32"), "y", ": the file is in UTF-16 or UTF-32; save it as CSV in UTF-8"),
    "UTF-32, big end first": (
        b"\0\0\xfe\xff" + GOOD.encode("utf-32-be"),
        "y",
        ": the file is in UTF-16 or UTF-32; save it as CSV in UTF-8",
    ),
    "UTF-16 without a mark": (
        GOOD.encode("utf-16-le"),
        "y",
        ", line 1: a NUL byte, so this is not text in UTF-8; save it as CSV in UTF-8",
    ),
    "a NUL byte": (
        _row("21.6,8\0,75"),
        "y",
        ", line 3: a NUL byte, so this is not text in UTF-8; save it as CSV in UTF-8",
    ),
    "Latin-1 in the header": (
        _header("größe,bp,y").encode("latin-1"),
        "y",
        ", line 1: byte 0xF6 is not UTF-8; save the file as CSV in UTF-8",
    ),
    "GB 18030 in a row, CRLF": (
        _row("21.6,体重,75").replace("\n", "\r\n").encode("gb18030"),
        "y",
        ", line 3: byte 0xCC is not UTF-8; save the file as CSV in UTF-8",
    ),
    "bad byte after a bare CR": (
        b"a,y\r1,2\r3,\xff\r",
        "y",
        ", line 3: byte 0xFF is not UTF-8; save the file as CSV in UTF-8",
    ),
    "cut inside a letter": (
        "a,温度".encode()[:-1],
        "y",
        ", line 1: byte 0xE5 is not UTF-8; save the file as CSV in UTF-8",
    ),
    # --- CSV
    "a quotation mark never closed": (
        _row('21.6,"87,75'),
        "y",
        ", line 3: a quotation mark is opened and never closed",
    ),
    "text after a quotation": (
        _row('21.6,"87"0,75'),
        "y",
        ", line 3: this is not CSV (',' expected after '\"')",
    ),
    "a very long field": (
        _row(f"21.6,{'8' * 200_000},75"),
        "y",
        ", line 3: a field of more than 131072 characters; is a quotation mark missing?",
    ),
    "semicolons": (
        GOOD.replace(",", ";"),
        "y",
        ", line 1: the columns are separated by semicolons; they must be by commas",
    ),
    "tabs": (
        GOOD.replace(",", "\t"),
        "y",
        ", line 1: the columns are separated by tabs; they must be by commas",
    ),
    "bars": (
        GOOD.replace(",", "|"),
        "y",
        ", line 1: the columns are separated by bars; they must be by commas",
    ),
    # --- the header
    "no header": (
        "32.1,101,151\n21.6,87,75\n",
        "y",
        ", line 1: only numbers; the first line must hold the names of the columns",
    ),
    "no header, a value missing, one twice": (
        "\n1,,1\n2,3,4\n",
        "1",
        ", line 2: only numbers; the first line must hold the names of the columns",
    ),
    "a column without a name": (_header("bmi,,y"), "y", ", line 1: column 2 has no name"),
    "a name of spaces": (_header("bmi,bp, "), "bmi", ", line 1: column 3 has no name"),
    "a comma at the end of the header": (_header("bmi,bp,y,"), "y", ", line 1: column 4 has no name"),
    "only commas": (_header(",,"), "y", ", line 1: column 1 has no name"),
    "two columns of one name": (
        _header("bmi,bmi,y"),
        "y",
        ", line 1: columns 1 and 2 are both called 'bmi'",
    ),
    "two of one name after stripping": (
        _header('y,bmi," y "'),
        "y",
        ", line 1: columns 1 and 3 are both called 'y'",
    ),
    "a long name twice": (
        _header(f"{LONG}a,{LONG}a,y"),
        "y",
        f", line 1: columns 1 and 2 are both called '{LONG[:37]}...'",
    ),
    # --- the target
    "target misspelt": (
        _header("bmi,bp,target"),
        "Traget",
        ": there is no column 'Traget'; the closest is 'target'",
    ),
    "target in another case": (
        _header("bmi,bp,Target"),
        "target",
        ": there is no column 'target'; the closest is 'Target'",
    ),
    "target in capitals": (GOOD, "BMI", ": there is no column 'BMI'; the closest is 'bmi'"),
    "target not in capitals": (
        _header("BMI,BP,Y"),
        "bmi",
        ": there is no column 'bmi'; the closest is 'BMI'",
    ),
    "target far from five": (
        "a,b,c,d,e\n",
        "progress",
        ": there is no column 'progress'; there is 'a', 'b', 'c', 'd', 'e'",
    ),
    "target far from all": (GOOD, "progress", ": there is no column 'progress'; there is 'bmi', 'bp', 'y'"),
    "target far from many": (
        "a,b,c,d,e,f\n",
        "progress",
        ": there is no column 'progress'; there is 'a', 'b', 'c', 'd', 'e', ...",
    ),
    "target empty": (GOOD, "", ": there is no column ''; there is 'bmi', 'bp', 'y'"),
    "target alone": ("y\n1\n2\n", "y", ": the target is the only column; at least one feature is needed"),
    # --- rows
    "too few fields": (_row("21.6,87"), "y", ", line 3: 2 fields for 3 columns"),
    "one field": (_row("21.6"), "y", ", line 3: 1 field for 3 columns"),
    "too many fields": (_row("21.6,87,75,1"), "y", ", line 3: 4 fields for 3 columns"),
    "a comma at the end": (_row("21.6,87,75,"), "y", ", line 3: 4 fields for 3 columns"),
    "a decimal comma, not quoted": (_row("21,6,87,75"), "y", ", line 3: 4 fields for 3 columns"),
    "a value missing": (_row("21.6,,75"), "y", ", line 3, column 'bp': the value is missing"),
    "a value of spaces": (_row("21.6,  ,75"), "y", ", line 3, column 'bp': the value is missing"),
    "a quoted value, empty": (_row('21.6,"",75'), "y", ", line 3, column 'bp': the value is missing"),
    "a target missing": (_row("21.6,87,"), "y", ", line 3, column 'y': the value is missing"),
    "a row of one comma": ("a,y\n1,2\n,\n3,4\n", "y", ", line 3, column 'a': the value is missing"),
    "a text of forty": (
        _row(f"21.6,{'x' * 40},75"),
        "y",
        f", line 3, column 'bp': '{'x' * 40}' is not a number",
    ),
    "a row of commas": (_row(",,"), "y", ", line 3, column 'bmi': the value is missing"),
    "after rows over two lines": (
        'bmi,"b\np",y\n\n1,"\n2",3\n\n4,x,5\n',
        "y",
        ", line 7, column 'b\\np': 'x' is not a number",
    ),
    "a fault in the only row": ("a,b,y\n1,x,2\n", "y", ", line 2, column 'b': 'x' is not a number"),
    "a row over two lines": (_row('x,"\n87",75'), "y", ", line 3, column 'bmi': 'x' is not a number"),
    "the second fault": (_row("21.6,x,z"), "y", ", line 3, column 'bp': 'x' is not a number"),
    # --- numbers
    **{
        f"number {text!r}": (
            _row(f'21.6,"{text}",75'),
            "y",
            f", line 3, column 'bp': {text!r} is not a number",
        )
        for text in ["NA", "-", "8 7", "1_000", "0x1F", "87%", "１２", "−5", "1e", ".", "+-1", "True", "a,b"]
    },
    **{
        f"number {text!r}": (
            _row(f'21.6,"{text}",75'),
            "y",
            f", line 3, column 'bp': {text!r} has a comma in it; numbers are written like 1234.5",
        )
        for text in ["1,234", "87,5", "1,234,567.8", "-1,5"]
    },
    **{
        f"number {text!r}": (
            _row(f"21.6,{text},75"),
            "y",
            f", line 3, column 'bp': {text!r} is not a finite number",
        )
        for text in ["nan", "NaN", "inf", "-inf", "+Infinity", "1e999", "-1e400"]
    },
    "a long text": (
        _row(f"21.6,{'x' * 41},75"),
        "y",
        f", line 3, column 'bp': '{'x' * 37}...' is not a number",
    ),
    "a number in a long name": (
        _header(f"bmi,{LONG}a,y").replace("87", "x"),
        "y",
        f", line 3, column '{LONG[:37]}...': 'x' is not a number",
    ),
    # --- columns that do not vary
    "a constant feature": (
        "a,b,y\n1,5,1\n2,5.0,3\n3,5,2\n",
        "y",
        ", column 'b': 5 in every row; leave this feature out",
    ),
    "a constant target": (
        "a,b,y\n1,5,0\n2,6,-0\n3,5,0.0\n",
        "y",
        ", column 'y': 0 in every row; a constant target cannot be predicted",
    ),
}
