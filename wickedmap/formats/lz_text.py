"""The text compression of lz-string (pieroxy, MIT licence), the part that PRSM uses to save."""

from __future__ import annotations

from .errors import MAX_BYTES, FormatError


class _Bits:
    """Reads 15 bits of every UTF-16 unit, each stored 32 higher than it is."""

    def __init__(self, units: list[int]) -> None:
        self._units = units
        self._at = 0
        self._mask = 1 << 14

    def take(self, count: int) -> int:
        value = 0
        for place in range(count):
            if self._at >= len(self._units):
                raise FormatError("the compressed text ends too early; save the file again", code="syntax")
            if (self._units[self._at] - 32) & self._mask:
                value |= 1 << place
            self._mask >>= 1
            if not self._mask:
                self._mask = 1 << 14
                self._at += 1
        return value


def decompress(text: str) -> str:
    """Return the text that ``LZString.compressToUTF16`` was given.

    Raises
    ------
    FormatError
        When it is not such a text, or would grow beyond 5 million characters.

    Examples
    --------
    >>> decompress(compress('{"a": 1}' * 3))
    '{"a": 1}{"a": 1}{"a": 1}'
    """
    broken = FormatError("this is not text that lz-string has compressed", code="syntax")
    units = [ord(letter) for letter in text]
    if any(not 32 <= unit <= 32 + 0x7FFF for unit in units):
        raise broken
    bits = _Bits(units)
    kind = bits.take(2)
    if kind == 2:
        return ""
    if kind == 3:
        raise broken
    last = chr(bits.take(8 if kind == 0 else 16))
    known = ["", "", "", last]
    out = [last]
    length, width, room = len(last), 3, 4
    while True:
        code = bits.take(width)
        if code == 2:
            return "".join(out)
        if code in (0, 1):
            known.append(chr(bits.take(8 if code == 0 else 16)))
            code = len(known) - 1
            room -= 1
        if room == 0:
            room, width = 1 << width, width + 1
        if 2 < code < len(known):
            entry = known[code]
        elif code == len(known):
            entry = last + last[0]
        else:
            raise broken
        out.append(entry)
        length += len(entry)
        if length > MAX_BYTES:
            raise FormatError("the compressed text unpacks to more than 5 million characters", code="limit")
        known.append(last + entry[0])
        room -= 1
        last = entry
        if room == 0:
            room, width = 1 << width, width + 1


def compress(text: str) -> str:
    """Return the text as ``LZString.compressToUTF16`` writes it; characters up to U+FFFF."""
    out: list[str] = []
    value = filled = 0

    def put(number: int, count: int) -> None:
        nonlocal value, filled
        for _ in range(count):
            value = (value << 1) | (number & 1)
            number >>= 1
            filled += 1
            if filled == 15:
                out.append(chr(value + 32))
                value = filled = 0

    codes: dict[str, int] = {}
    new: set[str] = set()
    width, room = 2, 2

    def count_down() -> None:
        nonlocal width, room
        room -= 1
        if room == 0:
            room, width = 1 << width, width + 1

    def put_word(word: str) -> None:
        if word in new:
            small = ord(word) < 256
            put(0 if small else 1, width)
            put(ord(word), 8 if small else 16)
            new.discard(word)
            count_down()
        else:
            put(codes[word], width)
        count_down()

    word = ""
    for letter in text:
        if letter not in codes:
            codes[letter] = len(codes) + 3
            new.add(letter)
        longer = word + letter
        if longer in codes:
            word = longer
            continue
        put_word(word)
        codes[longer] = len(codes) + 3
        word = letter
    if word:
        put_word(word)
    put(2, width)
    while True:
        value <<= 1
        filled += 1
        if filled == 15:
            out.append(chr(value + 32))
            break
    return "".join(out) + " "
