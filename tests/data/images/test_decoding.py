"""One file at a time: every mode, every defect, written into tmp_path."""

import io
import struct
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image

from data.images.decoding import FORMATS, PIXEL_LIMIT, Unusable, decode_image

GRADIENT = np.arange(64, dtype=np.uint8).reshape(8, 8) * 4
COLOURS = np.random.Generator(np.random.PCG64(0)).integers(0, 256, (8, 8, 3), np.uint8)


def decode(path, *arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return decode_image(path, *arguments)


def saved(tmp_path, image, name, **options):
    path = tmp_path / name
    image.save(path, **options)
    return path


def png(width, height, data, bit_depth=8, colour_type=0):
    """A PNG file by hand: signature, IHDR, IDAT, IEND."""

    def chunk(kind, content):
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checksum

    header = struct.pack(">IIBBBBB", width, height, bit_depth, colour_type, 0, 0, 0)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.tif", "a.gif", "a.pgm", "a.webp"])
def test_grey_and_colour_come_back_exactly(tmp_path, name):
    lossless = {"lossless": True} if name.endswith("webp") else {}
    result = decode(saved(tmp_path, Image.fromarray(GRADIENT), name, **lossless))
    np.testing.assert_array_equal(result.pixels[..., 0], GRADIENT)
    assert result.pixels.shape == (8, 8, 1)
    assert result.pixels.dtype == np.uint8
    if name not in ("a.gif", "a.pgm"):
        result = decode(saved(tmp_path, Image.fromarray(COLOURS), name, **lossless))
        np.testing.assert_array_equal(result.pixels, COLOURS)
        assert result.reasons == ()


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.pgm"])
def test_sixteen_bits_are_scaled_not_clipped(tmp_path, name):
    values = np.linspace(0, 65535, 64).astype(np.uint16).reshape(8, 8)
    path, big_endian = tmp_path / name, values.astype(">u2")
    if name == "a.tif":
        Image.fromarray(values).save(path)
    elif name == "a.pgm":
        path.write_bytes(b"P5 8 8 65535\n" + big_endian.tobytes())
    else:
        path.write_bytes(png(8, 8, b"".join(b"\0" + row.tobytes() for row in big_endian), 16))
    result = decode(path)
    np.testing.assert_array_equal(result.pixels[..., 0], np.rint(values / 257.0))
    assert result.reasons == ("16-bit grey scaled to 8 bits",)


def test_sixteen_bit_colour_is_reduced_and_told(tmp_path):
    values = np.linspace(0, 65535, 192).astype(np.uint16).reshape(8, 8, 3)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    (tmp_path / "a.png").write_bytes(png(8, 8, rows, bit_depth=16, colour_type=2))
    result = decode(tmp_path / "a.png")
    assert result.reasons == ("16-bit colour reduced to 8 bits",)
    assert np.abs(result.pixels - values / 257.0).max() <= 1


@pytest.mark.parametrize("peak", [1, 255])
def test_floats_are_scaled(tmp_path, peak):
    values = np.linspace(0, peak, 64, dtype=np.float32).reshape(8, 8)
    result = decode(saved(tmp_path, Image.fromarray(values), "a.tif"))
    np.testing.assert_array_equal(result.pixels[..., 0], np.rint(values * (255 / peak)))
    assert result.reasons == ("floating-point grey scaled to 8 bits",)


@pytest.mark.parametrize(
    ("bad", "dtype"),
    [*((bad, np.float32) for bad in (np.nan, np.inf, -1, 300)), (1_000_000, np.int32)],
)
def test_values_of_unknown_range_are_refused(tmp_path, bad, dtype):
    values = np.full((8, 8), bad, dtype)
    with pytest.raises(Unusable, match="unknown range"):
        decode(saved(tmp_path, Image.fromarray(values), "a.tif"))


def test_exif_orientation_is_applied(tmp_path):
    image = Image.new("RGB", (16, 8), "black")
    image.paste("white", (0, 0, 8, 8))  # the left half
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise to show
    result = decode(saved(tmp_path, image, "a.png", exif=exif))
    assert result.reasons == ("EXIF orientation applied",)
    assert result.pixels.shape == (16, 8, 1)
    assert (result.pixels[:8] == 255).all()
    assert (result.pixels[8:] == 0).all()


def test_the_first_frame_of_an_animation(tmp_path):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime", "blue")]
    for name in ("a.gif", "a.png", "a.webp", "a.tif"):
        options = {"lossless": True} if name == "a.webp" else {}
        path = saved(tmp_path, frames[0], name, save_all=True, append_images=frames[1:], **options)
        result = decode(path)
        assert result.reasons[0] == "several frames: only the first used", name
        assert (result.pixels == [255, 0, 0]).all(), name


def of_points(mode, *values):
    """An image of one row."""
    image = Image.new(mode, (len(values), 1))
    if mode == "P":
        image.putpalette([255, 0, 0, 0, 0, 255])
    image.putdata(values)
    return image


WHITE = "transparency composited on white"
OPAQUE = "alpha channel removed, it was opaque throughout"
PALETTE = "palette replaced by its colours"
BLACK_AND_WHITE = "black and white stored as 8-bit grey"
RED, BLUE, CLEAR_BLACK = [255, 0, 0], [0, 0, 255], {"transparency": (0, 0, 0)}
FADING = [(0, 255), (0, 128), (0, 0)]  # of black: opaque, half clear, clear
# image, options of saving, pixels of the one row, channels stored, reasons
MODES = [
    (of_points("P", 0, 1), {}, [RED, BLUE], 3, (PALETTE,)),
    (of_points("P", 0, 1), {"transparency": 1}, [RED, [255] * 3], 3, (PALETTE, WHITE)),
    (of_points("LA", *FADING), {}, [[0], [127], [255]], 1, (WHITE,)),
    (of_points("RGBA", *((0, 0, *each) for each in FADING)), {}, [[0], [127], [255]], 3, (WHITE,)),
    (of_points("RGBA", (*RED, 255), (*BLUE, 255)), {}, [RED, BLUE], 3, (OPAQUE,)),
    (of_points("L", 80, 0), {"transparency": 0}, [[80], [255]], 1, (WHITE,)),
    (of_points("RGB", (80, 80, 80), (0, 0, 0)), CLEAR_BLACK, [[80], [255]], 3, (WHITE,)),
    (of_points("1", 255, 0), {}, [[255], [0]], 1, (BLACK_AND_WHITE,)),
    (of_points("RGB", (9, 9, 9), (7, 7, 7)), {}, [[9], [7]], 3, ()),
]


@pytest.mark.parametrize(("image", "options", "row", "stored_channels", "reasons"), MODES)
def test_every_mode_becomes_grey_or_colour(tmp_path, image, options, row, stored_channels, reasons):
    result = decode(saved(tmp_path, image, "a.png", **options))
    assert result.pixels.tolist() == [row] and result.pixels.dtype == np.uint8
    assert result.stored_channels == stored_channels and result.reasons == reasons


def test_cmyk_jpeg(tmp_path):
    image = Image.new("CMYK", (8, 8), (0, 255, 255, 0))  # no cyan, full magenta and yellow: red
    result = decode(saved(tmp_path, image, "a.jpg", quality=95))
    assert result.reasons == ("CMYK converted to RGB",)
    assert np.abs(result.pixels.astype(int) - [255, 0, 0]).max() < 8


def test_unsupported_mode(tmp_path):
    with pytest.raises(Unusable, match="unsupported mode: LAB"):
        decode(saved(tmp_path, Image.new("LAB", (8, 8)), "a.tif"))


def test_crop_then_resize(tmp_path):
    image = Image.new("RGB", (40, 20), "red")
    image.paste("blue", (10, 0, 30, 20))  # the centred square
    result = decode(saved(tmp_path, image, "a.png"), 10)
    assert result.pixels.shape == (10, 10, 3)
    assert (result.pixels == [0, 0, 255]).all()
    assert result.reasons == ("centre-cropped to a square", "resized to 10 x 10")


def test_shrinking_is_antialiased(tmp_path):
    stripes = np.tile(np.array([0, 255], np.uint8), (64, 32))  # one pixel wide
    result = decode(saved(tmp_path, Image.fromarray(stripes), "a.png"), 8)
    assert np.abs(result.pixels.astype(int) - 127).max() < 12  # no stripe survives, nor an alias


def test_a_large_jpeg_is_shrunk_to_the_same_picture(tmp_path):
    ramp = np.broadcast_to(np.linspace(0, 255, 1024).astype(np.uint8), (1024, 1024))
    jpeg = decode(saved(tmp_path, Image.fromarray(ramp), "a.jpg", quality=95), 32)
    exact = decode(saved(tmp_path, Image.fromarray(ramp), "a.png"), 32)
    assert np.abs(jpeg.pixels.astype(int) - exact.pixels).max() <= 3


@pytest.mark.parametrize("side", [5001, 10_000, 14_000])  # below, above Pillow's warning, its error
def test_images_above_our_own_limit_are_not_decoded(tmp_path, side, monkeypatch):
    assert side * side > PIXEL_LIMIT
    path = tmp_path / "bomb.png"
    path.write_bytes(png(side, side, b"\0"))

    def load(image):
        raise AssertionError("decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", load)
    with pytest.raises(Unusable, match="too many pixels"):
        decode(path)


def jpeg_bytes():
    buffer = io.BytesIO()
    Image.fromarray(COLOURS).resize((64, 64)).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "unreadable"),  # no file is there
        (b"", "empty file"),
        (png(50_000, 50_000, b"\0"), "too many pixels"),
        (b"just text, no picture\n", "not an image"),
        (b"\x89PNG\r\n\x1a\n", "unreadable|not an image"),
        (jpeg_bytes()[:1500], "unreadable: .*truncated"),
        (b"%PDF-1.4 and so on", "not an image"),
        (b"SIMPLE  =                    T" + b" " * 2850, "not an image"),  # FITS, not on the list
    ],
)
def test_what_is_no_image(tmp_path, content, reason):
    path = tmp_path / "a.png"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Unusable, match=reason):
        decode(path)


def test_flipped_bytes_never_raise_anything_else(tmp_path):
    """Damaged files either still give pixels or a reason; 60 damages in each of the formats."""
    random = np.random.Generator(np.random.PCG64(0))
    path = tmp_path / "damaged"
    for name in FORMATS:
        buffer = io.BytesIO()
        Image.fromarray(COLOURS).save(buffer, name)
        original = np.frombuffer(buffer.getvalue(), np.uint8)
        for _ in range(60):
            damaged = original.copy()
            damaged[random.integers(len(damaged), size=3)] = random.integers(256, size=3)
            path.write_bytes(damaged.tobytes())
            try:
                assert decode(path).pixels.dtype == np.uint8
            except Unusable as reason:
                assert str(reason)
