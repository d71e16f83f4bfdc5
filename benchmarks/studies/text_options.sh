#!/usr/bin/env bash
# What each option of the character LSTM is worth on tiny-shakespeare: the preset full with half its epochs, then each of
# its options changed alone, same seed and epochs. Choose by the validation half; the test half chose nothing. A quarter
# of an hour a row on one core; a row that is done is not done again. With names of rows only these: so two processes
# can share the work.
#     bash benchmarks/studies/text_options.sh [PYTHON] [DIRECTORY] [EPOCHS] [ROW...]
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${1:-.venv/bin/python}
out=${2:-outputs/text-options}
epochs=${3:-5}
rows=${*:4}
run() { # NAME FLAGS...
    local name=$1
    shift
    [ -n "$rows" ] && [[ " $rows " != *" $name "* ]] && return
    [ -e "$out/$name/metrics.json" ] && return
    local start=(--preset full --data tiny_shakespeare --epochs "$epochs" "$@")
    [ -e "$out/$name/config.json" ] && start=(--resume) # it was stopped half-way
    "$python" run.py text train --quiet --out "$out/$name" "${start[@]}"
    "$python" run.py text evaluate "$out/$name" --quiet
}
run recommended
run less-weight-decay --weight-decay 0.01
run no-average --weight-average 0
run no-dropout --dropout 0
run no-reset --state-reset 0
run longer-gradient --sequence-length 128
run more-streams --batch-size 64
run third-layer --layers 3
run narrow --units 256
run narrow-constant-rate --units 256 --decay-epochs 1000
run wide --units 768
[ -n "$rows" ] || "$python" run.py report "$out"/*/
