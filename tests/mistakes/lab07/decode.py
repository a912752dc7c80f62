"""Second forms for 07.decode."""

import codecs
import io
import re

MARK = chr(0xFFFD)


def pieces(ids, vocabulary):
    return [vocabulary[token] for token in ids]


def right_join(ids, vocabulary):
    return b"".join([vocabulary[token] for token in ids]).decode(errors="replace")


def right_array(ids, vocabulary):
    data = bytearray()
    for token in ids:
        data += vocabulary[token]
    return str(data, "utf-8", "replace")


def right_file(ids, vocabulary):
    data = bytes(byte for piece in pieces(ids, vocabulary) for byte in piece)
    return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", errors="replace", newline="").read()


def right_incremental(ids, vocabulary):
    """Byte by byte, as a program that shows a text while it is being written."""
    decoder, text = codecs.getincrementaldecoder("utf-8")(errors="replace"), ""
    for piece in pieces(ids, vocabulary):
        for i in range(len(piece)):
            text += decoder.decode(piece[i : i + 1])
    return text + decoder.decode(b"", True)


def right_repair(ids, vocabulary):
    """Decode what is good, and mark each place where the decoder stops."""
    data, text = sum(map(list, pieces(ids, vocabulary)), []), ""
    while data:
        try:
            return text + bytes(data).decode()
        except UnicodeDecodeError as error:
            text += bytes(data[: error.start]).decode() + MARK
            data = data[error.end :]
    return text


def wrong_one_at_a_time(ids, vocabulary):
    text = ""
    for token in ids:
        text += str(vocabulary[token], "utf-8", errors="replace")
    return text


def wrong_left_out(ids, vocabulary):
    return right_repair(ids, vocabulary).replace(MARK, "")


def wrong_one_at_a_time_left_out(ids, vocabulary):
    return "".join(right_repair([token], vocabulary).replace(MARK, "") for token in ids)


def wrong_strict(ids, vocabulary):
    return str(bytes(byte for piece in pieces(ids, vocabulary) for byte in piece), encoding="utf-8")


def wrong_one_at_a_time_strict(ids, vocabulary):
    text = ""
    for piece in pieces(ids, vocabulary):
        text += str(piece, "utf-8")
    return text


def wrong_byte_by_byte(ids, vocabulary):
    return b"".join(pieces(ids, vocabulary)).decode("latin-1")


def wrong_ascii_only(ids, vocabulary):
    return "".join(chr(byte) if byte < 128 else MARK for piece in pieces(ids, vocabulary) for byte in piece)


def wrong_shown_as_bytes(ids, vocabulary):
    return f"{b''.join(pieces(ids, vocabulary))!r}"


def wrong_bytes_returned(ids, vocabulary):
    data = b""
    for token in ids:
        data += vocabulary[token]
    return data


def wrong_list_returned(ids, vocabulary):
    return [right_join([token], vocabulary) for token in ids]


def wrong_codes_shown(ids, vocabulary):
    data, text = b"".join(pieces(ids, vocabulary)), ""
    while data:
        try:
            return text + data.decode()
        except UnicodeDecodeError as error:
            codes = "".join(f"\\x{byte:02x}" for byte in data[error.start : error.end])
            text += data[: error.start].decode() + codes
            data = data[error.end :]
    return text


def wrong_question_marks(ids, vocabulary):
    data, text = b"".join(pieces(ids, vocabulary)), ""
    while data:
        try:
            return text + data.decode()
        except UnicodeDecodeError as error:
            text += data[: error.start].decode() + "?"
            data = data[error.end :]
    return text


def wrong_mark_for_each_byte(ids, vocabulary):
    """Undecodable bytes come through as half of a surrogate pair each, and that is what is marked."""
    text = b"".join(pieces(ids, vocabulary)).decode("utf-8", "surrogateescape")
    return re.sub("[\udc80-\udcff]", MARK, text)


def wrong_marks_joined(ids, vocabulary):
    text = right_join(ids, vocabulary)
    while MARK * 2 in text:
        text = text.replace(MARK * 2, MARK)
    return text


def wrong_all_or_nothing(ids, vocabulary):
    text = right_join(ids, vocabulary)
    return "" if MARK in text else text


def wrong_ends_at_the_first(ids, vocabulary):
    data = b"".join(pieces(ids, vocabulary))
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        return data[: error.start].decode()


def wrong_spaces_between(ids, vocabulary):
    data = bytearray()
    for token in ids:
        data += vocabulary[token] + b" "
    return data[:-1].decode("utf-8", "replace")


def wrong_token_for_a_mark(ids, vocabulary):
    text = ""
    for token in ids:
        try:
            text += vocabulary[token].decode()
        except UnicodeDecodeError:
            text += MARK
    return text
