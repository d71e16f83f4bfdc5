"""Commands that need no TensorFlow do not import it: it takes seconds and half a gigabyte.

Nor do those import pandas that read no table (scikit-learn, where `digits` is from, does).
"""

import json

import numpy as np

from tests.shell import ran

COMMANDS = [
    "data list",
    "data inspect file:text.txt --out text",
    "data clean npz:real.npz --out clean --quiet",
    "fuse npz:real.npz npz:made.npz --out fused.npz --balance largest --quiet",
    "augment text --data file:text.txt --out noisy --quiet",
]
WITH_PANDAS = [
    "data inspect digits --out looked",
    "data inspect breast_cancer --out table",
    "baseline train regression --out RUN --quiet",
    "baseline generate RUN --out rows --quiet",
    "baseline evaluate RUN --preset smoke --quiet",
    "evaluate table breast_cancer rows --preset smoke --quiet",
]
CODE = """
import json, sys
import run
FRAMEWORKS, found = {"tensorflow", "keras", "torch"}, {}
for commands, heavy in zip(json.loads(sys.argv[1]), (FRAMEWORKS | {"pandas"}, FRAMEWORKS)):
    for words in commands:
        found[words] = [run.main(words.split()), *(heavy & set(sys.modules))]
print(json.dumps(found))
"""


def test_no_command_of_these_imports_a_framework(tmp_path):
    random = np.random.default_rng(0)
    for name, count in (("real", 60), ("made", 50)):
        images = random.integers(0, 256, (count, 8, 8), dtype=np.uint8)
        np.savez(tmp_path / f"{name}.npz", images=images, labels=np.arange(count) % 3)
    (tmp_path / "text.txt").write_text("to be or not to be\n" * 20)
    done = ran(tmp_path, "-c", CODE, json.dumps([COMMANDS, WITH_PANDAS]))
    expected = {words: [0] for words in (*COMMANDS, *WITH_PANDAS)}
    assert json.loads(done.stdout.splitlines()[-1]) == expected, done.stderr
