// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Put before a hot, auto-vectorised function over plain pointers: it is compiled for several x86-64 levels
/// and the best one is chosen at start-up. Off under sanitizers (their run-time starts too late for the
/// choice) and elsewhere than on x86-64 with GCC. Results must not depend on the level: no fused multiply-add
/// contraction (the build sets -ffp-contract=off).
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(PEEKPROOF_SANITIZED)
#define PEEKPROOF_VECTOR_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PEEKPROOF_VECTOR_CLONES
#endif
