"""Bodies of web pages as servers send them: in chunks, packed by gzip, deflate, Brotli or Zstandard; never more than a limit."""

from __future__ import annotations

import io
import zlib

from musnad.reading.build import ReadingError


class TooLarge(ReadingError):
    """A body is larger than the limit, packed or unpacked."""


def unpacked(data: bytes, transfer: str, content: str, most: int) -> bytes:
    """The body itself.

    :param transfer: the header ``Transfer-Encoding``.
    :param content: the header ``Content-Encoding``: names in the order in which they were applied.
    :param most: bytes that the body may have at any step, so that what unpacks without end takes no memory.
    :raises TooLarge: where it has more.
    :raises ReadingError: for an encoding that is not known here, and a body that is damaged or cut short.
    """
    names = [n.strip().lower() for header in (content, transfer) for n in header.split(",")]
    # a page is packed once, twice by mistake; more is an attempt
    wanted = [n for n in names if n not in ("", "identity")]
    if len(wanted) > 4:
        raise ReadingError("the page is packed more than four times over")
    for name in reversed(wanted):
        data = _once(data, name, most)
        if len(data) > most:
            raise TooLarge(f"the page is larger than {most:,} bytes")
    return data


def _once(data: bytes, name: str, most: int) -> bytes:
    if name == "chunked":
        # some archives keep the header and not the chunks
        return _read("ChunkedReader", data, name, most) if _in_chunks(data) else data
    if _plain(data):
        # crawlers often keep the header of a body that they unpacked
        return data
    if name in ("gzip", "x-gzip", "deflate"):
        return _zlib(data, name, most)
    if name in ("br", "zstd"):
        return _read({"br": "BrotliReader", "zstd": "ZstdReader"}[name], data, name, most)
    raise ReadingError(f"the page is packed in a way that is not known here (Content-Encoding: {name[:40]})")


def _plain(data: bytes) -> bool:
    """Whether a body that is said to be packed is a page as it stands."""
    return data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _in_chunks(data: bytes) -> bool:
    size = data[:40].split(b"\r\n", 1)[0].split(b";", 1)[0].strip()
    try:
        return bool(size) and int(size, 16) >= 0
    except ValueError:
        return False


def _zlib(data: bytes, name: str, most: int) -> bytes:
    # deflate is sent with zlib's header and, by some servers, without it; 47 takes gzip and zlib
    for bits in (47, -15) if name == "deflate" else (47,):
        try:
            return _inflated(data, bits, most)
        except zlib.error:
            continue
    raise ReadingError(f"the packed page is damaged (Content-Encoding: {name})")


def _inflated(data: bytes, bits: int, most: int) -> bytes:
    out = bytearray()
    left = data
    while left:
        made = zlib.decompressobj(bits)
        out += made.decompress(left, most + 1 - len(out))
        if len(out) > most:
            break
        if not made.eof:
            raise ReadingError("the packed page is cut short")
        # gzip may have several members; what follows the last one is of no account
        left = made.unused_data if bits == 47 and made.unused_data.startswith(b"\x1f\x8b") else b""
    return bytes(out)


def _read(reader: str, data: bytes, name: str, most: int) -> bytes:
    from fastwarc import stream_io

    out = bytearray()
    try:
        stream = getattr(stream_io, reader)(io.BytesIO(data))
        while len(out) <= most and (piece := stream.read(most + 1 - len(out))):
            out += piece
    except (OSError, ValueError):
        raise ReadingError(f"the packed page is damaged or cut short ({name})") from None
    return bytes(out)
