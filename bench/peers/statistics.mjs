// SPDX-License-Identifier: Apache-2.0
// Summaries of numbers.

// Of a non-empty list.
export function summary(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return {median, min: sorted[0], max: sorted[sorted.length - 1]};
}

// Counts differences of two values in 0..1 and tells about their sizes in units of 1/255, to 1/256 of such a unit.
export class Differences {
  #counts = new Float64Array(65536);
  #signed = 0;

  add(difference) {
    ++this.#counts[Math.min(65535, Math.round(Math.abs(difference) * 255 * 256))];
    this.#signed += difference;
  }

  // {count, mean, p95, max, bias}: bias is the mean with its sign. Without any difference: count 0 only.
  summary() {
    const count = this.#counts.reduce((sum, value) => sum + value, 0);
    if (count === 0) return {count};
    let [seen, total, p95, max] = [0, 0, undefined, 0];
    this.#counts.forEach((value, size) => {
      if (value === 0) return;
      seen += value;
      total += value * size;
      if (p95 === undefined && seen >= 0.95 * count) p95 = size / 256;
      max = size / 256;
    });
    return {count, mean: total / count / 256, p95, max, bias: this.#signed * 255 / count};
  }
}
