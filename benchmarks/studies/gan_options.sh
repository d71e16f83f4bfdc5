#!/usr/bin/env bash
# What each option of the GAN is worth: one added after the other, same seed and epochs, measured on
# validation images (choices are never made on test images). Forty minutes on two busy cores.
#     bash benchmarks/studies/gan_options.sh [PYTHON] [DIRECTORY]
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${1:-.venv/bin/python}
out=${2:-outputs/options}
run() { # NAME FLAGS...
    local name=$1
    shift
    [ -e "$out/$name/metrics.json" ] && return
    rm -rf "${out:?}/$name" # a run that was stopped half-way
    "$python" run.py gan train --epochs 30 --quiet --out "$out/$name" "$@"
    "$python" run.py gan evaluate "$out/$name" --split validation --quiet
}
average="--generator-average 0.999"
rate="--learning-rate 1e-3"
run 0-listing --variant listing
run 1-corrected
run 2-average $average
run 3-rate $average $rate
run 4-penalty $average $rate --gradient-penalty 0.2
run 5-no-dropout $average $rate --gradient-penalty 0.2 --dropout 0
run 6-deviation $average $rate --gradient-penalty 0.2 --dropout 0 --batch-deviation
run 7-conditional --variant conditional
"$python" run.py report "$out"/*
