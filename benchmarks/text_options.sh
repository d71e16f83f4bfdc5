#!/usr/bin/env bash
# What each option of the character LSTM is worth on tiny-shakespeare, same seed and epochs, on held-out text.
# Choose by the validation column; the test column chose nothing. About two hours on two quiet cores.
#     bash benchmarks/text_options.sh [PYTHON] [DIRECTORY] [EPOCHS]
set -euo pipefail
cd "$(dirname "$0")/.."
python=${1:-.venv/bin/python}
out=${2:-outputs/text-options}
epochs=${3:-8}
run() { # NAME FLAGS...
    local name=$1
    shift
    [ -e "$out/$name/metrics.json" ] && return
    local resume=()
    [ -e "$out/$name/config.json" ] && resume=(--resume) # a run that was stopped half-way
    if [ ${#resume[@]} -gt 0 ]; then
        "$python" run.py text train --quiet --out "$out/$name" --resume
    else
        "$python" run.py text train --data tiny_shakespeare --epochs "$epochs" --quiet --out "$out/$name" "$@"
    fi
    "$python" run.py text evaluate "$out/$name" --quiet
}
wide="--units 512 --learning-rate 4e-3"
dropout="--dropout 0.4"
recurrent="--recurrent-dropout 0.3"
average="--weight-average 0.999"
run 0-chapter
run 1-wide $wide
run 2-dropout $wide $dropout
run 3-recurrent $wide $dropout $recurrent
run 4-average $wide $dropout $recurrent $average
run 5-reset $wide $dropout $recurrent $average --state-reset 0.02
run 6-tied $wide $dropout $recurrent $average --tie-weights --embedding-dim 128
run 7-long $wide $dropout $recurrent $average --sequence-length 128 --batch-size 16
run 8-wide-batch $wide $dropout $recurrent $average --batch-size 64
run 9-deep $wide $dropout $recurrent $average --layers 3
"$python" run.py report "$out"/*
