// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "attacks/attack.h"
#include "attacks/leak_finder.h"
#include "attacks/wallpaper.h"

namespace peekproof::attacks {

/// The attack of "Seeing Through" (paper section 4): candidates of LeakFinder, gathered by LargestLeakFirst.
class SeeingThrough : public Attack {
 public:
  /// options: valid.
  SeeingThrough(const SeeingThroughOptions& options, std::shared_ptr<const Wallpaper> wallpaper);

  std::unique_ptr<LeakRule> MakeRule() const override;
  std::unique_ptr<Gatherer> MakeGatherer() const override;

 private:
  SeeingThroughOptions options_;
  std::shared_ptr<const Wallpaper> wallpaper_;
};

}  // namespace peekproof::attacks
