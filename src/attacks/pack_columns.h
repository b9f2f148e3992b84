// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>

namespace peekproof::attacks {

/// Columns of the set flags (0 or 1), offset by `first`; returns their number. columns: room for n + 1, since
/// one past the last is written.
inline int PackColumns(const uint8_t* flags, int n, int first, int* columns) {
  int count = 0;
  int x = 0;
  for (; x + 8 <= n; x += 8) {
    uint64_t eight = 0;
    std::memcpy(&eight, flags + x, sizeof(eight));
    if (eight == 0) continue;
    for (int i = x; i < x + 8; ++i) {
      columns[count] = first + i;
      count += flags[i];
    }
  }
  for (; x < n; ++x) {
    columns[count] = first + x;
    count += flags[x];
  }
  return count;
}

}  // namespace peekproof::attacks
