#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Peekproof Authors
# SPDX-License-Identifier: Apache-2.0
"""Fits the model that tells a recording's engine (src/audit/engine_identification.h) and writes it as C++:
  engine_cues TRAINING MEET MEET_DRAWN SWAPPED > cues.tsv
  bench/engine_model_fit.py cues.tsv --out src/audit/engine_weights.h
Needs NumPy. Multinomial logistic regression with a quadratic penalty; engines weigh the same, however many calls each has. The
share of calls told right is printed for tenths of the calls that were left out."""

import argparse

import numpy

ENGINES = ["meet", "mediapipe", "jitsi", "zoom", "twilio"]


def read(path):
    rows = [line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8") if not line.startswith("#")]
    inputs = numpy.array([[float(value) for value in row[3:]] for row in rows])
    return inputs, numpy.array([ENGINES.index(row[0]) for row in rows])


def chances(inputs, weights):
    odds = numpy.hstack([inputs, numpy.ones((len(inputs), 1))]) @ weights.T
    odds -= odds.max(1, keepdims=True)
    return numpy.exp(odds) / numpy.exp(odds).sum(1, keepdims=True)


def fit(inputs, labels, penalty):
    """Gradient descent on scaled inputs; weights for the inputs as they are, bias last."""
    mean, spread = inputs.mean(0), inputs.std(0) + 1e-9
    scaled = numpy.hstack([(inputs - mean) / spread, numpy.ones((len(inputs), 1))])
    target = numpy.eye(len(ENGINES))[labels]
    each = 1 / numpy.maximum(target.sum(0), 1)[labels]
    each = each / each.sum()
    weights = numpy.zeros((len(ENGINES), scaled.shape[1]))
    for _ in range(20000):
        odds = scaled @ weights.T
        odds -= odds.max(1, keepdims=True)
        chance = numpy.exp(odds) / numpy.exp(odds).sum(1, keepdims=True)
        slope = ((chance - target) * each[:, None]).T @ scaled
        slope[:, :-1] += penalty * weights[:, :-1]
        weights -= 0.3 * slope
    weights[:, :-1] /= spread
    weights[:, -1] -= weights[:, :-1] @ mean
    return weights


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cues", help="what engine_cues printed")
    parser.add_argument("--out", required=True, help="header to write")
    parser.add_argument("--penalty", type=float, default=0.03)
    options = parser.parse_args()
    inputs, labels = read(options.cues)
    left_out = numpy.zeros((len(labels), len(ENGINES)))
    for tenth in range(10):
        out = numpy.arange(len(labels)) % 10 == tenth
        left_out[out] = chances(inputs[out], fit(inputs[~out], labels[~out], options.penalty))
    told = left_out.argmax(1)
    print(f"{len(labels)} calls, left out: {(told == labels).mean():.3f} right, "
          f"cost {-numpy.log(left_out[numpy.arange(len(labels)), labels]).mean():.3f}; "
          f"meet or not {((told == 0) == (labels == 0)).mean():.3f}")
    for engine, name in enumerate(ENGINES):
        print(f"  {name}: told as", {other: int((told[labels == engine] == i).sum()) for i, other in enumerate(ENGINES)})
    weights = fit(inputs, labels, options.penalty)
    rows = ",\n".join("    {" + ", ".join(f"{value:.5g}" for value in row[:-1]) + "}" for row in weights)
    biases = ", ".join(f"{row[-1]:.5g}" for row in weights)
    with open(options.out, "w", encoding="ascii") as file:
        file.write("// SPDX-FileCopyrightText: The Peekproof Authors\n// SPDX-License-Identifier: Apache-2.0\n//\n"
                   "// Written by bench/engine_model_fit.py; docs/developing/unmix-training.md tells on what.\n"
                   "#pragma once\n\n#include \"audit/engine_identification.h\"\n\nnamespace peekproof::audit {\n\n"
                   f"inline constexpr double kEngineBias[{len(ENGINES)}] = {{{biases}}};\n"
                   f"inline constexpr double kEngineWeights[{len(ENGINES)}][kEngineInputs] = {{\n{rows}}};\n\n"
                   "}  // namespace peekproof::audit\n")


if __name__ == "__main__":
    main()
