// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "engines/mediapipe_profile.h"
#include "engines/profiles.h"

namespace peekproof::engines {
namespace {

struct ShiguredoOptions {
  std::string model = "landscape";  ///< virtual_background.js: modelSelection 1 unless asked otherwise.
  /// Frames wait for the loaded network; an error ends the stream (virtual_background.js, startProcessing and
  /// BreakoutBoxProcessor).
  Schedule schedule{.on_start = "freeze", .on_failure = "freeze"};
};

ParameterSet Bind(ShiguredoOptions* options) {
  ParameterSet set;
  BindModel(&options->model, &set);
  BindSchedule(&options->schedule, &set);
  return set;
}

Result<std::unique_ptr<Profile>> MakeShiguredo(const Spec& spec, const SegmenterMaker& make_segmenter) {
  ShiguredoOptions options;
  PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
  ProfileParts parts{.schedule = options.schedule};
  PEEKPROOF_ASSIGN_OR_RETURN(parts.segmenter, make_segmenter(options.model));
  return MakeMediapipeProfile(std::move(parts), 0.0F);
}

}  // namespace

/// MediaPipe's web package, drawn mask first, then `source-in` the frame, then `destination-over` the
/// background: the same pixels as mediapipe's own example. Engines notes 1.9. The blur radius has no default;
/// the one named is its documentation's example.
ProfileEntry ShiguredoEntry() {
  ShiguredoOptions options;
  return {{.name = "shiguredo",
           .description = "Shiguredo's virtual background: MediaPipe's mask as shipped, no post-processing",
           .source = "@shiguredo/virtual-background 2023.2.0",
           .fit = Fit::kCover,
           .blur = "gaussian(sigma=15)",
           .parameters = Bind(&options).Describe()},
          MakeShiguredo};
}

}  // namespace peekproof::engines
