// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "base/simd.h"

// Internal to the caller's distance field: the same formula over one float (the slow, obvious form, which the
// tests use) or over several at once. Everything is inlined into functions marked PEEKPROOF_VECTOR_CLONES,
// so no vector ever crosses a call.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wpsabi"
#endif

#define TESTBED_INLINE inline __attribute__((always_inline))

namespace peekproof::testbed {

// Eight lanes where the clones bring 256-bit registers, else what every target has.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(PEEKPROOF_SANITIZED)
inline constexpr int kLanes = 8;
#else
inline constexpr int kLanes = 4;
#endif

typedef float FloatLanes __attribute__((vector_size(kLanes * 4)));
typedef int32_t IntLanes __attribute__((vector_size(kLanes * 4)));
typedef uint32_t UintLanes __attribute__((vector_size(kLanes * 4)));

/// Integer and unsigned partners of a float type.
template <typename T>
struct LaneTraits;
template <>
struct LaneTraits<float> {
  using Mask = bool;
  using Unsigned = uint32_t;
};
template <>
struct LaneTraits<FloatLanes> {
  using Mask = IntLanes;
  using Unsigned = UintLanes;
};

/// A value repeated in all lanes.
template <typename T>
TESTBED_INLINE T Splat(float value) {
  return T{} + value;
}

TESTBED_INLINE float Select(bool condition, float a, float b) { return condition ? a : b; }
TESTBED_INLINE FloatLanes Select(IntLanes condition, FloatLanes a, FloatLanes b) { return condition ? a : b; }
TESTBED_INLINE bool Any(bool condition) { return condition; }
TESTBED_INLINE bool Any(IntLanes condition) {
  uint64_t words[kLanes / 2];
  std::memcpy(words, &condition, sizeof words);
  uint64_t any = 0;
  for (const uint64_t word : words) any |= word;
  return any != 0;
}

template <typename T>
TESTBED_INLINE T Min(T a, T b) {
  return Select(a < b, a, b);
}
template <typename T>
TESTBED_INLINE T Max(T a, T b) {
  return Select(a > b, a, b);
}
template <typename T>
TESTBED_INLINE T Abs(T a) {
  return Max(a, -a);
}
template <typename T>
TESTBED_INLINE T Saturate(T a) {
  return Min(Max(a, Splat<T>(0.0F)), Splat<T>(1.0F));
}

TESTBED_INLINE float Sqrt(float a) { return std::sqrt(a); }
TESTBED_INLINE FloatLanes Sqrt(FloatLanes a) {
  FloatLanes root;
  for (int lane = 0; lane < kLanes; ++lane) root[lane] = std::sqrt(a[lane]);
  return root;
}

TESTBED_INLINE uint32_t ToUnsigned(float a) { return static_cast<uint32_t>(static_cast<int32_t>(a)); }
TESTBED_INLINE UintLanes ToUnsigned(FloatLanes a) { return (UintLanes) __builtin_convertvector(a, IntLanes); }
TESTBED_INLINE float ToFloat(uint32_t a) { return static_cast<float>(static_cast<int32_t>(a)); }
TESTBED_INLINE FloatLanes ToFloat(UintLanes a) { return __builtin_convertvector((IntLanes)a, FloatLanes); }

/// Largest whole number not above `a`, for |a| < 2^23.
template <typename T>
TESTBED_INLINE T Floor(T a) {
  const T whole = ToFloat(ToUnsigned(a));
  return Select(whole > a, whole - 1.0F, whole);
}

/// A point or direction, in metres.
template <typename T>
struct Vec3 {
  T x;
  T y;
  T z;
};

template <typename T>
TESTBED_INLINE T Length(T x, T y, T z) {
  return Sqrt(x * x + y * y + z * z);
}

}  // namespace peekproof::testbed
