// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/xnnpack_backend.h"

namespace peekproof::models {

bool HaveXnnpack() { return false; }

Result<std::unique_ptr<InferenceBackend>> MakeXnnpackBackend(std::shared_ptr<const TfliteGraph> /*graph*/) {
  return Error{ErrorCode::kUnsupported, "this build has no XNNPACK"};
}

}  // namespace peekproof::models
