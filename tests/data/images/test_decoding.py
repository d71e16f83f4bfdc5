"""One file at a time: every mode, every defect, written into tmp_path."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from data.images.decoding import FORMATS, Unusable, decode_image, decoding_threads
from data.images.resizing import MOST_PIXELS, Form

GRADIENT = np.arange(64, dtype=np.uint8).reshape(8, 8) * 4
COLOURS = np.random.Generator(np.random.PCG64(0)).integers(0, 256, (8, 8, 3), np.uint8)


def decode(path, **form):
    with decoding_threads(1) as pool:
        return pool.submit(decode_image, path, Form(**form)).result()


def saved(tmp_path, image, name, **options):
    path = tmp_path / name
    image.save(path, **options)
    return path


def png(width, height, data, bit_depth=8, colour_type=0, animated=False):
    """A PNG file by hand: signature, IHDR, IDAT, IEND."""

    def chunk(kind, content):
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checksum

    header = struct.pack(">IIBBBBB", width, height, bit_depth, colour_type, 0, 0, 0)
    chunks = chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    wrong_counts = chunk(b"acTL", bytes(8)) if animated else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + wrong_counts + chunks


NAMES = ["a.png", "a.bmp", "a.tif", "a.gif", "a.pgm", "a.webp", "a.jp2", "a.tga", "a.ico", "a.avif"]


@pytest.mark.parametrize("name", NAMES)
def test_grey_and_colour_come_back_exactly(tmp_path, name):
    lossless = {"lossless": True} if name.endswith("webp") else {}
    lossless |= {"quality": 100, "subsampling": "4:4:4"} if name.endswith("avif") else {}
    result = decode(saved(tmp_path, Image.fromarray(GRADIENT), name, **lossless))
    np.testing.assert_array_equal(result.pixels[..., 0], GRADIENT)
    assert result.pixels.shape == (8, 8, 1)
    assert result.pixels.dtype == np.uint8
    if name not in ("a.gif", "a.pgm", "a.avif"):
        result = decode(saved(tmp_path, Image.fromarray(COLOURS), name, **lossless))
        np.testing.assert_array_equal(result.pixels, COLOURS)
        assert result.reasons == () or name == "a.ico"  # which adds an alpha channel


@pytest.mark.parametrize(
    ("bad", "dtype"),
    [*((bad, np.float32) for bad in (np.nan, np.inf, -1, 300)), (1_000_000, np.int32)],
)
def test_values_of_unknown_range_are_refused_unless_levels_are_given(tmp_path, bad, dtype):
    path = saved(tmp_path, Image.fromarray(np.full((8, 8), bad, dtype)), "a.tif")
    with pytest.raises(Unusable, match=r"unknown range: .* \(say --levels"):
        decode(path)
    if np.isfinite(bad):
        assert (decode(path, levels=f"-1,{bad}" if bad > 0 else "-1,1").pixels % 255 == 0).all()


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_exif_orientation_is_applied_once(tmp_path, name):
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise to show
    result = decode(saved(tmp_path, Image.fromarray(GRADIENT[:4]), name, exif=exif))
    assert (result.orientation, result.reasons) == (6, ("EXIF orientation applied",))
    np.testing.assert_array_equal(result.pixels[..., 0], np.rot90(GRADIENT[:4], -1))


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
    result = decode(saved(tmp_path, image, "a.png"), image_size=10)
    assert result.pixels.shape == (10, 10, 3)
    assert (result.pixels == [0, 0, 255]).all()
    assert result.reasons == ("centre-cropped to a square", "resized to 10 x 10")


def test_shrinking_is_antialiased(tmp_path):
    stripes = np.tile(np.array([0, 255], np.uint8), (64, 32))  # one pixel wide
    result = decode(saved(tmp_path, Image.fromarray(stripes), "a.png"), image_size=8)
    assert np.abs(result.pixels.astype(int) - 127).max() < 12  # no stripe survives, nor an alias


@pytest.mark.parametrize("size", [32, 100, 500])
def test_a_jpeg_and_a_png_of_the_same_pixels_give_the_same(tmp_path, size):
    path = saved(tmp_path, Image.fromarray(COLOURS).resize((1025, 1025)), "a.jpg", quality=95)
    with Image.open(path) as image:
        exact = decode(saved(tmp_path, image, "a.png"), image_size=size)
    np.testing.assert_array_equal(decode(path, image_size=size).pixels, exact.pixels)


def damaged_files():
    """Name -> a file whose metadata are damaged, and whose pixels are not."""

    def stored(form, **options):
        Image.fromarray(GRADIENT).save(buffer := io.BytesIO(), form, **options)
        return buffer.getvalue()

    exif = Image.Exif()
    exif[0x010F] = "a maker of cameras"
    jpeg, tiff = stored("JPEG"), stored("TIFF", dpi=(72, 72))
    entry = struct.pack("<HHI", 282, 5, 1)  # a tag with one value
    index = b"\xff\xe2" + struct.pack(">H", 14) + b"MPF\0II*\0\xff\xff\0\0"
    rows = b"".join(b"\0" + row.tobytes() for row in GRADIENT)
    return {
        "cut_exif.jpg": stored("JPEG", exif=exif.tobytes()[:-12]),
        "no_exif.jpg": stored("JPEG", exif=b"Exif\0\0II*\0garbage"),
        "two_values.tif": tiff.replace(entry, struct.pack("<HHI", 282, 5, 2)),
        "mpo.jpg": jpeg[:2] + index + jpeg[2:],
        "counts.png": png(8, 8, rows, animated=True),
    }


@pytest.mark.parametrize("name", damaged_files())
def test_damaged_metadata_are_told_and_the_image_is_kept(tmp_path, name):
    (tmp_path / name).write_bytes(damaged_files()[name])
    result = decode(tmp_path / name)
    assert [reason.split(":")[0] for reason in result.reasons] == ["metadata damaged"]
    assert np.abs(result.pixels[..., 0].astype(int) - GRADIENT).max() < 12


def test_large_photographs_are_read_to_be_shrunk_up_to_a_limit(tmp_path):
    path = saved(tmp_path, Image.new("RGB", (6000, 5000), "red"), "a.jpg")
    assert decode(path, image_size=8).pixels.shape == (8, 8, 3)
    for form in ({}, {"image_size": 8, "max_pixels": 20_000_000}):
        with pytest.raises(Unusable, match=r"too many pixels: 6000 x 5000, .*--max-pixels"):
            decode(path, **form)


@pytest.mark.parametrize("side", [5001, 10_000, 14_000])  # below, above Pillow's warning, its error
def test_images_above_our_own_limit_are_not_decoded(tmp_path, side, monkeypatch):
    assert side * side > MOST_PIXELS
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
        (b"%PDF-1.4 and so on", "format not read: PDF"),
        (b"8BPS\0\1" + bytes(20), "format not read: PSD .save it as PNG"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "format not read: HEIC"),
        (bytes(128) + b"DICM" + bytes(40), "format not read: DICOM"),
        (b"SIMPLE  =                    T" + b" " * 2850, "format not read: FITS"),
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
    path = tmp_path / "damaged.tga"
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
